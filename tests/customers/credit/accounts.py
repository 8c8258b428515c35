"""Accounts small enough to score by hand, as of AS_OF."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from customers.credit.models import AccountCredit
from customers.facts.models import Account, Balance, Payment, Subscriber
from customers.profile.queries.windows import months_before
from customers.profile.services import build_profile
from retention.core.db import partitioned_tables
from tests import factories as make

AS_OF = date(2026, 11, 15)
OCTOBER = date(2026, 10, 1)
YEAR = [months_before(OCTOBER, back) for back in range(12)]


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


def ago(days: int) -> date:
    return AS_OF - timedelta(days=days)


def prepaid_line(**given) -> Subscriber:
    return make.make_subscriber(account=make.make_account(pay_mode=Account.PayMode.PREPAID), **given)


def bill(line: Subscriber, months: Iterable[date], *, late_by: int | None = 0, total: int = 60, **given) -> None:
    """Bills due on the 20th of the next month, paid so many days later; None: not paid."""
    for month in months:
        due = months_before(month, -1).replace(day=20)
        paid = None if late_by is None else due + timedelta(days=late_by)
        make.make_bill(**{"subscriber": line, "month": month, "total": total, "due_on": due, "paid_on": paid} | given)


def top_up(line: Subscriber, days: Iterable[date], amount: int = 50) -> None:
    for day in days:
        Payment.objects.create(payment_no=make.number("M"), account=line.account, paid_at=noon(day), amount=amount)


def balance(line: Subscriber, day: date, left: int, arrears: int = 0) -> None:
    partitioned_tables.ensure_partitions("customers_balance", [day])
    Balance.objects.create(account=line.account, day=day, balance=left, arrears=arrears)


def stop(line: Subscriber, *days: int, reason: str = "arrears") -> None:
    for back in days:
        make.make_event(subscriber=line, kind="stop", reason=reason, at=noon(ago(back)))


def complain(line: Subscriber, *days: int) -> None:
    for back in days:
        make.make_ticket(subscriber=line, opened_at=noon(ago(back)))


def credit_of(line: Subscriber, as_of: date = AS_OF) -> AccountCredit:
    build_profile(as_of=as_of, force=True)
    return AccountCredit.objects.get(account=line.account_id)
