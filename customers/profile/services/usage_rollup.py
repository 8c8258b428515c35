"""Days rolled up to months, for operators that send days. A month that billing sent itself is left alone."""

from datetime import date, timedelta

from django.db import connection

from customers.facts.models import Usage
from retention.core.db import partitioned_tables

LATE_ARRIVAL, ONE_DAY = timedelta(days=5), timedelta(days=1)
SUMMED_COLUMNS = [field.attname for field in Usage._meta.local_fields if field.attname not in {"source_version"}]


def roll_up_usage(*, as_of: date) -> int:
    """Sum the days of the month of `as_of` up to that day, and in its first days the month before once more: late days.

    Returns the rows that changed.
    """
    months = sorted({partitioned_tables.month_start(as_of - LATE_ARRIVAL), partitioned_tables.month_start(as_of)})
    partitioned_tables.ensure_partitions("customers_usagemonth", months)
    return sum(_roll_up_month(month, min(as_of, partitioned_tables.next_month(month) - ONE_DAY)) for month in months)


def _roll_up_month(month: date, until: date) -> int:
    names = ", ".join(SUMMED_COLUMNS)
    sums = ", ".join(f"sum({name})" for name in SUMMED_COLUMNS)
    settings = ", ".join(f"{name} = excluded.{name}" for name in [*SUMMED_COLUMNS, "active_days"])
    old = ", ".join(f"t.{name}" for name in [*SUMMED_COLUMNS, "active_days"])
    new = ", ".join(f"excluded.{name}" for name in [*SUMMED_COLUMNS, "active_days"])
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO customers_usagemonth AS t (subscriber_id, month, rolled_up, {names}, active_days)
            SELECT subscriber_id, %(month)s, true, {sums},
                   count(*) FILTER (WHERE calls_out + calls_in + sms_out > 0 OR data_mb > 0)
            FROM customers_usageday WHERE day BETWEEN %(month)s AND %(until)s GROUP BY subscriber_id
            ON CONFLICT (subscriber_id, month) DO UPDATE SET {settings}
            WHERE t.rolled_up AND ({old}) IS DISTINCT FROM ({new})
            """,  # noqa: S608
            {"month": month, "until": until},
        )
        return cursor.rowcount
