import csv
import io
import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.utils import translation

from analytics.churn.models import TrainingAttempt
from analytics.churn.text import SENTENCES, format_problem
from analytics.warnings import queries
from analytics.warnings.queries import NEXT_MONTH, THIS_MONTH, ending_days
from customers.facts.models import Subscriber
from customers.profile.models import SubscriberProfile
from customers.profile.text import format_held
from customers.risk.models import RiskScore
from retention.core import clock
from retention.core.audit.models import AuditEntry
from retention.core.jobs.models import NIGHTLY, Job
from tests.analytics.warnings.rows import scored
from tests.factories import NOW, TODAY, make_contact, make_job, make_list_entry, make_risk_score, make_user
from workorders.order_types.services import install_order_types
from workorders.orders.models import WorkOrder

pytestmark = pytest.mark.django_db
URL, OPEN = "/churn/", "/churn/open-orders/"


def line(branch, **given) -> Subscriber:
    return scored(branch, as_of=TODAY, **given)


def ask(client, query: str = ""):
    with clock.freeze(NOW):
        answer = client.get(URL + query)
    assert answer.status_code == 200, answer
    return answer


def shown(client, query: str = "") -> list[Subscriber]:
    return [row.record.subscriber for row in ask(client, query).context["table"].paginated_rows]


def test_warned_lines_stand_in_order_of_expected_gain(manager, branches):
    less, most = line(branches.city, gain="5"), line(branches.outlet, gain="50", tier="medium")
    line(branches.city, gain="500", tier="low")
    nothing = line(branches.city, gain=None)
    assert shown(manager) == [most, less, nothing]
    assert shown(manager, "?sort=expected_gain")[0] == less


@pytest.mark.parametrize(
    ("query", "given"),
    [
        ("?tier=critical", {"tier": "critical"}),
        ("?cohort=under_6", {"tenure_cohort": "under_6"}),
        ("?line_type=broadband", {"line_type": "broadband"}),
        ("?band=high", {"arpu": 120}),
        ("?band=low", {"arpu": 59}),
        ("?band=low", {"arpu": None, "plan_fee": 19}),
        ("?ends_within=30", {"contract_ends_on": TODAY + timedelta(days=30)}),
    ],
)
def test_each_filter_keeps_what_it_asks_for(manager, branches, query, given):
    line(branches.city, **{"tenure_cohort": "over_12", "arpu": 80, "contract_ends_on": TODAY + timedelta(31)})
    wanted = line(branches.city, **given)
    assert shown(manager, query) == [wanted]


def test_contracts_are_found_by_the_month_in_which_they_end(manager, branches):
    """Today is in November."""
    ends = (date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 31), date(2027, 1, 1))
    november, first, last, _january = (line(branches.city, contract_ends_on=day) for day in ends)
    assert shown(manager, "?ends_within=this-month") == [november]
    assert set(shown(manager, "?ends_within=next-month")) == {first, last}


def test_several_tiers_are_shown_together(manager, branches):
    critical, high = line(branches.city, gain="9", tier="critical"), line(branches.city, gain="8")
    line(branches.city, gain="7", tier="medium")
    assert shown(manager, "?tier=high&tier=critical") == [critical, high]
    assert 'name="tier" value="critical"' in ask(manager, "?tier=high").text


def test_it_shows_down_to_where_contacts_pay(manager, branches):
    gains = ("9", "0.01", "0", "-4", None)
    lines = [line(branches.city, gain=gain) for gain in gains]
    page = ask(manager)
    assert "A contact pays for the first 2 of the 5 lines: down to the line in the list." in page.text
    rows = page.context["table"].paginated_rows
    assert ["rp-row-costs" in row.attrs["class"] for row in rows] == [False, False, True, True, True]
    assert ["A contact does not pay" in row.get_cell("expected_gain") for row in rows] == [
        False, False, True, True, False,
    ]  # fmt: skip
    assert page.context["pays_url"] == "?gain=pays"
    assert shown(manager, "?gain=pays") == lines[:2]
    assert shown(manager, "?gain=costs") == lines[2:4]
    assert "A contact pays for 2 of the 5 lines." in ask(manager, "?sort=-arpu").text
    assert "rp-row-costs" not in ask(manager, "?sort=-arpu").text
    assert ask(manager, "?gain=costs").context["pays"] == ""
    SubscriberProfile.objects.update(expected_gain=-1)
    assert "A contact pays for none of the 5 lines." in ask(manager).text


