import csv
from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from customers.directory import queries as directory_queries
from customers.facts.models import Subscriber
from customers.facts.name_index import index_stored_names
from customers.profile.models import SubscriberProfile
from retention.core import clock
from retention.core.audit.models import AuditEntry
from retention.core.exports.models import ListExport
from retention.core.ui.tables import exports
from tests.factories import (
    NOW,
    TODAY,
    grant,
    make_customer,
    make_plan,
    make_profile,
    make_risk_score,
    make_subscriber,
)

URL = "/customers/"


def make_line(branch, *, line=None, **profile) -> Subscriber:
    """A line with a profile: `line` are fields of the line, the rest of the profile."""
    subscriber = make_subscriber(branch=branch, **line or {})
    return make_profile(subscriber=subscriber, **profile).subscriber


def scored(branch, probability: float, tier: str = "high", **profile) -> Subscriber:
    line = make_line(branch, risk_probability=probability, risk_tier=tier, risk_scored_on=TODAY, **profile)
    make_risk_score(subscriber=line, probability=probability, tier=tier)
    return line


def shown(client, query: str = "") -> list[str]:
    """Subscriber numbers on the page, in order."""
    with clock.freeze(NOW):
        answer = client.get(f"{URL}{query}")
    assert answer.status_code == 200, answer
    return [row.record.subscriber_no for row in answer.context["table"].paginated_rows]


def test_the_riskiest_come_first_and_those_without_a_score_last(manager, branches):
    low, none, high = scored(branches.outlet, 0.1, "low"), make_line(branches.city), scored(branches.other, 0.6)
    assert shown(manager) == [high.subscriber_no, low.subscriber_no, none.subscriber_no]


def test_a_row_says_who_what_how_risky_and_why_and_masks_the_phone(manager, branches):
    line = scored(branches.outlet, 0.42, line={"phone_number": "10012345678"}, arpu="88.50", bill_change=-0.31)
    with clock.freeze(NOW):
        text = manager.get(URL).text
    for part in (
        line.subscriber_no,
        "Li Wei",
        "100****5678",
        "42.0%",
        "Calls in fell 62%",
        "¥88.50",
        "31.0%",
        line.plan.name,
    ):
        assert part in text
    assert "10012345678" not in text


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("tier=critical", "critical"),
        ("status=stopped", "stopped"),
        ("line_type=broadband", "broadband"),
        ("cohort=under_6", "young"),
        ("branch=P1-C1-D1", "outlet"),
        ("branch=P1-C1-D1-O1", "outlet"),
        ("plan=GOLD", "gold"),
    ],
)
def test_each_filter_keeps_its_lines(manager, branches, query, name):
    lines = {
        "critical": make_line(branches.other, risk_tier="critical"),
        "stopped": make_line(branches.other, line={"status": "stopped"}),
        "broadband": make_line(branches.other, line={"line_type": "broadband"}),
        "young": make_line(branches.other, line={"activated_on": TODAY - timedelta(days=60)}),
        "outlet": make_line(branches.outlet),
        "gold": make_line(branches.other, line={"plan": make_plan(code="GOLD")}),
    }
    assert shown(manager, f"?{query}") == [lines[name].subscriber_no]


def test_filters_add_up_and_each_is_a_chip(manager, branches):
    both = make_line(branches.outlet, risk_tier="critical")
    make_line(branches.other, risk_tier="critical")
    query = "?tier=critical&branch=P1-C1"
    assert shown(manager, query) == [both.subscriber_no]
    text = manager.get(f"{URL}{query}").text
    assert text.count('class="rp-chip"') == 2


def test_lines_that_have_left_are_listed_only_when_asked_for(manager, branches):
    here = make_line(branches.outlet)
    gone = make_subscriber(branch=branches.outlet, status="terminated", terminated_on=TODAY - timedelta(days=3))
    assert shown(manager) == [here.subscriber_no]
    assert shown(manager, "?status=terminated") == [gone.subscriber_no]


def test_a_tenure_filter_on_lines_that_left_counts_the_days_they_stayed(manager, branches):
    left = {"status": "terminated", "terminated_on": TODAY, "branch": branches.outlet}
    young = make_subscriber(activated_on=TODAY - timedelta(days=100), **left)
    make_subscriber(activated_on=TODAY - timedelta(days=900), **left)
    assert shown(manager, "?status=terminated&cohort=under_6") == [young.subscriber_no]


