from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from customers.facts.models import Payment, UsageDay
from customers.profile import checks
from retention.core.db import partitioned_tables
from tests import factories as make

pytestmark = pytest.mark.django_db
AS_OF = date(2026, 11, 20)


@pytest.fixture
def lines():
    return [make.make_subscriber() for _ in range(10)]


def usage_arrives(lines, day: date) -> None:
    partitioned_tables.ensure_partitions("customers_usageday", [day])
    UsageDay.objects.bulk_create(UsageDay(subscriber=line, day=day) for line in lines)


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


def test_a_short_day_holds_what_needs_it(lines):
    for back in range(1, 8):
        usage_arrives(lines, AS_OF - timedelta(days=back))
    usage_arrives(lines[:7], AS_OF)
    assert "far short" in held()["usage-days"]


def test_days_that_have_stopped_coming_hold_what_needs_them(lines):
    usage_arrives(lines, AS_OF - timedelta(days=20))
    assert "no daily usage" in held()["usage-days"]


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
