from datetime import timedelta

import pytest

from analytics.valuation.models import LeavingRate
from analytics.valuation.services import record_churn_rates
from tests.factories import TODAY, make_subscriber

pytestmark = pytest.mark.django_db


def days_ago(days: int):
    return TODAY - timedelta(days=days)


def counted() -> dict[tuple[str, str], tuple[int, int]]:
    return {(row.line_type, row.cohort): (row.line_days, row.leavers) for row in LeavingRate.objects.all()}


def test_a_line_counts_the_days_it_spent_in_each_cohort():
    """200 days old: the last 17 of them beyond the first half year. Both ends of the window count."""
    make_subscriber(activated_on=days_ago(200))
    record_churn_rates(as_of=TODAY)
    found = counted()
    assert found["mobile", "under_6"][0] + found["mobile", "6_to_12"][0] == 91
    assert found["mobile", "6_to_12"][0] == 200 + 1 - 183
    assert found["mobile", "over_12"] == (0, 0)


def test_a_leaver_counts_where_it_left_whatever_the_reason():
    gone = {"status": "terminated", "termination_reason": "arrears", "line_type": "broadband"}
    make_subscriber(activated_on=days_ago(400), terminated_on=days_ago(10), **gone)
    make_subscriber(activated_on=days_ago(100), terminated_on=days_ago(40), **gone)
    make_subscriber(activated_on=days_ago(900), terminated_on=days_ago(91), **gone)
    record_churn_rates(as_of=TODAY)
    assert {key: leavers for key, (_days, leavers) in counted().items()} == {
        ("broadband", "under_6"): 1, ("broadband", "6_to_12"): 0, ("broadband", "over_12"): 1,
    }  # fmt: skip


def test_it_is_counted_once_a_month():
    make_subscriber()
    assert record_churn_rates(as_of=TODAY) == 3
    assert record_churn_rates(as_of=TODAY + timedelta(days=1)) == 0
    assert record_churn_rates(as_of=TODAY + timedelta(days=31)) == 3
