"""The only writer of PlanFit."""

from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
from django.db import connection, transaction

from customers.tariffs.models import PlanFit
from customers.tariffs.rules.rating import STATES, Fits
from retention.core.db.copy import copy_in
from retention.core.db.temporary_tables import TemporaryTable

FITS = PlanFit._meta.db_table
STAGED = TemporaryTable(
    "plan_fits_in",
    {
        "subscriber_id": "bigint", "plan_id": "bigint", "state": "text", "last_month": "date", "months": "smallint",
        "cost": "numeric(12,2)", "over_cost": "numeric(12,2)", "over_minutes": "float8", "over_mb": "float8",
        "unused_minutes": "float8", "unused_mb": "float8", "best_plan_id": "bigint", "saving": "numeric(12,2)",
        "break_even": "float8",
    },
)  # fmt: skip
_VALUES = list(STAGED.columns)[1:]
_FORGET_SQL = f"""
    DELETE FROM {FITS} t WHERE t.subscriber_id BETWEEN %(lo)s AND %(hi)s
    AND NOT EXISTS (SELECT FROM {STAGED} n WHERE n.subscriber_id = t.subscriber_id)
"""
_UPSERT_SQL = f"""
    INSERT INTO {FITS} AS t (subscriber_id, rated_on, {", ".join(_VALUES)})
    SELECT subscriber_id, %(as_of)s, {", ".join(_VALUES)} FROM {STAGED}
    ON CONFLICT (subscriber_id) DO UPDATE
    SET rated_on = excluded.rated_on, {", ".join(f"{name} = excluded.{name}" for name in _VALUES)}
    WHERE ({", ".join(f"t.{name}" for name in _VALUES)}) IS DISTINCT FROM
          ({", ".join(f"excluded.{name}" for name in _VALUES)})
"""


@transaction.atomic
def record_plan_fits(
    *, ids: np.ndarray, plan: np.ndarray, fits: Fits, break_even: np.ndarray, as_of: date, last_month: date,
    low: int, high: int,
) -> int:  # fmt: skip
    """Keep the fits of the lines `ids`, in place of all others with ids from low to high. Returns how many changed.

    A fit that is the same as the one kept stays with its `rated_on`. break_even: nan for never.
    """
    with connection.cursor() as cursor:
        STAGED.create(cursor)
        copy_in(cursor, STAGED.name, _staged(ids, plan, fits, break_even, last_month))
        STAGED.analyze(cursor)
        params: dict[str, Any] = {"as_of": as_of, "lo": low, "hi": high}
        cursor.execute(_FORGET_SQL, params)
        changed = cursor.rowcount
        cursor.execute(_UPSERT_SQL, params)
        return changed + int(cursor.rowcount)


def _staged(ids: np.ndarray, plan: np.ndarray, fits: Fits, break_even: np.ndarray, last_month: date) -> pa.Table:
    def rounded(values: np.ndarray, decimals: int = 2) -> pa.Array:
        # 1e-9: halves of a fen go up, as they do on each month's charge.
        return pa.array(np.round(values + 1e-9, decimals), from_pandas=True)

    return pa.table(
        {
            "subscriber_id": ids, "plan_id": plan, "state": np.array(STATES)[fits.state],
            "last_month": pa.array([last_month] * len(ids), pa.date32()), "months": fits.months,
            "cost": rounded(fits.cost), "over_cost": rounded(fits.over_cost),
            "over_minutes": rounded(fits.over_minutes), "over_mb": rounded(fits.over_mb),
            "unused_minutes": rounded(fits.unused_minutes),
            "unused_mb": rounded(fits.unused_mb), "best_plan_id": pa.array(fits.best, mask=fits.best == 0),
            "saving": rounded(fits.saving), "break_even": rounded(break_even, 4),
        }
    )  # fmt: skip