@pytest.mark.parametrize(
    ("sort", "order"),
    [("arpu", "abc"), ("-arpu", "bac"), ("contract_end", "bac"), ("-contract_end", "abc"), ("nonsense", "cba")],
)
def test_it_sorts_by_spend_contract_end_or_risk_with_blanks_last(manager, branches, sort, order):
    days = TODAY
    lines = {
        "a": make_line(branches.outlet, risk_probability=0.1, arpu=10, contract_ends_on=days + timedelta(days=9)),
        "b": make_line(branches.outlet, risk_probability=0.2, arpu=20, contract_ends_on=days),
        "c": make_line(branches.outlet, risk_probability=0.3),
    }
    assert shown(manager, f"?sort={sort}") == [lines[name].subscriber_no for name in order]


def test_everyone_sees_only_his_own(client, branches, mia, ana, otto, lin, ada, sam, team):
    here, there = make_line(branches.outlet), make_line(branches.other)
    grant(customer=here.account.customer, user=ana)
    grant(customer=there.account.customer, team=team)
    mia.branch = branches.city
    mia.save()
    seen = {mia: [here], ana: [here], otto: [], lin: [here, there], ada: [here, there], sam: [there]}
    for person, lines in seen.items():
        client.force_login(person)
        assert sorted(shown(client)) == sorted(line.subscriber_no for line in lines), person.username


def test_a_branch_outside_ones_own_is_no_choice(client, branches, mia):
    make_line(branches.other)
    mia.branch = branches.city
    mia.save()
    client.force_login(mia)
    assert shown(client, "?branch=P1-C2") == []
    assert "Hill City" not in client.get(URL).text


def test_a_filter_that_means_nothing_finds_nobody_on_the_page_and_in_the_file(manager, branches):
    make_line(branches.outlet)
    assert shown(manager, "?tier=huge") == []
    text = b"".join(manager.get(f"{URL}?tier=huge&export=csv").streaming_content).decode()
    assert len(text.strip().splitlines()) == 1


def test_pages_hold_25_50_or_100(manager, branches):
    for _ in range(30):
        make_line(branches.outlet)
    assert len(shown(manager)) == 25
    assert len(shown(manager, "?page=2")) == 5
    assert len(shown(manager, "?per_page=50")) == 30
    assert len(shown(manager, "?per_page=7")) == 25


def test_beyond_what_a_page_can_lead_to_it_says_so_instead_of_counting(manager, branches, monkeypatch):
    monkeypatch.setattr(directory_queries, "MAX_LISTED_LINES", 3)
    for _ in range(5):
        make_line(branches.outlet)
    assert len(shown(manager)) == 3
    assert "More than" in manager.get(URL).text


def test_thirty_rows_cost_no_more_queries_than_three(manager, branches):
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            manager.get(URL)
        return len(caught)

    for _ in range(3):
        scored(branches.outlet, 0.4)
    manager.get(URL)
    few = queries()
    for _ in range(27):
        scored(branches.outlet, 0.4)
    assert queries() == few <= 10


def test_nothing_there_and_nothing_found_read_differently(manager, branches):
    assert "No customers yet" in manager.get(URL).text
    assert "Nothing matches these filters" in manager.get(f"{URL}?tier=low").text


def test_the_number_of_a_line_leads_straight_to_it(manager, branches):
    line = make_line(branches.outlet, line={"phone_number": "10012345678"})
    page = reverse("customers:detail", args=[line.subscriber_no])
    for text in (line.subscriber_no, "10012345678", "+86 100-1234-5678", f" {line.account.customer.customer_no} "):
        answer = manager.get(URL, {"q": text})
        assert (answer.status_code, answer.headers.get("Location")) == (302, page), text


def test_a_customer_with_two_lines_or_a_name_gives_a_list(manager, branches):
    customer = make_customer(branch=branches.outlet, name="王小明")
    lines = {make_subscriber(customer=customer).subscriber_no for _ in range(2)}
    make_line(branches.outlet)
    assert set(shown(manager, f"?q={customer.customer_no}")) == lines
    index_stored_names()
    assert set(shown(manager, "?q=王小")) == lines


