"""The pages of back-tests: what a manager reads, in both languages, and who may."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext

from analytics.backtests.models import ScenarioBacktest
from analytics.backtests.services import record_backtests
from customers.facts.models import CustomField
from tests.analytics.backtests.base import JULY, RULE, make_operator
from tests.campaigns.rows import SPEND_FELL, ask, make_scenario, rule
from tests.factories import TODAY, make_custom_field, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]
FORM = {
    "part": ["r", "r-0"], "r.mode": "and", "r-0.field": "bill_change", "r-0.operator": "<=", "r-0.value": "-30",
    "cooldown_days": "30",
}  # fmt: skip


@pytest.fixture
def operator(branches):
    return make_operator(branches.outlet, branches.other)


@pytest.fixture
def scenario():
    return make_scenario(code="S99", rule=RULE)


def body(response) -> str:
    assert response.status_code == 200
    return (b"".join(response.streaming_content) if response.streaming else response.content).decode()


def cells(text: str) -> str:
    """The words of a page without its tags."""
    import re

    return " ".join(re.sub(r"<[^>]*>", " ", text).split())


def test_the_page_says_what_the_rule_would_have_found_and_how_sure_that_is(manager, scenario, operator):
    text = cells(body(manager.get("/scenarios/S99/backtest/")))
    assert "down 30% or more" in text
    assert "Of 7 lines found, 3 left by choice within 60 days: 42.9% (95 % interval 11.8% – 76.9%), 1.63 times" in text
    assert "These are too few to tell whether those found leave more often than the base." in text
    assert "Orders a day 0.0 Agents close a day 0.0 more than they close" in text
    assert "There is no snapshot of that day." in text
    assert text.count("not yet known") == 8  # 90 days of August; 60, 90, ended of September; all four of October


def test_what_the_rule_is_compared_with_is_said(manager, operator):
    make_scenario(code="S96", rule=rule(ask("line_type", "=", "mobile"), ask("bill_change", "<=", -0.3)))
    text = cells(body(manager.get("/scenarios/S96/backtest/")))
    assert "All lines: of the types that the rule keeps to (Mobile)." in text


def test_the_page_in_chinese(client, mia, scenario, operator):
    client.force_login(mia)
    client.cookies["django_language"] = "zh-hans"
    text = cells(body(client.get("/scenarios/S99/backtest/")))
    assert "命中 7 个用户，其中 3 个在 60 天内主动离网" in text
    assert text.count("尚未知") == 8
    assert "该日没有快照" in text


def test_a_manager_sees_the_counts_of_the_own_branch(client, branches, scenario, operator):
    client.force_login(make_user(role="manager", branch=branches.other))
    assert "The rule would have found nobody." in body(client.get("/scenarios/S99/backtest/"))


def test_a_scenario_on_events_and_a_rule_that_no_longer_holds_say_why(manager, operator):
    make_scenario(code="E1", trigger="event", event_kinds=["termination_request"])
    assert "acts on events or occasions, which no month end knows" in body(manager.get("/scenarios/E1/backtest/"))
    make_custom_field(key="score", kind="number")
    make_scenario(code="S97", rule=rule(ask("attributes.score", ">", 5)))
    CustomField.objects.all().delete()
    assert "attributes.score" in body(manager.get("/scenarios/S97/backtest/"))


def test_before_the_first_night_the_page_says_so(manager, scenario):
    assert "There is no profile yet." in body(manager.get("/scenarios/S99/backtest/"))


def test_a_rule_that_is_being_written_is_compared_with_the_version_in_force(manager, scenario, operator):
    tighter = FORM | {"r-0.value": "-60"}
    page = body(manager.post("/churn/backtests/rule/?scenario=S99", tighter, headers={"HX-Request": "true"}))
    text = cells(page)
    assert "<html" not in page
    assert "The rule would have found nobody." in text
    assert "Hits a month 2 0 −2" in text
    assert "Left by choice in 60 days 3 0 −3" in text
    assert "Leavers caught 60.0% 0.0% −60.0 pp" in text
    whole = body(manager.post("/churn/backtests/rule/", FORM))
    assert "<html" in whole
    assert "Of 7 lines found, 3 left by choice" in whole
    assert "Compared with the version in force" not in whole


def test_an_unfinished_rule_is_answered_with_what_is_missing(manager, operator):
    text = body(manager.post("/churn/backtests/rule/", FORM | {"r-0.value": "many"}))
    assert "bill_change" in text


def test_the_builder_offers_the_back_test(manager, scenario):
    assert "/churn/backtests/rule/?scenario=S99" in body(manager.get("/scenarios/S99/edit/"))
    assert 'hx-post="/churn/backtests/rule/"' in body(manager.get("/scenarios/new/"))


def listed(client) -> dict[str, dict[str, str]]:
    text = body(client.get("/churn/reports/scenario-backtests/?export=csv"))
    return {row["Scenario"].split()[0]: row for row in csv.DictReader(io.StringIO(text.lstrip("\ufeff")))}


def test_all_scenarios_with_what_the_night_has_kept(client, mia, branches, scenario, operator):
    make_scenario(code="E1", trigger="event", event_kinds=["termination_request"])
    make_scenario(code="S98", rule=rule(ask("risk_decile", "<=", 1)))
    assert record_backtests(as_of=TODAY) == 8  # four month ends x two branches
    client.force_login(mia)
    rows = listed(client)
    row = rows["S99"]
    assert (row["Hits a month"], row["Left by choice"]) == ("2.25", "3")
    assert [round(float(row[name]), 4) for name in ("Precision, 60 days", "Lift", "Leavers caught")] == [
        0.4286, 1.6286, 0.6,
    ]  # fmt: skip
    assert row["Verdict"] == "too few to tell"
    months = sum((0.96 / 1.1 ** (1 / 12)) ** month for month in range(36))
    assert float(row["Net gain a month"]) == pytest.approx((3 * 45 * months * 0.06 - 7 * 4) / 2, abs=0.02)
    assert rows["E1"]["Note"] == "Acts on events or occasions, which no month end knows."
    assert rows["S98"]["Note"] == "No month end could be counted yet."
    client.force_login(make_user(role="manager", branch=branches.other))
    assert listed(client)["S99"]["Hits a month"] == "0.0"
    panel = cells(body(client.get("/scenarios/S99/")))
    assert "Back-test, last six month ends" in panel


def test_the_numbers_of_branches_count_and_occasions_are_left_out(branches):
    make_operator(branches.outlet, branches.other)
    falls = rule(SPEND_FELL | {"value": -0.6, "name": "fall"})
    make_scenario(code="S99", rule=falls, branch_numbers={branches.city.code: {"fall": -0.4}})
    make_scenario(code="S97", rule=falls)
    make_scenario(code="S96", occasion="birthday")
    record_backtests(as_of=TODAY)
    found = ScenarioBacktest.objects.filter(month=JULY).values_list("scenario__code").annotate(Sum("found"))
    assert dict(found.order_by()) == {"S99": 5, "S97": 0}


def test_the_night_counts_again_only_what_has_come_to_be_known(scenario, operator):
    record_backtests(as_of=TODAY)
    assert record_backtests(as_of=TODAY) == 0
    over = JULY + timedelta(days=61 + 60)  # 29 November: the 60 days of September
    assert record_backtests(as_of=over) == 2
    assert set(ScenarioBacktest.objects.filter(known=True).values_list("month", flat=True)) == {
        JULY, JULY + timedelta(days=31), JULY + timedelta(days=61),
    }  # fmt: skip
    scenario.version += 1
    scenario.save()
    assert record_backtests(as_of=over) == 8
    assert set(ScenarioBacktest.objects.values_list("version", flat=True)) == {scenario.version}


def test_the_list_asks_the_database_as_often_for_many_scenarios_as_for_few(manager, scenario, operator):
    counts = []
    manager.get("/me/")
    for _ in range(2):
        record_backtests(as_of=TODAY)
        with CaptureQueriesContext(connection) as queries:
            body(manager.get("/churn/reports/scenario-backtests/"))
        counts.append(len(queries))
        for _more in range(5):
            make_scenario(rule=RULE)
    assert counts[0] == counts[1]
