"""Prepaid lines leave when they are neither used nor topped up; without bills, top-ups are what they spend."""

from datetime import date, timedelta

import pytest

from analytics.churn.models import OutcomeDefinition
from analytics.churn.queries import dataset
from customers.facts.models import Payment, Subscriber, UsageMonth
from tests import factories as make
from tests.analytics.outcomes.bases import MONTHS, SEPTEMBER, SNAPSHOT, UNUSED, at, fate, make_line

pytestmark = pytest.mark.django_db
AFTER = [date(2026, 9, 1), date(2026, 10, 1)]


def prepaid_line(*, snapshot: dict | None = None, **more) -> Subscriber:
    account = make.make_account(pay_mode="prepaid")
    return make_line(account=account, snapshot={"pay_mode": "prepaid"} | (snapshot or {}), **more)


def top_up(line: Subscriber, day: date, amount: float = 50) -> None:
    Payment.objects.create(payment_no=make.number("M"), account=line.account, paid_at=at(day), amount=amount)


@pytest.fixture(autouse=True)
def base(db: None) -> None:
    """Lines in use that top up every month: usage and top-ups of all months have arrived."""
    for _number in range(6):
        line = prepaid_line()
        for month in [*MONTHS, *AFTER]:
            top_up(line, month + timedelta(days=9), 80)


@pytest.mark.parametrize(
    ("topped_up", "expected"),
    [
        (date(2026, 8, 31), "silent"),
        (date(2026, 9, 1), "stays"),
        (date(2026, 10, 7), "stays"),
        (date(2026, 10, 8), "silent"),
        (None, "silent"),
    ],
)
def test_a_prepaid_line_that_is_not_used_stays_as_long_as_it_is_topped_up_within_the_window(topped_up, expected):
    line = prepaid_line(september=UNUSED)
    if topped_up:
        top_up(line, topped_up)
    assert fate(line) == expected


def test_the_days_within_which_it_counts_are_the_definitions():
    OutcomeDefinition.objects.create(meaning="leaves", gap_days=0, horizon_days=30)
    line = prepaid_line(september=UNUSED)
    top_up(line, date(2026, 10, 5))
    assert fate(line) == "silent"


def test_a_prepaid_line_that_is_used_stays_without_a_top_up():
    assert fate(prepaid_line()) == "stays"


def test_what_a_postpaid_customer_pays_says_nothing_about_use():
    line = make_line(snapshot={"pay_mode": "postpaid"}, september=UNUSED)
    top_up(line, SEPTEMBER)
    assert fate(line) == "silent"


@pytest.mark.parametrize(
    ("days", "expected"), [(5, "silent"), (29, "silent"), (30, "silent_before"), (None, "silent_before")]
)
def test_who_had_given_up_before_is_not_judged_and_who_topped_up_is(days, expected):
    line = prepaid_line(snapshot={"silent": True, "days_since_payment": days}, september=UNUSED)
    assert fate(line) == expected


def test_lines_that_still_top_up_are_scored_though_they_are_not_used():
    kept, given_up, postpaid = make.make_subscriber(), make.make_subscriber(), make.make_subscriber()
    for line, pay_mode, days in ((kept, "prepaid", 3), (given_up, "prepaid", 40), (postpaid, "postpaid", 3)):
        make.make_profile(subscriber=line, pay_mode=pay_mode, silent=True, days_since_payment=days)
    frames = list(dataset.to_score(as_of=make.TODAY))
    assert [pk for frame in frames for pk in frame["subscriber_id"]] == [kept.pk]


def test_while_top_ups_of_the_month_are_missing_nobody_is_called_silent():
    line = prepaid_line(september=UNUSED)
    Payment.objects.filter(paid_at__gte=at(SEPTEMBER, 0)).delete()
    assert fate(line) == "no_usage"
    assert UsageMonth.objects.filter(month=SEPTEMBER).exists()


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [(80, 50, "spend_fell"), (80, 61, "stays"), (15, 5, "lowest_tier"), (80, 0, "spend_fell"), (0, 50, "lowest_tier")],
)
def test_the_spend_that_falls_is_what_was_topped_up(before, after, expected):
    line = prepaid_line()
    for months, amount in ((MONTHS, before), (AFTER, after)):
        for month in months:
            if amount:
                top_up(line, month + timedelta(days=9), amount)
    assert fate(line, "spends_less") == expected


def test_in_a_mixed_base_bills_judge_those_who_have_them():
    billed, unbilled = prepaid_line(), make_line(snapshot={"pay_mode": "postpaid"})
    for line in [billed, *(make_line() for _number in range(3))]:
        for month in [*MONTHS, *AFTER]:
            make.make_bill(subscriber=line, month=month, total=80 if month <= SNAPSHOT else 50)
            top_up(line, month + timedelta(days=9), 80)
    assert fate(billed, "spends_less") == "spend_fell"
    assert fate(unbilled, "spends_less") == "no_bills"


def test_while_top_ups_of_the_window_are_missing_no_spend_is_judged():
    line = prepaid_line()
    Payment.objects.filter(paid_at__gte=at(AFTER[1], 0)).delete()
    assert fate(line, "spends_less") == "no_bills"
