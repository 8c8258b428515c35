"""What acts on everybody in a place, measured once for each branch before profiles are built: the last complete month.

A small place is pulled to the whole operator: its rate counts as if so many lines or calls of the whole belonged to it.
"""

from collections.abc import Mapping

from django.db.backends.utils import CursorWrapper

from customers.profile.queries.sql import as_ctes
from customers.profile.queries.windows import Windows

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


def measure_places(cursor: CursorWrapper, *, period: Windows, shadows: Mapping[str, str] | None = None) -> None:
    """Leave the temporary table `place_month` for this session: branch_id, dropped_rate, rival_share.

    shadows: tables as they stood on a past date, with the parameter `until` of the period.
    """
    cursor.execute("DROP TABLE IF EXISTS pg_temp.place_month")
    ctes = "".join(f"{cte}, " for cte in as_ctes(shadows))
    cursor.execute(
        f"CREATE TEMP TABLE place_month AS WITH {ctes}{PLACE_RATES_SQL}",
        period.params() | {"lines": PRIOR_LINES, "calls": PRIOR_CALLS},
    )
    cursor.execute("ANALYZE place_month")
