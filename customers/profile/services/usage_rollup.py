"""Days rolled up to months, for operators that send days. A month that billing sent itself is left alone.

Which months have new days is known without looking at the days: loads and deletions note them (`UsageMonthDue`). A day
therefore becomes part of its month whenever it comes: a first load of past months, or a correction of a closed one.
Snapshots that were taken and outcomes that were counted are not made again, so what was judged stays as it was known.
"""

from datetime import date, timedelta

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from customers.facts.models import Usage, UsageDay, UsageMonth, UsageMonthDue
from retention.core.db import partitioned_tables

ONE_DAY = timedelta(days=1)
DAYS, MONTHS, DUE = (model._meta.db_table for model in (UsageDay, UsageMonth, UsageMonthDue))
SUMMED_COLUMNS = [field.attname for field in Usage._meta.local_fields if field.attname not in {"source_version"}]
KEPT_COLUMNS = [*SUMMED_COLUMNS, "active_days"]
# The months are taken off the list before their days are read: days that come meanwhile put them on it again.
TAKE_SQL = f"""
    WITH taken AS (DELETE FROM {DUE} WHERE month = %(month)s RETURNING subscriber_id)
    DELETE FROM {MONTHS} t USING (SELECT DISTINCT subscriber_id FROM taken WHERE subscriber_id IS NOT NULL) lost
    WHERE t.subscriber_id = lost.subscriber_id AND t.month = %(month)s AND t.rolled_up AND NOT EXISTS (
        SELECT FROM {DAYS} u WHERE u.subscriber_id = t.subscriber_id AND u.day BETWEEN %(month)s AND %(until)s
    )
"""
SUM_SQL = f"""
    INSERT INTO {MONTHS} AS t (subscriber_id, month, rolled_up, {", ".join(KEPT_COLUMNS)})
    SELECT subscriber_id, %(month)s, true, {", ".join(f"sum({name})" for name in SUMMED_COLUMNS)},
           count(*) FILTER (WHERE calls_out + calls_in + sms_out > 0 OR data_mb > 0)
    FROM {DAYS} WHERE day BETWEEN %(month)s AND %(until)s GROUP BY subscriber_id
    ON CONFLICT (subscriber_id, month) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in KEPT_COLUMNS)}
    WHERE t.rolled_up AND ({", ".join(f"t.{name}" for name in KEPT_COLUMNS)})
          IS DISTINCT FROM ({", ".join(f"excluded.{name}" for name in KEPT_COLUMNS)})
"""


def roll_up_usage(*, as_of: date) -> int:
    """Sum the days, up to `as_of`, of every month in which days came, changed or were deleted since it was summed.

    Each month is one transaction. A month that is not over on `as_of` stays due: a night more belongs to it.
    Returns the rows that changed.
    """
    due = UsageMonthDue.objects.filter(month__lte=as_of).order_by("month").values_list("month", flat=True).distinct()
    months = list(due)
    partitioned_tables.ensure_partitions(MONTHS, months)
    return sum(_roll_up_month(month, as_of) for month in months)


@transaction.atomic
def _roll_up_month(month: date, as_of: date) -> int:
    last = partitioned_tables.next_month(month) - ONE_DAY
    with connection.cursor() as cursor:
        changed = sum(_run(cursor, sql, month, min(as_of, last)) for sql in (TAKE_SQL, SUM_SQL))
    if as_of < last:
        UsageMonthDue.objects.create(month=month)
    return changed


def _run(cursor: CursorWrapper, sql: str, month: date, until: date) -> int:
    cursor.execute(sql, {"month": month, "until": until})
    return cursor.rowcount
