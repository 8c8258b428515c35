"""Lines into circles, and into the tables only what has changed since the last grouping."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
from django.db.backends.utils import CursorWrapper

from customers.circles.models import Circle
from customers.circles.queries import MEMBERS, NUMBERS_SQL, TIES, params_of, read_lines, read_standing, read_ties
from customers.circles.rules.circles import KINDS, NONE, find_circles
from customers.circles.rules.limits import Limits
from customers.circles.rules.matching import NEW, match
from customers.facts.models import Tie
from customers.profile.queries.windows import months_before
from retention.core.db.copy import copy_in
from retention.core.db.temporary_tables import TemporaryTable

CIRCLES = Circle._meta.db_table
MONTHS_KEPT = 12
FOUND = TemporaryTable("circles_found", {"subscriber_id": "bigint", "circle_id": "bigint", "kind": "text"})
_NUMBERS_SQL = f"SELECT nextval(pg_get_serial_sequence('{CIRCLES}', 'id')) FROM generate_series(1, %s)"
_LEAVE = f"""
    {MEMBERS} m WHERE m.until IS NULL
    AND NOT EXISTS (SELECT FROM {FOUND} f WHERE f.subscriber_id = m.subscriber_id AND f.circle_id = m.circle_id)
"""
_EMPTY = f"NOT EXISTS (SELECT FROM {MEMBERS} m WHERE m.circle_id = c.id AND m.until IS NULL)"
# What the same month had made before, with fewer ties, is made as if it had never been.
_STATEMENTS = (
    f"""
    INSERT INTO {CIRCLES} (id, kind, since)
    SELECT DISTINCT circle_id, kind, %(month)s::date FROM {FOUND}
    ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, until = NULL
    WHERE ({CIRCLES}.kind, {CIRCLES}.until) IS DISTINCT FROM (excluded.kind, NULL::date)
    """,
    f"DELETE FROM {_LEAVE} AND m.since = %(month)s",
    f"UPDATE {_LEAVE.replace('m WHERE', 'm SET until = %(month)s WHERE')}",
    f"""
    UPDATE {MEMBERS} m SET until = NULL FROM {FOUND} f
    WHERE f.subscriber_id = m.subscriber_id AND f.circle_id = m.circle_id AND m.until = %(month)s
    """,
    f"""
    INSERT INTO {MEMBERS} (circle_id, subscriber_id, since)
    SELECT f.circle_id, f.subscriber_id, %(month)s FROM {FOUND} f
    WHERE NOT EXISTS (SELECT FROM {MEMBERS} m WHERE m.subscriber_id = f.subscriber_id AND m.until IS NULL)
    """,
    f"DELETE FROM {CIRCLES} c WHERE c.since = %(month)s AND {_EMPTY}",
    f"UPDATE {CIRCLES} c SET until = %(month)s WHERE c.until IS NULL AND {_EMPTY}",
    f"DELETE FROM {MEMBERS} m USING {CIRCLES} c WHERE c.id = m.circle_id AND c.until <= %(forget)s",
    f"DELETE FROM {CIRCLES} c WHERE c.until <= %(forget)s",
)
# Everybody a circle is in close contact with counts once, however many of its lines call there. Numbers as 64 bits of
# their hash: grouping ten million of them as text takes several times as long.
_CONTACTS_SQL = f"""
    WITH numbers AS MATERIALIZED ({NUMBERS_SQL}), named AS (
        SELECT f.circle_id, hashtextextended(t.other_hash, 0) AS number, t.network = %(rival)s AS rival, false AS inside
        FROM {TIES} t JOIN {FOUND} f ON f.subscriber_id = t.subscriber_id WHERE t.month = %(month)s
        UNION ALL
        SELECT f.circle_id, hashtextextended(n.number_hash, 0), false, true
        FROM numbers n JOIN {FOUND} f ON f.subscriber_id = n.id
    ), outside AS (
        SELECT circle_id, bool_or(rival) AS rival FROM named GROUP BY circle_id, number HAVING NOT bool_or(inside)
    ), sums AS (
        SELECT circle_id, count(*) AS contacts, count(*) FILTER (WHERE rival) AS rivals FROM outside GROUP BY circle_id
    )
    UPDATE {CIRCLES} c SET contacts = s.contacts, rivals = s.rivals
    FROM {CIRCLES} k LEFT JOIN sums s ON s.circle_id = k.id
    WHERE k.id = c.id AND c.until IS NULL AND (c.contacts, c.rivals) IS DISTINCT FROM (s.contacts, s.rivals)
"""


def group_lines(cursor: CursorWrapper, *, as_of: date, month: date, limits: Limits) -> int:
    """Find the circles of the month and write what differs from those that stand. Returns how many there are.

    A circle keeps the number it had, so that who has left it can be followed.
    """
    params = params_of(as_of=as_of, month=month)
    ids, lines = read_lines(params)
    circle, kind = find_circles(lines, read_ties(ids, params, limits), limits)
    circles = int(circle.max(initial=NONE)) + 1
    numbers = _numbers(cursor, match(read_standing(ids), circle, circles=circles))
    inside = circle != NONE
    FOUND.create(cursor)
    rows = {"subscriber_id": ids[inside], "circle_id": numbers[circle[inside]], "kind": np.array(KINDS)[kind[inside]]}
    copy_in(cursor, FOUND.name, pa.table(rows))
    FOUND.analyze(cursor)
    _write(cursor, params)
    return circles


def _numbers(cursor: CursorWrapper, known: np.ndarray) -> np.ndarray:
    """New numbers for the circles that have none, in order."""
    new = known == NEW
    cursor.execute(_NUMBERS_SQL, [int(new.sum())])
    numbers = known.copy()
    numbers[new] = np.fromiter((number for (number,) in cursor.fetchall()), np.int64, int(new.sum()))
    return numbers


def _write(cursor: CursorWrapper, params: Mapping[str, Any]) -> None:
    given = {**params, "rival": Tie.Network.RIVAL.value, "forget": months_before(params["month"], MONTHS_KEPT)}
    for statement in (*_STATEMENTS, _CONTACTS_SQL):
        cursor.execute(statement, given)
