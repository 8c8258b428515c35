"""Falling to a lower plan or brand, and spending a tier less."""

from datetime import date, timedelta

import pytest

from analytics.churn.models import OutcomeDefinition
from customers.facts.models import Bill
from tests import factories as make
from tests.analytics.outcomes.bases import MONTHS, SNAPSHOT, at, fate, leaver, make_line

pytestmark = pytest.mark.django_db
AFTER = [date(2026, 9, 1), date(2026, 10, 1)]


@pytest.fixture(autouse=True)
def base(db: None) -> None:
    for _number in range(6):
        spends(make_line(), before=80, after=80)


def spends(line, *, before, after):
    for months, total in ((MONTHS, before), (AFTER, after)):
        for month in months:
            if total is not None:
                make.make_bill(subscriber=line, month=month, total=total)
    return line


def moves(line, *, to, days, bring=True):
    """The line is on plan `to` from so many days after the snapshot on; billing tells of it by an event."""
    event = {"from": line.plan.code, "to": to.code}
    make.make_event(subscriber=line, kind="plan_change", at=at(SNAPSHOT + timedelta(days=days)), detail=event)
    line.plan = to
    line.save()
    return line


@pytest.mark.parametrize(("fee", "expected"), [(19, "lower_fee"), (99, "stays"), (59, "stays")])
def test_a_cheaper_plan_in_the_window_is_a_fall(fee, expected):
    line = moves(make_line(), to=make.make_plan(monthly_fee=fee), days=20)
    assert fate(line, "falls") == expected


@pytest.mark.parametrize("days", [3, 90])
def test_a_change_before_or_after_the_window_is_none(days):
    line = moves(make_line(), to=make.make_plan(monthly_fee=19), days=days)
    assert fate(line, "falls") == "stays"


def test_down_and_up_again_is_no_fall():
    line = make_line()
    first = line.plan
    moves(line, to=make.make_plan(monthly_fee=19), days=12)
    moves(line, to=first, days=30)
    assert fate(line, "falls") == "stays"


def test_a_plan_that_became_cheaper_for_all_is_no_fall():
    line = make_line()
    line.plan.monthly_fee = 9
    line.plan.save()
    assert fate(line, "falls") == "stays"


def test_a_lower_brand_is_a_fall_even_at_the_same_fee():
    OutcomeDefinition.objects.create(meaning="falls", gap_days=7, horizon_days=60, brands=["top", "plain"])
    line = moves(make_line(plan=make.make_plan(brand="top")), to=make.make_plan(brand="plain"), days=20)
    up = moves(make_line(plan=make.make_plan(brand="plain")), to=make.make_plan(brand="top", monthly_fee=9), days=20)
    assert fate(line, "falls") == "lower_brand"
    assert fate(up, "falls") == "lower_fee"


def test_who_left_in_the_window_neither_fell_nor_stayed():
    line = leaver(after=30, reason="voluntary")
    assert fate(line, "falls") == "left"
    assert fate(spends(line, before=80, after=None), "spends_less") == "left"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (80, 50, "spend_fell"),  # from 60-100 to 40-60
        (80, 61, "stays"),  # by a quarter, but in the same tier
        (61, 59, "stays"),  # over an edge, but hardly less
        (80, 120, "stays"),
        (15, 5, "lowest_tier"),
        (80, None, "no_bills"),
    ],
)
def test_spend_falls_when_the_mean_bill_is_a_tier_lower_and_clearly_so(before, after, expected):
    assert fate(spends(make_line(), before=before, after=after), "spends_less") == expected


def test_the_tiers_are_the_operators():
    OutcomeDefinition.objects.create(
        meaning="spends_less", gap_days=0, outcome_months=2, fall_share=0.2, edges=[70], observation_months=3
    )
    assert fate(spends(make_line(), before=80, after=61), "spends_less") == "spend_fell"


def test_while_bills_of_the_window_are_missing_nobody_is_judged():
    Bill.objects.filter(month=AFTER[1]).delete()
    assert fate(spends(make_line(), before=80, after=None), "spends_less") == "no_bills"
