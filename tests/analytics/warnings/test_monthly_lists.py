import csv
import io
from datetime import date

import pytest

from analytics.warnings.models import ListDelivery
from analytics.warnings.services.monthly import freeze_list
from customers.facts.models import Subscriber
from retention.core import clock
from retention.core.audit.models import AuditEntry
from tests.analytics.warnings.rows import MONTH_END, NOW, scored
from tests.factories import make_contact, make_user

pytestmark = pytest.mark.django_db
URL = "/churn/lists/2026-12/"


@pytest.fixture
def lines(branches):
    """Three lines, the most worthwhile first; the last one in the other city."""
    found = [
        scored(branches.outlet, gain="90", tier="critical"),
        scored(branches.city, gain="50", tier="medium", tenure_cohort="under_6"),
        scored(branches.other, gain="10", tier="high"),
    ]
    found[1].risk_scores.update(cohort="under_6")
    return found


@pytest.fixture
def manager(client, branches, lines):
    person = make_user(role="manager", branch=branches.city)
    freeze_list(as_of=MONTH_END, now=NOW)
    client.force_login(person)
    client.person = person
    return client


def ask(client, query: str = "", url: str = URL):
    with clock.freeze(NOW):
        answer = client.get(url + query)
    assert answer.status_code == 200, answer
    return answer


def shown(client, query: str = "") -> list[Subscriber]:
    return [row.record.subscriber for row in ask(client, query).context["table"].paginated_rows]


def test_a_manager_sees_the_lines_of_his_branch_in_order_of_gain(manager, lines):
    assert shown(manager) == lines[:2]


def test_a_line_that_moved_away_since_stays_on_the_list_it_stood_on(manager, lines, branches):
    Subscriber.objects.filter(pk=lines[0].pk).update(branch=branches.other)
    assert shown(manager) == lines[:2]


@pytest.mark.parametrize(
    ("query", "kept"),
    [("?tier=medium", [1]), ("?cohort=under_6", [1]), ("?branch=P1-C1-D1", [0]), ("?line_type=broadband", [])],
)
def test_filters_narrow_the_list(manager, lines, query, kept):
    assert shown(manager, query) == [lines[place] for place in kept]


def test_it_says_what_became_of_each_line(manager, lines):
    Subscriber.objects.filter(pk=lines[0].pk).update(
        status="terminated", terminated_on=NOW.date(), termination_reason="port_out"
    )
    make_contact(subscriber=lines[1], at=NOW)
    text = ask(manager).text
    assert "Left" in text
    assert "Still here" in text
    assert text.count("1 Dec 2026") >= 2


def test_the_first_look_is_noted_once(manager, lines):
    ask(manager)
    with clock.freeze(NOW.replace(hour=9)):
        manager.get(URL)
    assert ListDelivery.objects.get(user=manager.person).opened_at == NOW
    assert not ListDelivery.objects.unopened_of(manager.person)


def test_a_month_without_a_list_and_nonsense_are_not_found(manager):
    for month in ("2026-11", "2026-13", "latest"):
        assert manager.get(f"/churn/lists/{month}/").status_code == 404


def test_the_lists_page_counts_only_the_readers_lines(manager):
    (row,) = ask(manager, url="/churn/lists/").context["table"].data
    assert (row["lines"], row["left"], row["expected"]) == (2, 0, 1)


def test_the_export_has_every_line_seen_and_is_in_the_trail(manager, lines):
    answer = ask(manager, "?export=csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert [row["Subscriber"] for row in rows] == [line.subscriber_no for line in lines[:2]]
    assert rows[0]["Outcome since"] == "Still here"
    assert AuditEntry.objects.filter(action="export", actor=manager.person).exists()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_both_pages_export_both_kinds(manager, kind):
    for url in (URL, "/churn/lists/"):
        assert "attachment" in ask(manager, f"?export={kind}", url).headers["Content-Disposition"]


def test_who_answers_for_branches_sees_to_whom_it_was_sent(manager, client, lin):
    assert "Sent to" in ask(manager).text
    client.force_login(lin)
    assert "Sent to" not in ask(client).text


def test_the_page_asks_as_many_questions_for_many_lines_as_for_few(manager, branches, django_assert_max_num_queries):
    with django_assert_max_num_queries(22):
        ask(manager)


def test_agents_and_supervisors_are_let_into_neither(client, ana, sam):
    for person in (ana, sam):
        client.force_login(person)
        assert {client.get(url).status_code for url in ("/churn/lists/", URL)} == {403}


def test_a_page_further_down_shows_the_lines_that_stand_there(manager, lines, branches, monkeypatch):
    monkeypatch.setattr("retention.core.ui.tables.base.PAGE_SIZES", (1, 2))
    assert shown(manager, "?page=2") == [lines[1]]


def test_a_month_without_a_list_is_shown_as_missing(manager, lines):
    freeze_list(as_of=MONTH_END, now=NOW, dated=date(2026, 10, 1))  # beside that of December
    page = ask(manager, url="/churn/lists/")
    rows = [row.record for row in page.context["table"].paginated_rows]
    assert [(row["dated"].month, row["lines"]) for row in rows] == [(12, 2), (11, None), (10, 2)]
    chart = page.context["chart"]
    assert chart["x"][1] == "Nov 2026\nno list"
    assert chart["series"][0]["values"][1] is None
    assert chart["links"][1] == ""