def test_it_shows_open_order_last_contact_and_when_a_call_is_allowed(client, manager, types, branches, lin):
    free, spoken, barred, ordered = (line(branches.city, gain=gain) for gain in ("9", "8", "7", "6"))
    make_contact(subscriber=free, at=NOW - timedelta(days=40), outcome="not_reached")
    make_contact(subscriber=spoken, at=NOW - timedelta(days=3), outcome="connected")
    make_list_entry(customer=barred.account.customer, ends_on=TODAY + timedelta(days=4))
    post(manager, row=[ordered.pk], confirmed="1", order_type="churn_retention")
    number = WorkOrder.objects.get().order_no
    cells = {
        row.record.subscriber: [row.get_cell(name) for name in ("open_order", "last_contact", "next_call")]
        for row in ask(manager).context["table"].paginated_rows
    }
    assert "40 days ago" in cells[free][1] and "Not reached" in cells[free][1]
    assert [">Now<" in cells[one][2] for one in (free, spoken, barred, ordered)] == [True, False, False, False]
    assert "from 2026-12-17 10:00" in cells[spoken][2] and "Spoken to recently" in cells[spoken][2]
    assert "from 2026-11-25 09:00" in cells[barred][2] and "Do not disturb" in cells[barred][2]
    assert "Another contact is planned" in cells[ordered][2]
    assert number in cells[ordered][0] and f'href="/work/orders/{number}/"' in cells[ordered][0]
    with clock.freeze(NOW.replace(hour=22)):
        (row, *_others) = manager.get(URL).context["table"].paginated_rows
        assert "from 2026-11-21 09:00" in row.get_cell("next_call")


def test_a_branch_filter_takes_everything_below_it(manager, branches):
    line(branches.other)
    wanted = line(branches.outlet)
    assert shown(manager, "?branch=P1-C1") == [wanted]


def test_a_business_reason_is_looked_for_in_the_score(manager, branches):
    price, usage = line(branches.city), line(branches.city)
    RiskScore.objects.filter(subscriber=price).update(themes={"price": 0.6, "usage": 0.1, "base": -3})
    RiskScore.objects.filter(subscriber=usage).update(themes={"price": -0.6, "usage": 0.9, "base": -3})
    assert shown(manager, "?theme=price") == [price]
    assert shown(manager, "?theme=usage") == [usage]
    assert shown(manager, "?theme=network") == []


def test_a_row_says_why_and_how_it_changed_since_last_month(manager, branches):
    found = line(branches.city, probability=0.42)
    RiskScore.objects.update(
        reasons=[
            {"factor": "bill_change", "contribution": 0.9, "value": -0.31},
            {"factor": "voice_in_change", "contribution": 0.5, "value": -0.62},
        ]
    )
    month_end = TODAY.replace(day=1) - timedelta(days=1)
    for as_of, probability in (
        (month_end, 0.30),
        (month_end + timedelta(days=2), 0.80),
        (month_end - timedelta(days=1), 0.70),
        (month_end - timedelta(days=30), 0.90),
    ):
        make_risk_score(subscriber=found, as_of=as_of, probability=probability)
    (row,) = ask(manager).context["table"].paginated_rows
    assert "31" in row.get_cell("first_reason")
    assert "62" in row.get_cell("second_reason")
    assert "12.0" in row.get_cell("change")


