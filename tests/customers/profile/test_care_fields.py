"""Fields of tier, roaming, points, services, spend and loyalty against facts small enough to check by hand."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from customers.facts.models import Subscriber, UsageDay
from customers.fields.loyalty import CARD, LEVEL_FLOORS, MOST_POINTS
from customers.profile.models import SubscriberProfile
from customers.profile.services import build_profile
from retention.core.db import partitioned_tables
from tests import factories as make

pytestmark = pytest.mark.django_db
AS_OF = date(2026, 10, 31)


def ago(days: int) -> date:
    return AS_OF - timedelta(days=days)


def at(days: int) -> datetime:
    day = ago(days)
    return datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


def profile_of(line: Subscriber) -> SubscriberProfile:
    build_profile(as_of=AS_OF, force=True)
    return SubscriberProfile.objects.get(subscriber=line)


def tier_event(line: Subscriber, days: int, was: str, now: str) -> None:
    make.make_event(subscriber=line, kind="tier_change", at=at(days), detail={"from": was, "to": now})


def test_the_last_change_of_the_tier_counts_in_whatever_order_the_events_came():
    line = make.make_subscriber()
    tier_event(line, 9, "gold", "silver")
    tier_event(line, 30, "silver", "gold")
    tier_event(line, -1, "silver", "diamond")  # after the day

    profile = profile_of(line)

    assert (profile.tier_move, profile.days_since_tier_change) == ("down", 9)


@pytest.mark.parametrize(
    ("was", "now", "move"), [("none", "silver", "up"), ("gold", "gold", None), ("old", "gold", None)]
)
def test_a_change_from_a_tier_that_is_not_known_has_no_direction(was, now, move):
    line = make.make_subscriber()
    tier_event(line, 2, was, now)
    assert profile_of(line).tier_move == move


def test_roaming_is_counted_in_trips_and_in_days():
    line = make.make_subscriber()
    for days in (3, 100, 400):
        make.make_event(subscriber=line, kind="roaming_start", at=at(days))
    partitioned_tables.ensure_partitions("customers_usageday", [ago(back) for back in range(31)])
    UsageDay.objects.bulk_create(
        UsageDay(subscriber=line, day=ago(back), calls_out=1, roaming_s=60 if back in {1, 2, 3, 20} else 0)
        for back in range(31)
    )

    profile = profile_of(line)

    assert (profile.roaming_starts_365d, profile.days_since_roaming_start) == (2, 3)
    assert (profile.roaming_days, profile.days_since_roaming) == (4, 1)


def test_no_more_points_expire_than_are_left():
    line, saver = make.make_subscriber(), make.make_subscriber()
    for one in (line, saver):
        make.make_points(subscriber=one, points=800, at=at(700), expires_on=AS_OF + timedelta(days=20))
        make.make_points(subscriber=one, points=300, at=at(40), expires_on=AS_OF + timedelta(days=50))
        make.make_points(subscriber=one, points=50, at=at(91), expires_on=AS_OF + timedelta(days=61))
    make.make_points(subscriber=line, points=-900, at=at(10))

    spent, kept = profile_of(line), SubscriberProfile.objects.get(subscriber=saver)

    assert (kept.points, kept.points_expiring_30d, kept.points_expiring_60d) == (1150, 800, 1100)
    assert (spent.points, spent.points_expiring_30d, spent.points_expiring_60d) == (250, 250, 250)
    assert (kept.points_earned_90d, kept.days_since_redemption, spent.days_since_redemption) == (300, None, 10)


def test_services_ordered_lately_and_packs_that_run():
    line = make.make_subscriber()
    make.make_service(subscriber=line, category="data", starts_on=ago(89))
    make.make_service(subscriber=line, category="music", starts_on=ago(90))
    make.make_service(subscriber=line, category="roaming", starts_on=ago(200), ends_on=ago(5))

    profile = profile_of(line)

    assert (profile.vas_ordered_90d, profile.days_since_vas_order, profile.vas_cancelled_90d) == (1, 89, 1)
    assert (profile.has_data_service, profile.has_roaming_service) == (True, False)


@pytest.mark.parametrize(
    ("data_mb", "roaming", "has", "fits"),
    [(12_288, 0, "", "data"), (12_287, 0, "", None), (12_288, 0, "data", None), (12_288, 4, "", "roaming"),
     (0, 3, "", None), (0, 4, "roaming", None)],
)  # fmt: skip
def test_a_service_fits_only_from_its_use_on_and_only_who_does_not_have_it(data_mb, roaming, has, fits):
    """The plan includes 10,240 MB."""
    line = make.make_subscriber()
    if has:
        make.make_service(subscriber=line, category=has)
    partitioned_tables.ensure_partitions("customers_usageday", [ago(back) for back in range(30)])
    UsageDay.objects.bulk_create(
        UsageDay(subscriber=line, day=ago(back), data_mb=data_mb / 30, calls_out=1, roaming_s=60 * (back < roaming))
        for back in range(30)
    )
    assert profile_of(line).service_fit == fits


def test_spend_and_use_against_the_month_before():
    line = make.make_subscriber()
    for month, total, data in ((6, 100, 0), (7, 90, 10), (8, 80, 16), (9, 60, 15)):
        make.make_bill(subscriber=line, month=date(2026, month, 1), total=total, data=data, roaming=month)
    for month, minutes, data_mb in ((8, 50, 0), (9, 100, 1000), (10, 75, 1500)):
        make.make_usage_month(subscriber=line, month=date(2026, month, 1), voice_out_s=minutes * 60, data_mb=data_mb)

    profile = profile_of(line)

    assert profile.spend_mom == pytest.approx(-0.25)
    assert float(profile.spend_3m) == pytest.approx(76.67)
    assert profile.data_bill_share == pytest.approx(0.25)
    assert (float(profile.roaming_bill_last), profile.bills_6m) == (9, 4)
    assert (profile.voice_mom, profile.data_mom) == (pytest.approx(-0.25), pytest.approx(0.5))


def test_tickets_and_plan_changes_by_days():
    line = make.make_subscriber()
    make.make_event(subscriber=line, kind="plan_change", at=at(12))
    make.make_ticket(subscriber=line, kind="fault", opened_at=at(8), closed_at=at(7))
    make.make_ticket(subscriber=line, opened_at=at(6))

    profile = profile_of(line)

    assert (profile.days_since_plan_change, profile.days_since_fault, profile.days_ticket_open) == (12, 8, 6)


def test_the_card_of_loyalty_adds_up():
    assert sum(max(points for _test, points in steps) for steps in CARD.values()) == MOST_POINTS
    assert min(LEVEL_FLOORS.values()) == 0


def test_loyalty_of_an_old_gold_customer_and_of_a_new_one():
    """Ten years 30, gold 14, one renewal 5, two lines 10, ten of ten 20; of the new one half of an answer not asked."""
    customer = make.make_customer(tier="gold", joined_on=date(2010, 1, 1))
    account = make.make_account(customer=customer)
    old = make.make_subscriber(account=account, activated_on=date(2016, 10, 1))
    make.make_subscriber(account=account)
    make.make_contract(subscriber=old, starts_on=ago(800), ends_on=ago(70))
    make.make_contract(subscriber=old, starts_on=ago(69), ends_on=AS_OF + timedelta(days=300))
    make.make_ticket(subscriber=old, opened_at=at(20), closed_at=at(19), satisfaction=10)
    new = make.make_subscriber(activated_on=ago(30))

    profile = profile_of(old)
    fresh = SubscriberProfile.objects.get(subscriber=new)

    assert (profile.contracts_renewed, profile.loyalty_score, profile.loyalty_level) == (1, 79, "very_high")
    assert profile.customer_months == pytest.approx(202, abs=0.5)
    assert (fresh.loyalty_score, fresh.loyalty_level) == (10, "low")
