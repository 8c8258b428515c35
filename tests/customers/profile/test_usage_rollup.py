"""Every loaded day becomes part of its month, whenever it comes; what was judged stays as it was known."""

from datetime import date, timedelta

import pytest

from customers.facts.models import Subscriber, UsageDay, UsageMonth, UsageMonthDue
from customers.profile.models import ProfileSnapshot, SubscriberProfile
from customers.profile.services import build_profile, take_snapshot, usage_rollup
from retention.core.db import partitioned_tables
from tests import factories as make
from tests.customers.ingest.rows import send

pytestmark = pytest.mark.django_db
SEPTEMBER, OCTOBER, NOVEMBER = date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1)


def make_days(subscriber: Subscriber, first: date, last: date, **usage: float) -> None:
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    partitioned_tables.ensure_partitions("customers_usageday", days)
    UsageDay.objects.bulk_create(UsageDay(subscriber=subscriber, day=day, **usage) for day in days)


def months_of(subscriber: Subscriber) -> dict[date, int]:
    """{month: calls out}."""
    return dict(UsageMonth.objects.filter(subscriber=subscriber).values_list("month", "calls_out"))


@pytest.fixture
def line() -> Subscriber:
    line = make.make_subscriber()
    partitioned_tables.ensure_partitions("customers_usageday", [NOVEMBER])
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
    make.make_usage_month(subscriber=line, month=NOVEMBER, calls_out=500)
    usage_rollup.roll_up_usage(as_of=date(2026, 11, 3))
    assert UsageMonth.objects.get(subscriber=line).calls_out == 500


def test_a_first_load_of_past_months_is_rolled_up_whole(line):
    make_days(line, SEPTEMBER, date(2026, 10, 31), calls_out=2)
    usage_rollup.roll_up_usage(as_of=date(2026, 11, 29))
    assert months_of(line) == {SEPTEMBER: 60, OCTOBER: 62, NOVEMBER: 6}


@pytest.mark.parametrize("night", [date(2026, 11, 3), date(2026, 11, 7), date(2027, 2, 20)])
def test_a_correction_of_a_closed_month_counts_whenever_it_comes(line, night):
    make_days(line, OCTOBER, date(2026, 10, 31), calls_out=2)
    usage_rollup.roll_up_usage(as_of=date(2026, 11, 1))
    late = {"subscriber_no": line.subscriber_no, "day": "2026-10-20", "voice_out_s": 99_999, "calls_out": 40}
    rest = dict.fromkeys(["voice_in_s", "calls_in", "sms_out", "data_mb"], 0)

    assert send("usage-days", [{name: str(value) for name, value in (late | rest).items()}]).applied == 1
    usage_rollup.roll_up_usage(as_of=night)

    month = UsageMonth.objects.get(subscriber=line, month=OCTOBER)
    assert (month.calls_out, month.voice_out_s) == (2 * 30 + 40, 99_999)


def test_days_that_are_deleted_leave_their_month(line):
    make_days(line, OCTOBER, date(2026, 10, 2), calls_out=2)
    usage_rollup.roll_up_usage(as_of=date(2026, 11, 3))
    UsageDay.objects.filter(day__in=[date(2026, 10, 1), date(2026, 10, 2), date(2026, 11, 3)]).delete()
    usage_rollup.roll_up_usage(as_of=date(2026, 11, 4))
    assert months_of(line) == {NOVEMBER: 3}


def test_the_days_count_again_when_the_month_that_billing_sent_is_deleted(line):
    make.make_usage_month(subscriber=line, month=NOVEMBER, calls_out=500)
    usage_rollup.roll_up_usage(as_of=date(2026, 12, 1))
    UsageMonth.objects.filter(subscriber=line).delete()
    usage_rollup.roll_up_usage(as_of=date(2026, 12, 2))
    assert months_of(line) == {NOVEMBER: 6}


def test_only_months_with_new_days_are_looked_at(line, django_assert_num_queries):
    make_days(line, SEPTEMBER, date(2026, 10, 31), calls_out=2)
    usage_rollup.roll_up_usage(as_of=date(2026, 11, 30))
    assert not UsageMonthDue.objects.exists()
    with django_assert_num_queries(1):  # which months are due
        assert usage_rollup.roll_up_usage(as_of=date(2026, 12, 1)) == 0


def test_a_month_that_is_not_over_stays_due_for_the_days_after_the_night(line):
    """Day 3 had come before the night of day 2 ran, and the night of day 3 is left out."""
    usage_rollup.roll_up_usage(as_of=date(2026, 11, 2))
    assert months_of(line) == {NOVEMBER: 3}
    usage_rollup.roll_up_usage(as_of=date(2026, 12, 5))
    assert months_of(line) == {NOVEMBER: 6}


def test_later_nights_see_a_correction_and_what_was_judged_stays_as_it_was_known(line):
    make_days(line, date(2026, 7, 1), date(2026, 10, 31), calls_out=2)
    end, night = date(2026, 10, 31), date(2026, 11, 7)
    usage_rollup.roll_up_usage(as_of=end)
    build_profile(as_of=end)
    take_snapshot(as_of=end)
    UsageDay.objects.filter(day=date(2026, 9, 20)).update(calls_out=92)

    usage_rollup.roll_up_usage(as_of=night)
    build_profile(as_of=night)
    take_snapshot(as_of=end)

    assert ProfileSnapshot.objects.get(subscriber=line, as_of=end).calls_out_base == pytest.approx((62 + 62 + 60) / 3)
    assert SubscriberProfile.objects.get(subscriber=line).calls_out_base == pytest.approx((62 + 62 + 150) / 3)


def test_days_alone_make_a_profile_like_months_alone():
    by_day, by_month = make.make_subscriber(), make.make_subscriber()
    make_days(by_day, date(2026, 7, 1), date(2026, 10, 31), calls_out=2)
    for month, days in ((7, 31), (8, 31), (9, 30), (10, 31)):
        make.make_usage_month(subscriber=by_month, month=date(2026, month, 1), calls_out=2 * days)
    usage_rollup.roll_up_usage(as_of=date(2026, 10, 31))
    build_profile(as_of=date(2026, 10, 31))

    bases = SubscriberProfile.objects.values_list("subscriber", "calls_out_base", "use_half_change")
    assert {pk: base for pk, base, _half in bases} == {
        line.pk: pytest.approx((62 + 62 + 60) / 3) for line in (by_day, by_month)
    }