def test_without_a_score_of_the_month_end_the_newest_before_it_counts(manager, branches):
    found, unknown = line(branches.city, probability=0.42), line(branches.city, probability=0.41)
    month_end = TODAY.replace(day=1) - timedelta(days=1)
    make_risk_score(subscriber=found, as_of=month_end - timedelta(days=8), probability=0.90)
    make_risk_score(subscriber=found, as_of=month_end - timedelta(days=3), probability=0.30)
    make_risk_score(subscriber=unknown, as_of=month_end - timedelta(days=20), probability=0.30)
    rows = {row.record: row.get_cell("change") for row in ask(manager).context["table"].paginated_rows}
    assert "12.0" in rows[found.profile]
    assert "12.0" not in rows[unknown.profile]


def test_a_manager_sees_his_branch_only(client, branches):
    line(branches.other)
    own = line(branches.outlet)
    client.force_login(make_user(role="manager", branch=branches.city))
    assert shown(client) == [own]


def test_a_page_of_many_lines_asks_as_often_as_one_of_few(manager, branches, django_assert_max_num_queries):
    for _ in range(12):
        line(branches.city)
    with django_assert_max_num_queries(25):
        ask(manager)


def test_the_count_stops_where_the_list_does(manager, branches, monkeypatch):
    monkeypatch.setattr(queries, "LIST_LIMIT", 2)
    for _ in range(3):
        line(branches.city)
    answer = ask(manager)
    assert answer.context["table"].paginator.count == 2
    assert answer.context["is_cut"]


def test_the_export_gives_reasons_and_change_as_they_are(manager, branches):
    found = line(branches.city)
    answer = ask(manager, "?export=csv")
    (row,) = csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig")))
    assert row["Subscriber"] == found.subscriber_no
    assert row["First reason"]
    assert row["Churn probability"] == "0.42"


# Opening orders


def post(client, **data):
    with clock.freeze(NOW):
        return client.post(OPEN, data, follow=True)


def told(answer) -> str:
    return " ".join(str(message) for message in answer.context["messages"])


@pytest.fixture
def types(db):
    install_order_types()


def test_orders_for_ticked_lines_are_asked_about_and_then_opened(manager, types, branches):
    found, other = line(branches.city), line(branches.city)
    asked = post(manager, action="open", row=[found.pk])
    assert "1 line chosen" in asked.text
    assert not WorkOrder.objects.exists()
    done = post(manager, row=[found.pk], confirmed="1", order_type="churn_retention")
    assert "1 order opened" in told(done)
    order = WorkOrder.objects.get()
    assert order.subscriber == found
    assert order.evidence[0]["facts"] == {"voice_in_change": -0.62}
    assert other.work_orders.count() == 0


def test_all_that_match_are_opened_in_order_and_each_refusal_is_told(manager, types, branches):
    quiet, free = line(branches.city, gain="9"), line(branches.city, gain="5")
    line(branches.other, gain="99")
    make_list_entry(customer=quiet.account.customer)
    query = "branch=P1-C1"
    done = post(manager, all="1", query=query, confirmed="1", order_type="churn_retention")
    assert "1 order opened" in told(done)
    assert "1 customer may not be contacted now (Do not disturb: 1)" in told(done)
    assert WorkOrder.objects.get().subscriber == free
    again = post(manager, all="1", query=query, confirmed="1", order_type="churn_retention")
    assert "Another order is open: 1" in told(again)
    assert WorkOrder.objects.count() == 1
    assert AuditEntry.objects.filter(action="order.open", target="source:warning-list").count() == 2


