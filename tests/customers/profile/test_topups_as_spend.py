"""What a prepaid line that is not billed spends is what its account is topped up with."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from customers.facts.models import Account, Balance, Payment, Subscriber
from customers.fields.choices import SpendSource
from customers.profile.models import SubscriberProfile
from customers.profile.services import build_profile
from retention.core.db import partitioned_tables
from tests import factories as make

pytestmark = pytest.mark.django_db
AS_OF = date(2026, 11, 15)
JULY, AUGUST, SEPTEMBER, OCTOBER = (date(2026, month, 1) for month in (7, 8, 9, 10))
EARLIER = [date(2026, 5, 1), date(2026, 6, 1)]


def prepaid_line(**given) -> Subscriber:
    account = given.pop("account", None) or make.make_account(pay_mode=Account.PayMode.PREPAID)
    return make.make_subscriber(account=account, **given)


def top_up(line: Subscriber, day: date, amount: float, hour: int = 12) -> None:
    at = datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo("Asia/Shanghai"))
    Payment.objects.create(payment_no=make.number("M"), account=line.account, paid_at=at, amount=amount)


def top_up_months(line: Subscriber, amounts: dict[date, float]) -> None:
    for month, amount in amounts.items():
        top_up(line, month + timedelta(days=9), amount)


def balances(line: Subscriber, amounts: dict[date, float]) -> None:
    partitioned_tables.ensure_partitions("customers_balance", amounts)
    Balance.objects.bulk_create(Balance(account=line.account, day=day, balance=left) for day, left in amounts.items())


def profile_of(line: Subscriber, as_of: date = AS_OF) -> SubscriberProfile:
    build_profile(as_of=as_of, force=True)
    return SubscriberProfile.objects.get(subscriber=line)


def test_top_ups_are_the_spend_of_a_prepaid_line_without_bills():
    line = prepaid_line()
    top_up_months(line, {JULY: 100, AUGUST: 110, SEPTEMBER: 90, OCTOBER: 60})

    profile = profile_of(line)

    assert (profile.spend_source, profile.arpu, profile.bill_last, profile.bill_base) == (
        SpendSource.TOPUPS,
        90,
        60,
        100,
    )
    assert profile.bill_change == pytest.approx(-0.4)


def test_a_month_without_a_top_up_counts_as_nothing_from_the_month_of_joining():
    """Of the six months, top-ups have arrived of four; another line shows that they have."""
    top_up_months(prepaid_line(), dict.fromkeys([JULY, AUGUST, SEPTEMBER, OCTOBER], 50))
    old, new, idle = prepaid_line(), prepaid_line(activated_on=date(2026, 9, 20)), prepaid_line()
    top_up_months(old, {AUGUST: 80})
    top_up_months(new, {SEPTEMBER: 80})

    assert profile_of(old).arpu == 20
    assert profile_of(new).arpu == 40
    assert (profile_of(idle).arpu, profile_of(idle).bill_change) == (0, None)


def test_the_top_ups_of_the_month_of_the_night_wait_for_its_end():
    line = prepaid_line()
    top_up_months(line, {OCTOBER: 60})
    top_up(line, date(2026, 10, 31), 40, hour=23)
    top_up(line, date(2026, 11, 1), 900, hour=0)

    assert profile_of(line).arpu == 100
    assert profile_of(line, as_of=date(2026, 10, 31)).bill_last == 100


def test_lines_of_one_account_share_its_top_ups():
    line = prepaid_line()
    other = prepaid_line(account=line.account)
    gone = prepaid_line(account=line.account, status="terminated", terminated_on=date(2026, 11, 1))
    top_up_months(line, {SEPTEMBER: 100, OCTOBER: 100})

    assert profile_of(line).arpu == profile_of(other).arpu == 50
    assert not SubscriberProfile.objects.filter(subscriber=gone).exists()


def test_bills_are_the_spend_of_a_line_that_is_billed_however_it_pays():
    billed, postpaid = prepaid_line(), make.make_subscriber()
    for line in (billed, postpaid):
        top_up_months(line, {SEPTEMBER: 100, OCTOBER: 100})
    make.make_bill(subscriber=billed, month=OCTOBER, total=69)

    assert (profile_of(billed).spend_source, profile_of(billed).arpu) == (SpendSource.BILLS, 69)
    assert (profile_of(postpaid).spend_source, profile_of(postpaid).arpu) == (None, None)


def test_without_any_top_ups_the_spend_of_prepaid_lines_is_unknown_not_nothing():
    assert profile_of(prepaid_line()).arpu is None


def test_what_is_taken_back_does_not_make_the_spend_negative():
    line = prepaid_line()
    top_up_months(line, {SEPTEMBER: 50, OCTOBER: -200})
    assert profile_of(line).arpu == 0


def test_the_change_is_that_of_what_was_used_up_where_balances_are_known():
    """100 every other month, and 50 used up in each: the use has not fallen, though nothing came in October."""
    even = prepaid_line()
    top_up_months(even, {JULY: 100, SEPTEMBER: 100})
    unknown = prepaid_line()
    top_up_months(unknown, {JULY: 100, SEPTEMBER: 100})
    top_up_months(prepaid_line(), dict.fromkeys([JULY, AUGUST, SEPTEMBER, OCTOBER], 50))
    balances(even, {date(2026, 7, 31): 60, date(2026, 8, 31): 10, date(2026, 9, 30): 60, date(2026, 10, 30): 10})

    assert profile_of(even).bill_change == pytest.approx(0)
    assert profile_of(unknown).bill_change == pytest.approx(-1)


def test_the_balance_lasts_as_long_as_what_is_topped_up_and_is_unknown_without_one():
    line, without = prepaid_line(), prepaid_line()
    for one in (line, without):
        top_up_months(one, dict.fromkeys([JULY, AUGUST, SEPTEMBER, OCTOBER], 60))
    balances(line, {AS_OF: 20})

    assert profile_of(line).balance_days == 10
    assert profile_of(without).balance_days is None


@pytest.mark.parametrize(
    ("pay_mode", "balance", "expected"),
    [("prepaid", 40, 19), ("prepaid", 80, 0), ("postpaid", 40, 29), ("postpaid", 0, None)],
)  # fmt: skip
def test_what_is_short_at_the_month_end_is_the_fee_or_the_bill_paid_in_advance(pay_mode, balance, expected):
    line = make.make_subscriber(account=make.make_account(pay_mode=pay_mode))
    if pay_mode == "postpaid":
        make.make_bill(subscriber=line, month=OCTOBER, total=69)
    balances(line, {AS_OF: balance})

    profile = profile_of(line)

    assert profile.month_end_short == (None if expected is None else Decimal(expected))
    assert profile.month_days_left == 15
