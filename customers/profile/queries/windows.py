"""The date ranges a profile reads. Pure, given the facts that have arrived."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, timedelta
from math import sqrt
from typing import Any, Self

from django.conf import settings
from django.db import connection, models
from django.db.models import Max

from customers.facts.models import Account, Bill, Payment, Subscriber, Tie, UsageDay, UsageMonth
from retention.core import clock

RECENT_DAYS, HALF_YEAR = 30, 6
DAYS_NEEDED = 25
PROBE_COUNT, LINES_A_PROBE = 20, 50
ACCOUNTS, PAYMENTS = Account._meta.db_table, Payment._meta.db_table
# A month of which less than this part of the rows of the month before came has not arrived.
ARRIVED_SHARE = 0.8
# A month's bills are made in the first days of the next: a month-end profile must not use them, or training would.
BILL_LAG = timedelta(days=5)


def is_month_end(day: date) -> bool:
    return (day + timedelta(days=1)).day == 1


@dataclass(frozen=True)
class Windows:
    """as_of is inclusive; `until` is the first instant after it in the operator's time zone."""

    as_of: date
    until: datetime
    zone: str
    recent_from: date
    recent_month: date
    recent_scale: float
    recent_by_day: bool
    days_arrived: int
    base_from: date
    base_to: date
    half_from: date
    bill_month: date
    bill_base_from: date
    bill_from: date
    topup_months: list[date]
    topup_month: date
    topup_base_from: date
    topup_from: datetime
    topup_until: datetime
    tie_month: date

    def params(self) -> dict:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """The windows whose `params` were kept as JSON."""
        parsers: dict[Any, Callable] = {
            date: date.fromisoformat,
            datetime: datetime.fromisoformat,
            list[date]: lambda days: [date.fromisoformat(day) for day in days],
        }
        return cls(**{one.name: parsers.get(one.type, lambda it: it)(kept[one.name]) for one in fields(cls)})


def months_before(month: date, count: int) -> date:
    total = month.year * 12 + month.month - 1 - count
    return date(total // 12, total % 12 + 1, 1)


def last_complete_month(as_of: date) -> date:
    """The month that ended on or before `as_of`."""
    tomorrow = as_of + timedelta(days=1)
    return months_before(tomorrow.replace(day=1), 1)


def profile_windows(as_of: date) -> Windows:
    """The windows of a night, from what has arrived by then."""
    recent_from = as_of - timedelta(days=RECENT_DAYS - 1)
    arrived = _days_arrived(recent_from, as_of)
    by_day = arrived >= DAYS_NEEDED
    complete = last_complete_month(as_of)
    recent_month = newest_month(UsageMonth, complete) or complete
    # Months that overlap the recent window are not part of what it is compared with.
    base_to = months_before(recent_from.replace(day=1), 1) if by_day else months_before(recent_month, 1)
    billed = last_complete_month(as_of - BILL_LAG)
    bill_month = newest_month(Bill, billed) or billed
    topups = topup_months(months_before(complete, HALF_YEAR - 1), complete)
    topup_month = max(topups, default=complete)
    days_in_month = (months_before(recent_month, -1) - recent_month).days
    return Windows(
        as_of=as_of,
        until=clock.midnight(as_of + timedelta(days=1)),
        zone=settings.TIME_ZONE,
        recent_from=recent_from,
        recent_month=recent_month,
        recent_scale=RECENT_DAYS / arrived if by_day else RECENT_DAYS / days_in_month,
        recent_by_day=by_day,
        days_arrived=arrived,
        base_from=months_before(base_to, 2),
        base_to=base_to,
        half_from=months_before(base_to, 5),
        bill_month=bill_month,
        bill_base_from=months_before(bill_month, 3),
        bill_from=months_before(bill_month, HALF_YEAR - 1),
        topup_months=topups,
        topup_month=topup_month,
        topup_base_from=months_before(topup_month, 3),
        topup_from=clock.midnight(months_before(complete, HALF_YEAR - 1)),
        topup_until=clock.midnight(months_before(complete, -1)),
        # The circle of a month is known when the month is over.
        tie_month=_newest_ties(complete) or complete,
    )


def topup_months(first: date, last: date) -> list[date]:
    """The months from `first` to `last` of which payments have come, oldest first; not the newest while far short."""
    counts = payment_counts(first, last)
    months = list(counts)
    if months and is_far_short(counts[months[-1]], counts.get(months_before(months[-1], 1), 0)):
        months.pop()
    return months


def is_far_short(payments: int, before: int) -> bool:
    """Whether a month's payments, against those of the month before, have not arrived. Few may be fewer by chance."""
    return before > 0 and (not payments or payments < ARRIVED_SHARE * before - 3 * sqrt(before))


def payment_counts(first: date, last: date, *, prepaid_only: bool = False) -> dict[date, int]:
    """{month: payments} of the months from `first` to `last` that have any, oldest first.

    prepaid_only: those on accounts that are prepaid today, so not for windows of a past date.
    """
    prepaid = f"AND m.account_id IN (SELECT id FROM {ACCOUNTS} WHERE pay_mode = %(prepaid)s)" if prepaid_only else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT date_trunc('month', m.paid_at AT TIME ZONE %(zone)s)::date AS month, count(*)"
            f" FROM {PAYMENTS} m WHERE m.paid_at >= %(from)s AND m.paid_at < %(until)s {prepaid} GROUP BY 1 ORDER BY 1",
            {
                "zone": settings.TIME_ZONE,
                "prepaid": Account.PayMode.PREPAID,
                "from": clock.midnight(first),
                "until": clock.midnight(months_before(last, -1)),
            },
        )
        return dict(cursor.fetchall())


def _days_arrived(first: date, last: date) -> int:
    """On how many of these days usage arrived, by a spread sample of lines (an exact count reads them all).

    Of lines that were there: a base that has doubled since must not make the probes miss."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH ends AS (
                SELECT min(id) AS low, max(id) AS high FROM {Subscriber._meta.db_table}
                WHERE activated_on <= %(last)s
            ),
            probes AS (
                SELECT low + (high - low) * n / %(probes)s AS low FROM ends, generate_series(0, %(probes)s) AS g(n)
            )
            SELECT count(DISTINCT u.day) FROM probes, LATERAL (
                SELECT day FROM {UsageDay._meta.db_table}
                WHERE subscriber_id BETWEEN probes.low AND probes.low + %(lines)s AND day BETWEEN %(first)s AND %(last)s
            ) AS u
            """,
            {"probes": PROBE_COUNT, "lines": LINES_A_PROBE, "first": first, "last": last},
        )
        return cursor.fetchone()[0]


def newest_month(model: type[models.Model], limit: date) -> date | None:
    """The latest month up to `limit` of which any row has arrived, of the last three years.

    One probe a partition, in one statement: there is no index by month, so max() would read them all.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(m.month)::date FROM generate_series(%s::date, %s::date, '-1 month') AS m(month),"
            f" LATERAL (SELECT 1 FROM {model._meta.db_table} f WHERE f.month = m.month::date LIMIT 1) AS hit",
            [limit.replace(day=1), months_before(limit.replace(day=1), 36)],
        )
        return cursor.fetchone()[0]


def _newest_ties(limit: date) -> date | None:
    return Tie.objects.filter(month__lte=limit).aggregate(newest=Max("month"))["newest"]
