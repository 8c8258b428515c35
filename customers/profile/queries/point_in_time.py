"""Point-in-time views: tables as they stood on a past date, put in front of today's for the profile's SQL.

Each shadow is a query under the name of the table it stands for; put into WITH, everything that reads the table reads
the shadow. Past values come from the ingest's record of replaced values, and for the time before it from events that
name the old value: of both, the first after the date counts.
"""

from datetime import date, datetime, timedelta

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from customers.facts.models import Account, Customer, PastValue, Plan, StatusEvent, Subscriber
from customers.fields.history import history_columns
from customers.lists.models import ListEntry
from retention.core import clock
from retention.core.db.temporary_tables import TemporaryTable

# The facts of a day come until the end of the next one. What was replaced later makes the date a past one.
ARRIVAL_TIME = timedelta(days=1)
HISTORY_TABLE = PastValue._meta.db_table
SUBSCRIBER_TABLE = Subscriber._meta.db_table
LIST_TABLE = ListEntry._meta.db_table
CUSTOMER_TABLE = Customer._meta.db_table
EVENT_TABLE = StatusEvent._meta.db_table
PAST_VALUES = TemporaryTable("past_values", {"table": "text", "row": "bigint", "was": "jsonb"})

# Kinds of events that say what was before them, as VALUES_FROM_EVENTS_SQL reads them.
TELLING_EVENTS = ("plan_change", "tier_change", "stop", "restore")
# Values on a date according to later events: "table", row, column, was, until.
VALUES_FROM_EVENTS_SQL = f"""
    SELECT '{SUBSCRIBER_TABLE}', e.subscriber_id, 'plan_id', to_jsonb(p.id), e.at
    FROM {EVENT_TABLE} e JOIN {Plan._meta.db_table} p ON p.code = e.detail ->> 'from'
    WHERE e.kind = 'plan_change' AND e.at >= %(until)s
  UNION ALL
    SELECT '{CUSTOMER_TABLE}', a.customer_id, 'tier', e.detail -> 'from', e.at
    FROM {EVENT_TABLE} e
    JOIN {SUBSCRIBER_TABLE} s ON s.id = e.subscriber_id JOIN {Account._meta.db_table} a ON a.id = s.account_id
    WHERE e.kind = 'tier_change' AND e.at >= %(until)s
      AND e.detail ->> 'from' IN ('none', 'silver', 'gold', 'diamond')
  UNION ALL
    SELECT '{SUBSCRIBER_TABLE}', e.subscriber_id, said."column", said.was, e.at
    FROM {EVENT_TABLE} e CROSS JOIN LATERAL (VALUES
        ('status', to_jsonb(CASE e.kind WHEN 'stop' THEN 'active' ELSE 'stopped' END)),
        ('status_reason', CASE e.kind WHEN 'stop' THEN to_jsonb(''::text) END)
    ) AS said("column", was)
    WHERE e.kind IN ('stop', 'restore') AND e.at >= %(until)s AND said.was IS NOT NULL
"""
PRIOR_STATUS = f"""
    coalesce((
        SELECT CASE v.kind WHEN 'stop' THEN 'stopped' ELSE 'active' END FROM {EVENT_TABLE} v
        WHERE v.subscriber_id = t.id AND v.kind IN ('stop', 'restore') AND v.at < %(until)s ORDER BY v.at DESC LIMIT 1
    ), 'active')
"""
PAST_VALUES_SQL = f"""
    SELECT "table", "row", jsonb_object_agg("column", was) AS was
    FROM (
        SELECT DISTINCT ON ("table", "row", "column") "table", "row", "column", was
        FROM (
            SELECT "table", "row", "column", was, until, 0 AS told FROM {HISTORY_TABLE} WHERE until >= %(until)s
            UNION ALL SELECT told.*, 1 FROM ({VALUES_FROM_EVENTS_SQL}) AS told
        ) AS every("table", "row", "column", was, until, told)
        ORDER BY "table", "row", "column", until, told
    ) AS first GROUP BY "table", "row"
"""


def changed_since(at: datetime) -> bool:
    """Whether lines are known to have been otherwise before the instant: a kept value was replaced, a line ended, or an
    event that names the old value happened at it or after.

    A base that was loaded with its history has no replaced values, and yet its past nights have lines that left since.
    """
    gone = Subscriber.objects.filter(status=Subscriber.Status.TERMINATED, terminated_on__gte=timezone.localdate(at))
    told = StatusEvent.objects.filter(kind__in=TELLING_EVENTS, at__gte=at)
    return PastValue.objects.filter(until__gte=at).exists() or gone.exists() or told.exists()


def shadow_tables(cursor: CursorWrapper, *, until: datetime) -> dict[str, str]:
    """{table: query that gives its rows as they stood before `until`}, for the current transaction.

    The queries take the parameters `until` and `as_of`; tables without later changes are left out.
    """
    PAST_VALUES.create_as(cursor, PAST_VALUES_SQL, {"until": until})
    cursor.execute(f'CREATE INDEX ON {PAST_VALUES} ("table", "row")')
    cursor.execute(f'SELECT DISTINCT "table" FROM {PAST_VALUES}')
    changed = {table for (table,) in cursor.fetchall()} | {SUBSCRIBER_TABLE}
    found = {
        model._meta.db_table: _shadow_table(model._meta.db_table, columns)
        for model, columns in _types().items()
        if model._meta.db_table in changed
    }
    return found | {LIST_TABLE: f"SELECT * FROM {LIST_TABLE} WHERE created_at < %(until)s"}


def as_it_stood(cursor: CursorWrapper, *, on: date) -> tuple[str, dict[str, date | datetime]]:
    """A WITH, and its parameters, that puts the tables as they stood on a date in front of today's; "" where nothing
    has changed since. Facts of the date that came by the end of the next day count."""
    known_by = clock.midnight(on + timedelta(days=1)) + ARRIVAL_TIME
    params: dict[str, date | datetime] = {"as_of": on, "until": known_by}
    if not changed_since(known_by):
        return "", params
    shadows = shadow_tables(cursor, until=known_by)
    return "WITH " + ", ".join(f"{table} AS NOT MATERIALIZED ({query})" for table, query in shadows.items()), params


def _types() -> dict:
    """{model: {column: its SQL type, or nothing where no past is kept}}."""
    return {
        model: {
            field.column: (field.rel_db_type(connection) if field.is_relation else field.db_type(connection))
            if field.column in kept
            else ""
            for field in model._meta.local_concrete_fields
        }
        for model, kept in history_columns().items()
    }


def _shadow_table(table: str, columns: dict[str, str]) -> str:
    """Columns without a type are as they are today."""
    return (
        f"SELECT {', '.join(_column(table, name, kind) for name, kind in columns.items())} FROM {table} t"
        f' LEFT JOIN {PAST_VALUES} h ON h."table" = \'{table}\' AND h."row" = t.id'
    )


def _column(table: str, name: str, kind: str) -> str:
    if not kind:
        return f't."{name}"'
    today = f't."{name}"'
    if (table, name) == (SUBSCRIBER_TABLE, "status"):
        # Terminated by now but present then: its status follows from its last stop or restore before the date.
        today = (
            f"CASE WHEN t.status = 'terminated' AND t.terminated_on > %(as_of)s THEN {PRIOR_STATUS} ELSE t.status END"
        )
    return f"CASE WHEN h.was ? '{name}' THEN (h.was ->> '{name}')::{kind} ELSE {today} END AS \"{name}\""
