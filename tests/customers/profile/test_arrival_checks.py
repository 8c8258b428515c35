from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from customers.facts.models import Balance, Bill, Payment, UsageDay
from customers.profile import checks
from customers.profile.queries import arrivals
from retention.core.db import partitioned_tables
from tests import factories as make

pytestmark = pytest.mark.django_db
AS_OF = date(2026, 11, 20)


@pytest.fixture
def lines():
    return [make.make_subscriber() for _ in range(10)]


@pytest.fixture
def many():
    """Enough lines for shares to mean something."""
    plan, account = make.make_plan(), make.make_account()
    return [make.make_subscriber(plan=plan, account=account) for _ in range(60)]


def usage_arrives(lines, day: date, **use: float) -> None:
    partitioned_tables.ensure_partitions("customers_usageday", [day])
    UsageDay.objects.filter(day=day).delete()
    UsageDay.objects.bulk_create(UsageDay(subscriber=line, day=day, **use) for line in lines)


def five_weeks(lines, **use: float) -> None:
    for back in range(35):
        usage_arrives(lines, AS_OF - timedelta(days=back), **use)


def arrival(fact: str) -> checks.Arrival:
    [found] = checks.check_arrivals(as_of=AS_OF, feeds=[fact])
    return found


def held(fact: str = "usage-days") -> dict:
    return checks.held_feeds([one for one in checks.check_arrivals(as_of=AS_OF) if one.fact == fact])


def top_up(line, day: date) -> None:
    at = datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
    Payment.objects.create(payment_no=make.number("M"), account=line.account, paid_at=at, amount=50)


def test_usual_days_hold_nothing(lines):
    for back in range(8):
        usage_arrives(lines, AS_OF - timedelta(days=back))
    assert held() == {}


def test_a_missing_day_holds_what_needs_it(lines):
    for back in range(1, 8):
        usage_arrives(lines, AS_OF - timedelta(days=back))
    assert "has not arrived" in held()["usage-days"]
    assert arrival("usage-days").is_late


def test_a_short_day_holds_what_needs_it(lines):
    for back in range(1, 8):
        usage_arrives(lines, AS_OF - timedelta(days=back))
    usage_arrives(lines[:7], AS_OF)
    assert "far short" in held()["usage-days"]


def test_days_that_have_stopped_coming_hold_what_needs_them(lines):
    usage_arrives(lines, AS_OF - timedelta(days=20))
    assert "no daily usage" in held()["usage-days"]
    assert not arrival("usage-days").is_late


def test_a_day_of_zeros_is_far_off_the_same_weekday(many):
    five_weeks(many, calls_out=3, data_mb=40)
    assert held() == {}
    usage_arrives(many, AS_OF)
    assert "far off the same day of other weeks" in held()["usage-days"]
    assert arrival("usage-days").off == ["calls_out", "data_mb"]
    assert arrival("usage-days").is_late


def test_five_days_of_zeros_do_not_become_the_usual(many):
    five_weeks(many, calls_out=3)
    for back in range(5):
        usage_arrives(many, AS_OF - timedelta(days=back))
    assert arrival("usage-days").off == ["calls_out"]


def test_one_measure_that_is_gone_is_enough(many):
    five_weeks(many, calls_out=3, data_mb=40)
    usage_arrives(many, AS_OF, data_mb=40)
    assert arrival("usage-days").off == ["calls_out"]


@pytest.mark.parametrize(("bad_days", "is_held"), [(1, False), (2, True)])
def test_good_usage_after_several_bad_days_is_held(many, bad_days: int, is_held: bool):
    five_weeks(many, calls_out=3)
    UsageDay.objects.filter(day=AS_OF - timedelta(days=2)).delete()
    for back in range(3, 2 + bad_days):
        usage_arrives(many, AS_OF - timedelta(days=back))
    assert bool(held()) == is_held
    if is_held:
        assert "several of the last days" in held()["usage-days"]


def test_a_feed_that_a_person_takes_as_it_is_holds_nothing(many):
    five_weeks(many, calls_out=3)
    usage_arrives(many, AS_OF)
    assert not checks.held_feeds(checks.check_arrivals(as_of=AS_OF, feeds=["usage-days"], accepted=["usage-days"]))


def bills_arrive(lines, month: date, total: Decimal) -> None:
    partitioned_tables.ensure_partitions("customers_bill", [month])
    Bill.objects.bulk_create(Bill(subscriber=line, month=month, plan_fee=total, total=total) for line in lines)


@pytest.mark.parametrize(
    ("total", "off"), [("59", []), ("0", ["plan_fee", "total"]), ("5900", ["plan_fee", "total"]), ("80", [])]
)
def test_bills_of_zero_or_in_another_unit_are_far_off_the_month_before(many, total: str, off: list[str]):
    bills_arrive(many, date(2026, 9, 1), Decimal("60"))
    bills_arrive(many, date(2026, 10, 1), Decimal(total))
    assert arrival("bills").off == off
    assert arrival("bills").is_late == bool(off)


def balances_arrive(accounts, day: date, balance: Decimal) -> None:
    partitioned_tables.ensure_partitions("customers_balance", [day])
    Balance.objects.bulk_create(Balance(account=one, day=day, balance=balance) for one in accounts)


@pytest.mark.parametrize(("newest", "why"), [("20", ""), ("0", "the newest balances are zero")])
def test_balances_of_zero_for_everybody_are_not_believed(newest: str, why: str):
    accounts = [make.make_account() for _ in range(30)]
    balances_arrive(accounts, date(2026, 10, 31), Decimal("30"))
    balances_arrive(accounts, AS_OF, Decimal(newest))
    assert arrival("balances").why == why


def test_of_a_large_base_spread_lines_are_looked_at(many, monkeypatch):
    five_weeks(many, calls_out=3)
    monkeypatch.setattr(arrivals, "RANGES", 5)
    monkeypatch.setattr(arrivals, "IDS_A_RANGE", 4)
    [tally] = arrivals.USAGE_DAYS.tallies(AS_OF, AS_OF).values()
    assert 0 < tally.rows <= 20 and tally.used["calls_out"] == tally.rows
    assert arrival("usage-days").rows == 60


@pytest.mark.parametrize("fact", ["usage-days", "bills", "payments", "balances"])
def test_a_feed_that_was_never_sent_holds_nothing_where_another_tells_the_same(lines, fact):
    make.make_usage_month(subscriber=lines[0], month=date(2026, 10, 1))
    top_up(lines[0], date(2026, 10, 10))
    assert held(fact) == {}


@pytest.mark.parametrize("fact", ["usage-days", "bills"])
def test_where_neither_comes_what_needs_it_is_held(lines, fact):
    assert fact in held(fact)


def test_bills_that_have_stopped_coming_hold_what_needs_them(lines):
    make.make_bill(subscriber=lines[0], month=date(2026, 7, 1))
    assert "no bills" in held("bills")["bills"]


def test_top_ups_of_a_month_that_are_far_short_hold_what_needs_them():
    line = make.make_subscriber(account=make.make_account(pay_mode="prepaid"))
    for _number in range(100):
        top_up(line, date(2026, 9, 10))
    assert "far short" in held("payments")["payments"]
    for _number in range(49):
        top_up(line, date(2026, 10, 10))
    assert "far short" in held("payments")["payments"]
    top_up(line, date(2026, 10, 31))
    assert held("payments") == {}


def test_what_postpaid_accounts_pay_is_no_top_up(lines):
    top_up(lines[0], date(2026, 9, 10))
    assert held("payments") == {}