def test_search_finds_lines_that_have_left_and_respects_filters(manager, branches):
    customer = make_customer(branch=branches.outlet, name="Gone Girl")
    gone = make_subscriber(customer=customer, status="terminated", terminated_on=TODAY)
    index_stored_names()
    assert shown(manager, "?q=Gone") == [gone.subscriber_no]
    assert shown(manager, "?q=Gone&status=active") == []


def test_what_another_branch_has_is_not_found(client, otto, branches):
    line = make_line(branches.outlet)
    client.force_login(otto)
    assert shown(client, f"?q={line.subscriber_no}") == []


def test_a_wildcard_is_searched_as_it_is_written(manager, branches):
    make_line(branches.outlet)
    index_stored_names()
    assert len(shown(manager, "?q=li")) == 1
    for text in ("%25", "_i", "%27", "%5C", "l:*", "li%26wei"):
        assert shown(manager, f"?q={text}") == []


def test_an_app_above_can_lead_a_number_of_its_own_to_its_page(manager, mia, monkeypatch):
    from customers.directory import search_resolvers

    monkeypatch.setattr(
        search_resolvers, "_resolvers", [lambda user, text: f"/work/orders/{text}/" if text == "W1" else None]
    )
    assert manager.get(f"{URL}?q=W1").headers["Location"] == "/work/orders/W1/"
    assert shown(manager, "?q=W2") == []


def test_csv_holds_every_matching_line_masked_and_is_audited(manager, mia, branches, monkeypatch):
    monkeypatch.setattr(directory_queries, "MAX_LISTED_LINES", 2)
    monkeypatch.setattr(directory_queries, "EXPORT_CHUNK_LINES", 2)
    lines = [scored(branches.outlet, 0.4, line={"phone_number": f"1001234567{i}"}) for i in range(5)]
    make_line(branches.outlet, risk_tier="low")
    answer = manager.get(f"{URL}?tier=high&export=csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert all(line.subscriber_no in text for line in lines)
    assert len(text.strip().splitlines()) == 6
    assert "100****5670" in text
    assert "10012345670" not in text
    entry = AuditEntry.objects.get(action="export")
    assert (entry.actor, entry.detail["filters"]) == (mia, {"tier": "high"})


def test_a_search_text_never_reaches_the_trail(manager, branches):
    manager.get(f"{URL}?q=10012345678&export=csv")
    assert "10012345678" not in str(AuditEntry.objects.get(action="export").detail)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_export_that_is_too_long_to_wait_for_has_a_page_of_its_own(manager, branches, monkeypatch, kind):
    monkeypatch.setattr(directory_queries, "MAX_LISTED_LINES", 1)
    monkeypatch.setattr(exports, "INLINE_LIMIT", 1)
    make_line(branches.outlet)
    assert manager.get(f"{URL}?export={kind}").status_code == 200
    make_line(branches.outlet)
    answer = manager.get(f"{URL}?export={kind}&tier=", follow=True)
    assert answer.redirect_chain[0][0] == reverse("core:export", args=[ListExport.objects.get().pk])
    assert AuditEntry.objects.filter(action="export").count() == 1


def test_figures_of_the_list_are_figures_in_the_files(manager, branches):
    line = scored(branches.outlet, 0.4321)
    SubscriberProfile.objects.filter(pk=line.pk).update(bill_change=-0.084, arpu=88)
    text = b"".join(manager.get(f"{URL}?export=csv").streaming_content).decode("utf-8-sig")
    found = next(csv.DictReader(text.splitlines()))
    assert (found["Churn probability"], found["Monthly spend"], found["Spend change"]) == ("0.4321", "88.00", "-0.084")
    assert found["Risk"] == "High risk"
    book = CalamineWorkbook.from_filelike(BytesIO(manager.get(f"{URL}?export=xlsx").content))
    heading, row = book.get_sheet_by_index(0).to_python()
    assert dict(zip(heading, row, strict=True))["Spend change"] == pytest.approx(-0.084)


def test_who_may_not_export_is_neither_offered_nor_given_it(client, ana):
    client.force_login(ana)
    assert "export=csv" not in client.get(URL).text
    assert client.get(f"{URL}?export=csv").status_code == 403