def test_one_returns_to_the_same_list_with_the_way_to_exactly_the_orders_opened(manager, types, branches):
    wanted = [line(branches.city), line(branches.city)]
    later = line(branches.city, gain="1")
    query = "branch=P1-C1&sort=-arpu"
    with clock.freeze(NOW):
        page = manager.get(f"{URL}?{query}")
    assert f'name="query" value="{query.replace("&", "&amp;")}"' in page.text  # although it has one page only
    done = post(manager, row=[one.pk for one in wanted], query=query, confirmed="1", order_type="churn_retention")
    assert done.redirect_chain == [(f"{URL}?branch=P1-C1&sort=-arpu", 302)]
    (way,) = re.findall(r'href="([^"]+)"', told(done))
    with clock.freeze(NOW + timedelta(seconds=1)):
        manager.post(OPEN, {"row": later.pk, "confirmed": "1", "order_type": "churn_retention"})
        opened = manager.get(unescape(way))
    numbers = {row.record.subscriber_id for row in opened.context["table"].paginated_rows}
    assert (numbers, WorkOrder.objects.count()) == ({one.pk for one in wanted}, 3)
    assert "Opened together" in opened.text


def test_a_line_of_another_branch_cannot_be_slipped_in(client, types, branches):
    foreign = line(branches.other)
    client.force_login(make_user(role="manager", branch=branches.city))
    post(client, row=[foreign.pk], confirmed="1", order_type="churn_retention")
    assert not WorkOrder.objects.exists()


def test_only_who_steers_may_open(client, types, branches, ana, sam, lin):
    found = line(branches.city)
    for person in (ana, sam, lin):
        client.force_login(person)
        assert client.post(OPEN, {"row": found.pk, "confirmed": "1"}).status_code == 403
    client.force_login(lin)
    assert "open-orders" not in ask(client).text


def test_nothing_selected_and_an_unknown_type_are_told(manager, types, branches):
    assert "No lines are selected" in told(post(manager))
    found = line(branches.city)
    with clock.freeze(NOW):
        assert manager.post(OPEN, {"row": found.pk, "confirmed": "1", "order_type": "none"}).status_code == 422
    assert SubscriberProfile.objects.count() == 1


NO_MODEL = "Of 461 lines that could be learnt from, only 9 left by choice afterwards: a model needs at least 50 leavers"
LATE = "usage of the day has not arrived"
FEW = {"problem": "few_leavers", "numbers": {"rows": 461, "leavers": 9, "needed": 50}}


@pytest.mark.parametrize(
    ("held", "told"),
    [
        ({}, NO_MODEL),
        ({"risk": f"{NO_MODEL}, or neither its order nor its mean can be told from chance."}, NO_MODEL),
        ({"usage-days": LATE, "risk": f"usage-days: {LATE}"}, LATE),
    ],
)
@pytest.mark.parametrize("page", ["/churn/", "/churn/lists/"])
def test_what_scores_wait_for_is_told_once(manager, page, held, told):
    state = Job.State.GAPS if held else Job.State.DONE
    TrainingAttempt.objects.create(as_of=TODAY, tried_at=NOW, **FEW)
    make_job(kind=NIGHTLY, key="", business_date=TODAY, state=state, counts={"held": held})
    html = unescape(manager.get(page).text)
    assert (html.count("rp-notice-warning"), html.count(told)) == (1, 1)


def test_what_a_night_waits_for_is_told_in_the_readers_language():
    for problem, sentence in SENTENCES.items():
        numbers = dict.fromkeys(["rows", "leavers", "needed", "auc", "auc_by_chance"], "0.461")
        with translation.override("en"):
            stored = f"usage-days: {LATE}; risk: {sentence % numbers}"
        with translation.override("zh-hans"):
            assert format_problem(problem, numbers) in format_held(stored)
            assert "leavers" not in format_held(stored) and "usage" not in format_held(stored)


@pytest.mark.parametrize(
    ("today", "first", "last"),
    [
        (date(2026, 1, 31), date(2026, 2, 1), date(2026, 2, 28)),
        (date(2026, 12, 1), date(2027, 1, 1), date(2027, 1, 31)),
        (date(2028, 1, 1), date(2028, 2, 1), date(2028, 2, 29)),
    ],
)
def test_next_month_is_a_whole_calendar_month(today, first, last):
    assert ending_days(NEXT_MONTH, today) == (first, last)


def test_this_month_begins_today():
    assert ending_days(THIS_MONTH, date(2026, 2, 10)) == (date(2026, 2, 10), date(2026, 2, 28))
