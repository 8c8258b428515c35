"""The night's count of every field's values, by branch."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from customers.fields import FIELDS, Kind, ProfileField
from customers.glossary.models import FieldDistribution
from customers.glossary.rules import Scale, scale_of
from customers.profile.models import SubscriberProfile

PROFILES, COUNTS = SubscriberProfile._meta.db_table, FieldDistribution._meta.db_table
SAMPLE_LINES = 20_000
# GROUPING() takes 31 columns; fewer keep the hash tables of one pass in memory.
FIELDS_A_PASS = 20
WHOLE = frozenset({Kind.COUNT, Kind.DAYS})
LONGEST_MONTHS = 36  # longer spans of dates are counted by year

_LIMITS = "percentile_disc(ARRAY[0.01, 0.99]) WITHIN GROUP (ORDER BY {column})"
_SAMPLE = f"SELECT {{limits}} FROM {PROFILES} TABLESAMPLE SYSTEM (%(percent)s) REPEATABLE (1) WHERE as_of = %(as_of)s"
_COUNT = f"""
WITH counted AS MATERIALIZED (
    SELECT branch_id, GROUPING({{names}}) AS mask, coalesce({{names}}) AS value, count(*) AS lines
    FROM (SELECT branch_id, {{columns}} FROM {PROFILES} WHERE as_of = %(as_of)s) p
    GROUP BY GROUPING SETS ({{sets}})
)
INSERT INTO {COUNTS} (field, branch_id, as_of, lines, low, step, bins, counts)
SELECT m.field, c.branch_id, %(as_of)s, sum(c.lines), m.low::float8, m.step::float8, m.bins::smallint,
       jsonb_object_agg(coalesce(c.value, ''), c.lines)
FROM counted c JOIN (VALUES {{masks}}) m (mask, field, low, step, bins) USING (mask)
GROUP BY m.field, m.low, m.step, m.bins, c.branch_id
"""


@transaction.atomic
def record_distributions(*, as_of: date) -> int:
    """Count the values of every field over the profile of `as_of`, in place of those of the night before.

    One pass over the profile for each twenty fields. Returns the rows written: one a field and branch.
    """
    FieldDistribution.objects.all().delete()
    rows = 0
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64MB'")
        cursor.execute("SET LOCAL jit = off")
        limits = _limits(cursor, as_of)
        for fields in _passes(list(FIELDS.values())):
            sql, params = _statement(fields, limits)
            cursor.execute(sql, params | {"as_of": as_of})
            rows += cursor.rowcount
    return rows


def _passes(fields: Sequence[ProfileField]) -> Iterator[Sequence[ProfileField]]:
    for start in range(0, len(fields), FIELDS_A_PASS):
        yield fields[start : start + FIELDS_A_PASS]


def _limits(cursor: CursorWrapper, as_of: date) -> Mapping[str, list]:
    """{key: [1st, 99th percentile]} of numbers and dates in a sample; None where no value is known."""
    ordered = [field.key for field in FIELDS.values() if field.is_number or field.kind == Kind.DATE]
    cursor.execute(f"SELECT count(*) FROM {PROFILES}")
    (lines,) = cursor.fetchone()
    percent = min(100.0, 100 * SAMPLE_LINES / lines) if lines else 100.0
    select = ", ".join(_LIMITS.format(column=key) for key in ordered)
    cursor.execute(_SAMPLE.format(limits=select), {"percent": percent, "as_of": as_of})
    return {key: list(found) if found else [] for key, found in zip(ordered, cursor.fetchone(), strict=True)}


def _statement(fields: Sequence[ProfileField], limits: Mapping[str, list]) -> tuple[str, dict]:
    scales = {field.key: _scale(field, limits[field.key]) for field in fields if field.is_number}
    names = [f"c{place}" for place in range(len(fields))]
    columns = [
        f"{_binned(field, scales.get(field.key), limits)} AS {name}" for field, name in zip(fields, names, strict=True)
    ]
    masks: list[str] = []
    params: dict[str, Any] = {}
    for place, field in enumerate(fields):
        scale = scales.get(field.key)
        # The bit of every column that is not grouped by is 1; the first column has the highest.
        mask = (1 << len(fields)) - 1 - (1 << (len(fields) - 1 - place))
        masks.append(f"({mask}, %(field_{place})s, %(low_{place})s, %(step_{place})s, %(bins_{place})s)")
        params |= {
            f"field_{place}": field.key,
            f"low_{place}": scale.low if scale else None,
            f"step_{place}": scale.step if scale else None,
            f"bins_{place}": scale.bins if scale else None,
        }
    sql = _COUNT.format(
        names=", ".join(names),
        columns=", ".join(columns),
        sets=", ".join(f"(branch_id, {name})" for name in names),
        masks=", ".join(masks),
    )
    return sql, params


def _scale(field: ProfileField, found: list) -> Scale:
    low, high = (float(one) for one in found) if found else (0.0, 1.0)
    return scale_of(low, high, whole=field.kind in WHOLE)


def _binned(field: ProfileField, scale: Scale | None, limits: Mapping[str, list]) -> str:
    """SQL of the text that a value is counted under."""
    if scale:
        place = f"floor(({field.key}::float8 - {scale.low!r}) / {scale.step!r} + 1e-9)"
        # Not alone: greatest() and least() pass over a null.
        return f"CASE WHEN {field.key} IS NOT NULL THEN greatest(0, least({scale.bins - 1}, {place}))::int::text END"
    if field.kind == Kind.DATE:
        first, last = limits[field.key] or (date.min, date.min)
        return f"to_char({field.key}, '{'YYYY-MM' if (last - first).days < 30 * LONGEST_MONTHS else 'YYYY'}')"
    return f"nullif({field.key}::text, '')"
