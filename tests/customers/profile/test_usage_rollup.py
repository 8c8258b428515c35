from datetime import date

import pytest

from customers.facts.models import UsageDay, UsageMonth
from customers.profile.services import usage_rollup
from retention.core.db import partitioned_tables
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def line():
    line = make.make_subscriber()
    partitioned_tables.ensure_partitions("customers_usageday", [date(2026, 11, 1)])
    UsageDay.objects.bulk_create(UsageDay(subscriber=line, day=date(2026, 11, day), calls_out=day) for day in (1, 2, 3))
    return line


def test_days_add_up_to_their_month(line):
    usage_rollup.roll_up_usage(as_of=date(2026, 11, 2))
    month = UsageMonth.objects.get(subscriber=line)
    assert (month.calls_out, month.active_days, month.rolled_up) == (3, 2, True)


def test_rolling_up_again_changes_nothing(line):
    assert usage_rollup.roll_up_usage(as_of=date(2026, 11, 3)) == 1
    assert usage_rollup.roll_up_usage(as_of=date(2026, 11, 3)) == 0


def test_a_month_that_billing_sent_wins(line):
    make.make_usage_month(subscriber=line, month=date(2026, 11, 1), calls_out=500)
    usage_rollup.roll_up_usage(as_of=date(2026, 11, 3))
    assert UsageMonth.objects.get(subscriber=line).calls_out == 500


def test_late_days_of_the_month_before_are_added_in_the_first_days_of_the_next(line):
    usage_rollup.roll_up_usage(as_of=date(2026, 11, 30))
    partitioned_tables.ensure_partitions("customers_usageday", [date(2026, 11, 30)])
    UsageDay.objects.create(subscriber=line, day=date(2026, 11, 30), calls_out=10)
    usage_rollup.roll_up_usage(as_of=date(2026, 12, 3))
    assert UsageMonth.objects.get(subscriber=line, month=date(2026, 11, 1)).calls_out == 16
