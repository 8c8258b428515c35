"""Accounts whose points are reckoned by hand from the card of decision 0018."""

from datetime import date, timedelta

import pytest

from customers.credit.models import AccountCredit
from customers.profile.models import SubscriberProfile
from customers.profile.services import build, build_profile
from tests import factories as make
from tests.customers.credit.accounts import (
    AS_OF,
    OCTOBER,
    YEAR,
    ago,
    balance,
    bill,
    complain,
    credit_of,
    prepaid_line,
    stop,
    top_up,
)

pytestmark = pytest.mark.django_db


def test_who_pays_in_time_for_years_has_all_points():
    """The bill of October is paid before it is due, and counts."""
    line = make.make_subscriber(activated_on=date(2020, 1, 1))
    bill(line, YEAR, late_by=-10)

    credit = credit_of(line)

    assert credit.points == {"late_share": 40, "owed_months": 25, "stops": 15, "complaints": 8, "tenure_months": 12}
    assert (credit.score, credit.level, credit.why, credit.card) == (100, "excellent", "", "postpaid")
    assert credit.measured == {
        "bills": 12, "late": 0, "late_share": 0.0, "owed": 0, "monthly": 60.0, "owed_months": 0.0, "stops": 0,
        "complaints": 0.0, "complaints_all": 0, "lines": 1, "tenure_months": 82,
    }  # fmt: skip
    profile = SubscriberProfile.objects.get(subscriber=line)
    assert (profile.credit_score, profile.credit_level) == (100, "excellent")


def test_three_of_twelve_late_a_stop_and_a_complaint_are_a_fair_account():
    """25 % late 20, nothing owed 25, one stop 8, one complaint 5, 24 months 8."""
    line = make.make_subscriber(activated_on=date(2024, 11, 15))
    bill(line, YEAR[:9], late_by=-10)
    bill(line, YEAR[9:], late_by=4)
    stop(line, 200)
    complain(line, 100)

    credit = credit_of(line)

    assert credit.points == {"late_share": 20, "owed_months": 25, "stops": 8, "complaints": 5, "tenure_months": 8}
    assert (credit.score, credit.level) == (66, "fair")
    assert (credit.measured["late"], credit.measured["bills"], credit.measured["late_share"]) == (3, 12, 0.25)


def test_who_owes_two_bills_and_was_stopped_often_is_poor():
    """Two of eleven unpaid and four late, 54.5 %: 0; owes two months 3; 3 stops 0; 3 complaints 0; 11 months 3."""
    line = make.make_subscriber(activated_on=date(2025, 12, 1))
    bill(line, YEAR[1:3], late_by=None)
    bill(line, YEAR[3:7], late_by=10)
    bill(line, YEAR[7:], late_by=0)
    stop(line, 30, 90, 150)
    complain(line, 10, 20, 30)

    credit = credit_of(line)

    assert credit.points == {"late_share": 0, "owed_months": 3, "stops": 0, "complaints": 0, "tenure_months": 3}
    assert (credit.score, credit.level) == (6, "poor")
    assert (credit.measured["owed"], credit.measured["owed_months"], credit.measured["late_share"]) == (120, 2.0, 0.545)


def test_a_prepaid_account_is_judged_by_how_long_it_goes_without_a_top_up():
    """Every third month: 92 days 32; nothing owed 25; no stop 15; no complaint 8; 60 months 12."""
    line = prepaid_line(activated_on=date(2021, 11, 15))
    top_up(line, [date(2026, month, 15) for month in (5, 8, 11)], 120)
    top_up(prepaid_line(), [date(2026, month, 1) for month in (5, 6, 7, 8, 9, 10)])
    balance(line, ago(1), 30)

    credit = credit_of(line)

    assert credit.points == {"topup_gap": 32, "owed_months": 25, "stops": 15, "complaints": 8, "tenure_months": 12}
    assert (credit.score, credit.level, credit.card) == (92, "excellent", "prepaid")
    assert credit.measured["topup_gap"] == 92


def test_a_prepaid_account_below_zero_that_tops_up_no_more_is_poor():
    """Last top-up on 1 July: 137 days 8; owes 20 of 15 a month 8; one stop 8; no complaint 8; 6 months 3."""
    line = prepaid_line(activated_on=date(2026, 5, 15))
    top_up(line, [date(2026, 6, 1), date(2026, 7, 1)], 45)
    top_up(prepaid_line(), [date(2026, month, 1) for month in (5, 6, 7, 8, 9, 10)])
    balance(line, ago(3), -20)
    stop(line, 40, reason="")

    credit = credit_of(line)

    assert (credit.measured["topup_gap"], credit.measured["owed"]) == (137, 20)
    assert credit.points == {"topup_gap": 8, "owed_months": 8, "stops": 8, "complaints": 8, "tenure_months": 3}
    assert (credit.score, credit.level) == (35, "poor")


def test_a_prepaid_account_whose_balance_is_not_sent_has_the_points_of_the_unknown():
    line = prepaid_line(activated_on=date(2021, 11, 15))
    top_up(line, [ago(back) for back in range(0, 200, 30)])

    credit = credit_of(line)

    assert (credit.points["owed_months"], "owed" in credit.measured) == (15, False)
    assert credit.score == 40 + 15 + 15 + 8 + 12


