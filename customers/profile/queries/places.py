"""Rates of a place, measured once for each branch before profiles are built: the last complete month.

A small place is pulled to the whole operator: its rate counts as if so many lines or calls of the whole belonged to it.
"""

import json
from collections.abc import Mapping
from typing import Any, TypeAlias

from django.db.backends.utils import CursorWrapper

from customers.fields.places import PLACE_RATES_SQL
from customers.profile.queries.sql import as_ctes
from customers.profile.queries.windows import Windows
from retention.core.db.temporary_tables import TemporaryTable

PLACE_MONTH = TemporaryTable("place_month", {"branch_id": "bigint", "dropped_rate": "real", "rival_share": "real"})
PlaceRates: TypeAlias = list[dict[str, Any]]
PRIOR_LINES, PRIOR_CALLS = 300, 3_000


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
