"""What acts on everybody in a place, measured once for each branch before profiles are built: the last complete month.

A small place is pulled to the whole operator: its rate counts as if so many lines or calls of the whole belonged to it.
"""

from collections.abc import Mapping

from django.db.backends.utils import CursorWrapper

from customers.fields.places import PLACE_RATES_SQL
from customers.profile.queries.sql import as_ctes
from customers.profile.queries.windows import Windows

PRIOR_LINES, PRIOR_CALLS = 300, 3_000


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
