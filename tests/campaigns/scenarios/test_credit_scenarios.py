"""S5 and S6 from facts to the lines found: who is left out because of the credit of the account, and who is not."""

from datetime import date

import pytest

from campaigns.audiences.rules import audience, format_rule, parameters, with_parameters
from campaigns.scenarios.models import Scenario
from campaigns.scenarios.services.installation import install_scenarios
from customers.facts.models import Subscriber
from customers.profile.models import SubscriberProfile
from customers.profile.services import build_profile
from tests import factories as make
from tests.customers.credit.accounts import AS_OF, YEAR, ago, balance, bill, complain, prepaid_line, stop, top_up

pytestmark = pytest.mark.django_db
MONTHLY = [ago(back) for back in range(0, 200, 30)]


@pytest.fixture
def shipped() -> dict[str, Scenario]:
    install_scenarios()
    return Scenario.objects.in_bulk(field_name="code")


def stopped_line(**given) -> Subscriber:
    found = make.make_subscriber(status="stopped", status_reason="arrears", **given)
    stop(found, 5)
    return found


def score_of(line: Subscriber) -> int | None:
    return SubscriberProfile.objects.get(subscriber=line).credit_score


def found(scenario: Scenario) -> set[Subscriber]:
    return {row.subscriber for row in audience(scenario.rule)}


def test_who_always_paid_is_called_after_a_stop_and_who_rarely_does_is_not(shipped):
    faithful, careless, new = (
        stopped_line(activated_on=date(2020, 1, 1)), stopped_line(activated_on=date(2025, 11, 1)),
        stopped_line(activated_on=ago(30)),
    )  # fmt: skip
    bill(faithful, YEAR[2:])
    bill(faithful, YEAR[1:2], late_by=None)
    bill(careless, YEAR[1:4], late_by=None)
    bill(careless, YEAR[4:], late_by=20)
    stop(careless, 100, 200)
    complain(careless, 10)

    build_profile(as_of=AS_OF)

    # 1 of 11 late 32, a month owed 8, one stop 8, no complaint 8, 82 months 12.
    assert score_of(faithful) == 68
    # All late 0, three months owed 0, three stops 0, one complaint 5, 12 months 5.
    assert (score_of(careless), score_of(new)) == (10, None)
    assert found(shipped["S5"]) == {faithful, new}


def test_who_tops_up_every_month_is_reminded_of_a_small_balance_on_the_last_day_only(shipped):
    """Who spends 50 a month has three days of 5 yuan, and one of 2."""
    sure, unsure, new = (prepaid_line(activated_on=day) for day in (date(2020, 1, 1), date(2026, 5, 1), ago(20)))
    empty = prepaid_line(activated_on=date(2020, 1, 1))
    for line in (sure, empty):
        top_up(line, MONTHLY)
    top_up(unsure, MONTHLY[3:])
    top_up(new, MONTHLY[:1])
    for line, left in ((sure, 5), (unsure, 5), (new, 5), (empty, 2)):
        balance(line, ago(1), left)

    build_profile(as_of=AS_OF)

    # 30 days 40, nothing owed 25, no stop 15, no complaint 8, 82 months 12; 90 days 32 and 6 months 3.
    assert (score_of(sure), score_of(unsure), score_of(new)) == (100, 83, None)
    assert score_of(empty) == 100
    assert found(shipped["S6"]) == {unsure, new, empty}


def test_a_manager_may_tune_the_score_and_reads_what_it_asks(shipped):
    assert {one.name: one.value for one in parameters(shipped["S6"].rule)}["sure_payer"] == 85
    sentence = format_rule(with_parameters(shipped["S6"].rule, {"sure_payer": 70}))
    assert "credit score under 70 points or not known" in sentence


@pytest.mark.parametrize("code", ["S5", "S6", "S7"])
def test_a_scenario_that_stands_on_credit_waits_for_what_credit_stands_on(shipped, code):
    assert shipped[code].needs == ["balances", "bills", "payments"]
