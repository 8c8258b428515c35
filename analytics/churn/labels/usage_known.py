"""Whether the facts that a label rests on are there for the base at all. What is missing must not look like silence."""

from datetime import date

from django.db import connection

from analytics.churn.labels.outcome import Outcome
from analytics.models import Meaning
from customers.profile.windows import months_before

# A month of which less than this part of the usual rows came has not arrived.
SHORT = 0.8
USAGE, BILLS = "customers_usagemonth", "customers_bill"


def facts_there(*, snapshot: date, outcome: Outcome) -> bool:
    """Usage (for spend: bills) of every month of the observation and of those of the outcome that the label needs."""
    month = snapshot.replace(day=1)
    observed = _months(outcome.first_observed(snapshot), month)
    if outcome.meaning == Meaning.SPENDS_LESS:
        first = outcome.first_bill(snapshot)
        return _arrived(BILLS, observed, _months(first, months_before(first, 1 - outcome.bills)))
    needed = [outcome.silent_month(snapshot)] if outcome.meaning == Meaning.LEAVES else []
    return _arrived(USAGE, observed, needed)


def types_in_use(*, snapshot: date, outcome: Outcome) -> list[str]:
    """The line types of which any line was in use on the snapshot and any is in the month that silence is told by."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.line_type FROM (SELECT DISTINCT line_type FROM customers_profilesnapshot"
            " WHERE as_of = %(snapshot)s AND NOT silent) t WHERE EXISTS (SELECT FROM customers_usagemonth u"
            " JOIN customers_profilesnapshot p ON p.subscriber_id = u.subscriber_id AND p.as_of = %(snapshot)s"
            " WHERE u.month = %(month)s AND p.line_type = t.line_type"
            " AND (u.calls_out + u.calls_in > 0 OR u.data_mb > 0))",
            {"snapshot": snapshot, "month": outcome.silent_month(snapshot)},
        )
        return [line_type for (line_type,) in cursor.fetchall()]


def _months(first: date, last: date) -> list[date]:
    found = []
    while first <= last:
        found.append(first)
        first = months_before(first, -1)
    return found


def _arrived(table: str, observed: list[date], needed: list[date]) -> bool:
    """Any row of each observed month, and of each needed one nearly as many as of the last observed one."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT m.month::date FROM unnest(%s::date[]) AS m(month),"
            f" LATERAL (SELECT FROM {table} f WHERE f.month = m.month LIMIT 1) AS hit",
            [observed],
        )
        if len(cursor.fetchall()) < len(observed):
            return False
        if not needed:
            return True
        cursor.execute(
            f"SELECT month, count(*) FROM {table} WHERE month = ANY(%s::date[]) GROUP BY 1",
            [[observed[-1], *needed]],
        )
        rows = dict(cursor.fetchall())
    return all(rows.get(month, 0) >= SHORT * rows[observed[-1]] for month in needed)
