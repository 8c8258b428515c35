"""Leaving, from facts small enough to check by hand: who carries which label, and who none and why."""

from datetime import date, timedelta

import pytest

from analytics.churn.models import OutcomeDefinition
from analytics.churn.queries import dataset, definitions
from analytics.churn.queries.definitions import Outcome
from customers.facts.models import UsageMonth
from tests import factories as make
from tests.analytics.outcomes.bases import SNAPSHOT, UNUSED, at, fate, fates, leaver, make_line

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def base(db: None) -> None:
    """Enough other lines in use that the feeds of all months count as arrived."""
    for _number in range(6):
        make_line()


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("port_out", "port_out"), ("voluntary", "voluntary"), ("arrears", "arrears"), ("false_user", "false_user"),
        ("other", "other_end"), ("", "other_end"),
    ],
)  # fmt: skip
def test_the_reason_tells_churn_from_competing_ends(reason, expected):
    assert fate(leaver(after=20, reason=reason)) == expected


@pytest.mark.parametrize(
    ("after", "expected"), [(1, "left_in_gap"), (7, "left_in_gap"), (8, "port_out"), (37, "port_out"), (38, "stays")]
)
def test_the_window_begins_after_the_gap_and_includes_its_last_day(after, expected):
    assert fate(leaver(after=after)) == expected


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"stopped_now": True}, "stopped"),
        ({"status": "stopped"}, "stopped"),
        ({"silent": True}, "silent_before"),
        ({"promotion": True, "tenure_days": 60}, "promotion"),
        ({"promotion": True, "tenure_days": 100}, "port_out"),
        ({"false_user": True}, "listed_false"),
        ({"profiling_opt_out": True}, "opted_out"),
    ],
)
def test_who_must_not_be_judged_is_left_out_with_the_reason(row, expected):
    assert fate(leaver(after=20, snapshot=row)) == expected


def test_who_opted_out_since_is_left_out_too():
    customer = make.make_customer(profiling_opt_out=True)
    assert fate(make_line(account=make.make_account(customer=customer))) == "opted_out"


def test_a_line_that_is_not_used_any_more_fell_silent_whether_noughts_or_nothing_is_sent():
    assert fate(make_line(september=UNUSED)) == "silent"
    assert fate(make_line(september={})) == "silent"


def test_a_line_that_was_stopped_meanwhile_did_not_fall_silent():
    line = make_line(september=UNUSED)
    make.make_event(subscriber=line, kind="stop", at=at(SNAPSHOT + timedelta(days=3)))
    assert fate(line) == "stays"


def test_a_type_of_line_whose_use_is_never_told_is_not_silent():
    line = make_line(line_type="iptv", snapshot={"silent": True}, september={})
    assert fate(line) == "stays"


def test_without_the_usage_of_the_month_nobody_is_called_silent():
    UsageMonth.objects.filter(month=date(2026, 9, 1)).delete()
    assert set(fates().values()) == {"no_usage"}


def test_a_month_of_which_half_arrived_has_not_arrived():
    keep = list(UsageMonth.objects.filter(month=date(2026, 9, 1)).values_list("subscriber_id", flat=True)[:3])
    UsageMonth.objects.filter(month=date(2026, 9, 1)).exclude(subscriber_id__in=keep).delete()
    assert set(fates().values()) == {"no_usage"}


def test_a_line_type_may_have_a_window_of_its_own():
    OutcomeDefinition.objects.create(meaning="leaves", line_type="broadband", gap_days=0, horizon_days=10)
    OutcomeDefinition.objects.create(meaning="leaves", line_type="", gap_days=7, horizon_days=30)
    early, late = (leaver(after=days, line_type="broadband") for days in (3, 20))
    mobile = leaver(after=3)

    found = fates()

    assert (found[early.pk], found[late.pk], found[mobile.pk]) == ("port_out", "stays", "left_in_gap")
    assert len(found) == 9  # everyone once


def test_labelled_gives_ones_noughts_and_nobody_else():
    one = leaver(after=20)
    for excluded in (leaver(after=3), leaver(after=20, reason="arrears")):
        assert excluded.pk not in set(dataset.labelled(snapshot=SNAPSHOT)["subscriber_id"])

    frame = dataset.labelled(snapshot=SNAPSHOT, columns=["silent"])

    assert list(frame.columns) == ["subscriber_id", "customer_id", "left", "tenure_cohort", "silent"]
    assert dict(zip(frame["subscriber_id"], frame["left"], strict=True))[one.pk] == 1
    assert frame["left"].sum() == 1
    assert len(frame) == 7


def test_an_outcome_given_by_hand_judges_whoever_is_there():
    """A base without history: no usage, and half of it 'silent' for that."""
    line = leaver(after=1, snapshot={"silent": True}, september={})
    assert fates(outcome=Outcome(gap=0, horizon=1))[line.pk] == "port_out"


def test_month_ends_wait_until_the_slowest_line_type_is_known():
    assert definitions.month_ends(date(2026, 10, 7), 1) == [date(2026, 8, 31)]
    OutcomeDefinition.objects.create(meaning="leaves", line_type="broadband", horizon_days=60)
    assert definitions.month_ends(date(2026, 10, 7), 2) == [date(2026, 6, 30), date(2026, 7, 31)]