def test_the_lines_of_an_account_share_its_score_and_a_stop_of_all_counts_once():
    """Twelve complaints over fifteen lines: 6 for each ten begun 0 points. 15 stops of one day are one: 8."""
    account = make.make_account()
    lines = [make.make_subscriber(account=account, activated_on=date(2024, 1, 1)) for _ in range(15)]
    for line in lines:
        bill(line, YEAR[1:4], late_by=2)
        stop(line, 50)
    complain(lines[0], *range(1, 13))

    credit = credit_of(lines[-1])

    assert credit.points == {"late_share": 40, "owed_months": 25, "stops": 8, "complaints": 0, "tenure_months": 8}
    assert (credit.measured["bills"], credit.measured["complaints"], credit.measured["lines"]) == (45, 6.0, 15)
    assert set(SubscriberProfile.objects.values_list("credit_score", "credit_level")) == {(81, "good")}


@pytest.mark.parametrize(("late_by", "points"), [(3, 40), (4, 0)])
def test_a_transfer_of_three_days_is_in_time(late_by, points):
    line = make.make_subscriber()
    bill(line, YEAR[2:6], late_by=late_by)
    assert credit_of(line).points["late_share"] == points


@pytest.mark.parametrize(("due", "bills", "owed"), [(ago(3), 3, 0), (ago(4), 4, 60)])
def test_an_unpaid_bill_is_owed_after_the_days_of_grace(due, bills, owed):
    line = make.make_subscriber()
    bill(line, YEAR[1:4])
    bill(line, [OCTOBER], late_by=None, due_on=due)

    credit = credit_of(line)

    assert (credit.measured["bills"], credit.measured["owed"]) == (bills, owed)


def test_stops_that_the_customer_asked_for_and_old_ones_do_not_count():
    line = make.make_subscriber()
    bill(line, YEAR)
    stop(line, 20, reason="lost_phone")
    stop(line, 366)
    complain(line, 366)
    make.make_ticket(subscriber=line, kind="fault")

    credit = credit_of(line)

    assert (credit.points["stops"], credit.points["complaints"]) == (15, 8)


def test_top_ups_that_have_not_arrived_are_no_gap():
    """October's are far short for the whole operator: what is known ends on 30 September."""
    line = prepaid_line(activated_on=date(2021, 1, 1))
    top_up(line, [date(2026, month, 15) for month in (5, 6, 7, 8, 9)])
    others = [prepaid_line() for _ in range(15)]
    for other in others:
        top_up(other, [date(2026, month, 10) for month in (5, 6, 7, 8, 9)])

    credit = credit_of(line)

    assert (credit.measured["topup_gap"], credit.points["topup_gap"]) == (31, 40)


def test_months_before_the_first_top_ups_of_the_operator_are_no_gap():
    """The operator sends top-ups from September on: the time before is no gap."""
    line = prepaid_line(activated_on=date(2021, 1, 1))
    top_up(line, [date(2026, 9, 20), date(2026, 10, 20)])
    assert credit_of(line).measured["topup_gap"] == 30


UNRATED = {
    "no bills": ("few_bills", lambda line: None),
    "two bills": ("few_bills", lambda line: bill(line, YEAR[1:3])),
    "no due dates": ("few_bills", lambda line: bill(line, YEAR, due_on=None)),
    "bills of nothing": ("few_bills", lambda line: bill(line, YEAR, total=0)),
}


@pytest.mark.parametrize("case", UNRATED)
def test_without_three_due_bills_there_is_no_score(case):
    why, facts = UNRATED[case]
    line = make.make_subscriber()
    facts(line)

    credit = credit_of(line)

    assert (credit.score, credit.level, credit.why, credit.points) == (None, "unrated", why, {})
    profile = SubscriberProfile.objects.get(subscriber=line)
    assert (profile.credit_score, profile.credit_level) == (None, "unrated")


@pytest.mark.parametrize(("age", "why"), [(89, "new"), (90, "")])
def test_an_account_of_less_than_ninety_days_has_not_enough_history(age, why):
    line = make.make_subscriber(activated_on=ago(age))
    bill(line, YEAR[1:5])
    credit = credit_of(line)
    assert (credit.why, credit.score is None) == (why, bool(why))


def test_prepaid_accounts_of_an_operator_without_top_ups_have_no_score():
    credit = credit_of(prepaid_line())
    assert (credit.score, credit.level, credit.why) == (None, "unrated", "no_topups")


def test_who_opted_out_of_profiling_is_not_rated_and_nothing_is_kept_of_him():
    customer = make.make_customer(profiling_opt_out=True)
    line = make.make_subscriber(customer=customer)
    bill(line, YEAR)
    credit = credit_of(line)
    assert (credit.score, credit.level, credit.why, credit.measured) == (None, "unrated", "opted_out", {})


def test_a_debt_of_an_account_that_usually_spends_nothing_is_as_large_as_can_be():
    line = prepaid_line()
    top_up(prepaid_line(), [date(2026, month, 1) for month in (5, 6, 7, 8, 9, 10)])
    balance(line, ago(1), 0, arrears=5)
    credit = credit_of(line)
    assert (credit.measured["owed_months"], credit.points["owed_months"]) == (99, 0)


def test_an_account_in_two_blocks_is_scored_once(monkeypatch):
    monkeypatch.setattr(build, "BLOCK_SIZE", 2)
    account = make.make_account()
    first = make.make_subscriber(account=account, activated_on=date(2024, 1, 1))
    [make.make_subscriber() for _ in range(4)]
    last = make.make_subscriber(account=account, activated_on=AS_OF - timedelta(days=5))
    bill(first, YEAR[1:5])
    bill(last, YEAR[1:2], late_by=9)

    build_profile(as_of=AS_OF)

    credit = AccountCredit.objects.get(account=account)
    assert (credit.measured["bills"], credit.measured["late"], credit.measured["late_share"]) == (5, 1, 0.2)
    assert {SubscriberProfile.objects.get(subscriber=line).credit_score for line in (first, last)} == {credit.score}
    assert credit.score == 20 + 25 + 15 + 8 + 8
