"""The profile against facts small enough to check by hand, and against the future it must not see."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from customers.facts.models import Payment, StatusEvent, Subscriber, Terminal, UsageDay
from customers.profile.models import ProfileSnapshot, SubscriberProfile
from customers.profile.services import build_profile, build_snapshot, take_snapshot
from retention.core.db import partitioned_tables
from tests import factories as make

pytestmark = pytest.mark.django_db
AS_OF = date(2026, 10, 31)
ZONE = ZoneInfo("Asia/Shanghai")


def at(day: date, hour: int = 12) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZONE)


def make_days(subscriber: Subscriber, *, until: date, days: int, **usage: float) -> None:
    partitioned_tables.ensure_partitions("customers_usageday", [until - timedelta(days=back) for back in range(days)])
    UsageDay.objects.bulk_create(
        UsageDay(subscriber=subscriber, day=until - timedelta(days=back), **usage) for back in range(days)
    )


def profile_of(subscriber: Subscriber, as_of: date = AS_OF) -> SubscriberProfile:
    build_profile(as_of=as_of, force=True)
    return SubscriberProfile.objects.get(subscriber=subscriber)


def test_change_is_measured_against_the_three_months_before():
    line = make.make_subscriber()
    for month, calls in ((7, 30), (8, 50), (9, 40)):
        make.make_usage_month(subscriber=line, month=date(2026, month, 1), calls_out=calls)
    make_days(line, until=AS_OF, days=30, calls_out=1)

    profile = profile_of(line)

    assert profile.calls_out_recent == pytest.approx(30)
    assert profile.calls_out_base == pytest.approx(40)
    assert profile.calls_out_change == pytest.approx(-0.25)


def test_without_days_the_last_complete_month_counts_scaled_to_thirty_days():
    line = make.make_subscriber()
    make.make_usage_month(subscriber=line, month=date(2026, 10, 1), calls_out=31)

    assert profile_of(line).calls_out_recent == pytest.approx(30)


def test_a_silent_line_has_not_called_for_as_long_as_days_have_arrived():
    silent, busy = make.make_subscriber(), make.make_subscriber()
    make_days(busy, until=AS_OF, days=30, calls_out=2)
    make_days(silent, until=AS_OF - timedelta(days=6), days=20, calls_in=1)

    build_profile(as_of=AS_OF)

    assert SubscriberProfile.objects.get(subscriber=silent).zero_call_days == 6
    assert SubscriberProfile.objects.get(subscriber=busy).zero_call_days == 0


def test_spend_falls_against_the_mean_of_three_bills():
    line = make.make_subscriber()
    for month, total in ((6, 100), (7, 110), (8, 90), (9, 60)):
        make.make_bill(subscriber=line, month=date(2026, month, 1), total=total)

    profile = profile_of(line)

    assert profile.bill_change == pytest.approx(-0.4)
    assert float(profile.arpu) == pytest.approx(90)


def test_the_oldest_bill_that_is_not_paid_by_then_says_how_long_it_is_overdue():
    line = make.make_subscriber()
    make.make_bill(subscriber=line, month=date(2026, 7, 1), due_on=date(2026, 8, 20), paid_on=date(2026, 8, 22))
    make.make_bill(subscriber=line, month=date(2026, 8, 1), due_on=date(2026, 9, 20), paid_on=AS_OF + timedelta(days=1))
    make.make_bill(subscriber=line, month=date(2026, 9, 1), due_on=date(2026, 10, 20))

    assert profile_of(line).days_overdue == 41


def test_the_bill_of_the_month_is_not_known_at_its_end():
    line = make.make_subscriber()
    make.make_bill(subscriber=line, month=date(2026, 9, 1), total=50)
    make.make_bill(subscriber=line, month=date(2026, 10, 1), total=70)

    assert profile_of(line).bill_last == 50
    assert profile_of(line, as_of=date(2026, 11, 10)).bill_last == 70


def test_the_contract_that_ends_last_is_the_one_that_binds():
    line = make.make_subscriber()
    make.make_contract(subscriber=line, starts_on=date(2025, 1, 1), ends_on=AS_OF + timedelta(days=10))
    make.make_contract(subscriber=line, starts_on=date(2026, 1, 1), ends_on=AS_OF + timedelta(days=45))
    make.make_contract(
        subscriber=line, starts_on=date(2026, 1, 1), ends_on=date(2027, 12, 31), ended_on=date(2026, 6, 1)
    )

    profile = profile_of(line)

    assert profile.contract_days_left == 45
    assert profile.in_contract


def test_a_line_that_left_is_in_no_profile_but_in_the_snapshot_of_the_day_before():
    gone = make.make_subscriber(
        status="terminated", terminated_on=date(2026, 10, 15), termination_reason=Subscriber.Reason.PORT_OUT
    )
    build_profile(as_of=AS_OF)
    build_snapshot(as_of=date(2026, 9, 30))

    assert not SubscriberProfile.objects.filter(subscriber=gone).exists()
    assert ProfileSnapshot.objects.filter(subscriber=gone, as_of=date(2026, 9, 30)).exists()


def test_later_facts_move_nothing():
    line = make.make_subscriber()
    make.make_usage_month(subscriber=line, month=date(2026, 9, 1))
    make.make_bill(subscriber=line, month=date(2026, 9, 1))
    make_days(line, until=AS_OF, days=30, calls_out=1)
    before = profile_of(line)

    later = AS_OF + timedelta(days=1)
    make_days(line, until=later + timedelta(days=3), days=4, calls_out=99, forwarded_rival=9)
    make.make_usage_month(subscriber=line, month=date(2026, 11, 1), calls_out=999)
    make.make_bill(subscriber=line, month=date(2026, 11, 1), total=999)
    make.make_ticket(subscriber=line, opened_at=at(later, 0))
    make.make_contract(subscriber=line, starts_on=later, ends_on=date(2028, 1, 1))
    StatusEvent.objects.create(event_no="E1", subscriber=line, at=at(later, 0), kind=StatusEvent.Kind.PORT_OUT_INQUIRY)
    Payment.objects.create(payment_no="P1", account=line.account, paid_at=at(later, 0), amount=50)
    Terminal.objects.create(subscriber=line, first_seen_on=later, generation="5G")
    after = profile_of(line)

    moved = [
        f.attname for f in SubscriberProfile._meta.fields if getattr(before, f.attname) != getattr(after, f.attname)
    ]
    assert moved == []


def test_an_event_in_the_last_hour_of_the_day_belongs_to_it():
    line = make.make_subscriber()
    StatusEvent.objects.create(event_no="E1", subscriber=line, at=at(AS_OF, 23), kind=StatusEvent.Kind.PORT_OUT_INQUIRY)

    profile = profile_of(line)

    assert profile.port_inquiries_60d == 1
    assert profile.days_since_port_inquiry == 0


@pytest.mark.parametrize(("hour", "minute"), [(1, 0), (7, 59), (8, 1), (23, 59)])
def test_a_payment_of_any_hour_counts_for_the_operators_day(hour, minute):
    line = make.make_subscriber()
    paid = at(AS_OF - timedelta(days=1), hour).replace(minute=minute)
    Payment.objects.create(payment_no="P1", account=line.account, paid_at=paid, amount=50)

    assert profile_of(line).days_since_payment == 1


def test_building_a_date_twice_builds_nothing_the_second_time():
    make.make_subscriber()

    assert build_profile(as_of=AS_OF) == 1
    assert build_profile(as_of=AS_OF) == 0


def test_the_snapshot_of_a_night_equals_the_profile_of_that_night():
    line = make.make_subscriber()
    make_days(line, until=AS_OF, days=30, calls_out=3, data_mb=10)
    profile = profile_of(line)

    assert take_snapshot(as_of=AS_OF) == 1
    assert take_snapshot(as_of=AS_OF) == 0
    kept = ProfileSnapshot.objects.get(subscriber=line)

    differing = [
        f.attname
        for f in kept._meta.fields
        if f.attname != "pk" and getattr(kept, f.attname) != getattr(profile, f.attname)
    ]
    assert differing == []


def test_the_operators_own_fields_come_along():
    line = make.make_subscriber()
    field = make.make_custom_field(key="payment_method")
    line.attribute_rows.create(field=field, value="Electronic check")

    assert profile_of(line).attributes == {"payment_method": "Electronic check"}
