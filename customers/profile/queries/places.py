"""What acts on everybody in a place, measured once for each branch before profiles are built: the last complete month.

A small place is pulled to the whole operator: its rate counts as if so many lines or calls of the whole belonged to it.
"""

import json
from collections.abc import Mapping
from typing import Any, TypeAlias

from django.db.backends.utils import CursorWrapper

from customers.profile.queries.sql import as_ctes
from customers.profile.queries.windows import Windows
from retention.core.db.temporary_tables import TemporaryTable

PLACE_MONTH = TemporaryTable("place_month", {"branch_id": "bigint", "dropped_rate": "real", "rival_share": "real"})
PlaceRates: TypeAlias = list[dict[str, Any]]
PRIOR_LINES, PRIOR_CALLS = 300, 3_000
PLACE_RATES_SQL = """
    used AS MATERIALIZED (
        SELECT s.branch_id, count(*) AS lines, sum(u.calls_out + u.calls_in) AS calls, sum(u.dropped_calls) AS dropped,
               count(*) FILTER (WHERE u.rival_hotline_calls > 0) AS asking
        FROM customers_usagemonth u JOIN customers_subscriber s ON s.id = u.subscriber_id
        WHERE u.month = %(recent_month)s AND s.activated_on <= %(as_of)s
        GROUP BY s.branch_id
    ),
    whole AS (
        SELECT sum(dropped) / nullif(sum(calls), 0)::float8 AS dropped,
               sum(asking) / nullif(sum(lines), 0)::float8 AS asking
        FROM used
    ),
    above AS (
        SELECT a.path, a.level, (sum(q.dropped) + %(calls)s * max(w.dropped)) / (sum(q.calls) + %(calls)s) AS dropped,
               (sum(q.asking) + %(lines)s * max(w.asking)) / (sum(q.lines) + %(lines)s) AS asking
        FROM core_branch a JOIN core_branch b ON starts_with(b.path, a.path) JOIN used q ON q.branch_id = b.id, whole w
        WHERE a.level IN ('district', 'city')
        GROUP BY a.path, a.level
    )
    SELECT b.id AS branch_id, max(a.dropped) FILTER (WHERE a.level = 'district')::real AS dropped_rate,
           max(a.asking) FILTER (WHERE a.level = 'city')::real AS rival_share
    FROM core_branch b JOIN above a ON starts_with(b.path, a.path)
    GROUP BY b.id
"""


def measure_places(cursor: CursorWrapper, *, period: Windows, shadows: Mapping[str, str] | None = None) -> PlaceRates:
    """[{branch_id, dropped_rate, rival_share}], one for each branch.

    shadows: tables as they stood on a past date, with the parameter `until` of the period.
    """
    ctes = "".join(f"{cte}, " for cte in as_ctes(shadows))
    cursor.execute(f"WITH {ctes}{PLACE_RATES_SQL}", period.params() | {"lines": PRIOR_LINES, "calls": PRIOR_CALLS})
    names = [column.name for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def make_place_table(cursor: CursorWrapper, rates: PlaceRates) -> None:
    """The measured rates as the temporary table `place_month`, which the profile's SQL reads, for this transaction."""
    columns = ", ".join(f"{name} {kind}" for name, kind in PLACE_MONTH.columns.items())
    PLACE_MONTH.create_as(
        cursor, f"SELECT * FROM jsonb_to_recordset(%(rates)s) AS rates({columns})", {"rates": json.dumps(rates)}
    )
