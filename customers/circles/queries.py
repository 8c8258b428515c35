"""What circles are made of: lines with what they share, their strongest contacts, and the circles that stand."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection
from django.db.models import Max

from customers.circles.models import CircleMember
from customers.circles.rules.circles import Lines
from customers.circles.rules.limits import Limits
from customers.circles.rules.parties import UNKNOWN
from customers.circles.rules.ties import Pairs, strong_pairs
from customers.facts.models import Account, Customer, CustomerGroup, Subscriber, Tie
from customers.profile.queries.windows import last_complete_month, months_before
from retention.core.db.copy import copy_out

# A line that has ended counts among those gone of its circle for so long.
GONE_DAYS = 90
LINES, ACCOUNTS, CUSTOMERS = (model._meta.db_table for model in (Subscriber, Account, Customer))
TIES, MEMBERS, GROUPS = (model._meta.db_table for model in (Tie, CircleMember, CustomerGroup))
IN_USE = "{0}.activated_on <= %(as_of)s AND ({0}.terminated_on IS NULL OR {0}.terminated_on > %(as_of)s)"

_DIGEST_SQL = f"""
    SELECT count(*), coalesce(sum(hashtextextended(other_hash || network, subscriber_id) # calls::bigint), 0)
    FROM {TIES} WHERE month = %(month)s
"""
# Circles are profiling: who has opted out of it is in none.
_LINES_SQL = f"""
    SELECT s.id, a.customer_id, c.kind <> %(individual)s AS firm, nullif(s.bundle_no, '') AS bundle,
           CASE WHEN g.kind = %(family)s THEN g.id END AS family
    FROM {LINES} s JOIN {ACCOUNTS} a ON a.id = s.account_id JOIN {CUSTOMERS} c ON c.id = a.customer_id
    LEFT JOIN {GROUPS} g ON g.id = s.group_id
    WHERE s.activated_on <= %(as_of)s AND NOT c.profiling_opt_out
      AND (s.terminated_on IS NULL OR s.terminated_on >= %(gone_from)s)
    ORDER BY s.id
"""
# Of lines that had one number after the other, the one that had it in the month. Sorted by bytes: by the rules of a
# language it takes several times as long.
NUMBERS_SQL = f"""
    SELECT DISTINCT ON (number_hash COLLATE "C") number_hash, id FROM {LINES}
    WHERE number_hash <> '' AND activated_on < %(next_month)s
      AND (terminated_on IS NULL OR terminated_on >= %(month)s)
    ORDER BY number_hash COLLATE "C", activated_on DESC, id DESC
"""
_TIES_SQL = f"""
    WITH numbers AS ({NUMBERS_SQL}), ranked AS (
        SELECT subscriber_id, other_hash, calls, row_number() OVER (
            PARTITION BY subscriber_id ORDER BY calls DESC, minutes DESC, other_hash COLLATE "C"
        ) AS place
        FROM {TIES} WHERE month = %(month)s AND calls >= %(least_calls)s
    )
    SELECT r.subscriber_id AS line, n.id AS other, r.calls
    FROM ranked r JOIN numbers n ON n.number_hash = r.other_hash WHERE r.place <= %(strongest)s
"""
_WITH_TIES_SQL = f"SELECT DISTINCT subscriber_id FROM {TIES} WHERE month = %(month)s"
_STANDING_SQL = f"SELECT subscriber_id, circle_id FROM {MEMBERS} WHERE until IS NULL"
# A line that has ended calls nobody any more: it stays beside one line of its circle, so that it is seen to be missing.
_GONE_SQL = f"""
    WITH in_use AS (
        SELECT n.circle_id, min(n.subscriber_id) AS other FROM {MEMBERS} n JOIN {LINES} q ON q.id = n.subscriber_id
        WHERE n.until IS NULL AND {IN_USE.format("q")} GROUP BY n.circle_id
    )
    SELECT m.subscriber_id AS line, k.other FROM {MEMBERS} m JOIN {LINES} s ON s.id = m.subscriber_id
    JOIN in_use k ON k.circle_id = m.circle_id
    WHERE m.until IS NULL AND s.terminated_on BETWEEN %(gone_from)s AND %(as_of)s
"""


def calling_month(as_of: date) -> date:
    """The newest month over by the day of which ties have come; where none have, the newest that is over."""
    complete = last_complete_month(as_of)
    return Tie.objects.filter(month__lte=complete).aggregate(newest=Max("month"))["newest"] or complete


def digest_of(month: date, limits: Limits) -> str:
    """Of the ties of the month and the rules: changes when any of them does."""
    with connection.cursor() as cursor:
        cursor.execute(_DIGEST_SQL, {"month": month})
        return sha256(f"{cursor.fetchone()} {asdict(limits)}".encode()).hexdigest()


def params_of(*, as_of: date, month: date) -> dict[str, Any]:
    return {
        "as_of": as_of, "month": month, "next_month": months_before(month, -1),
        "gone_from": as_of - timedelta(days=GONE_DAYS - 1),
    }  # fmt: skip


def read_lines(params: Mapping[str, Any]) -> tuple[np.ndarray, Lines]:
    """(ids, rising; what the lines share)."""
    given = {"individual": Customer.Kind.INDIVIDUAL.value, "family": CustomerGroup.Kind.FAMILY.value}
    rows = copy_out(_LINES_SQL, {**params, **given})
    ids = rows["id"].to_numpy()
    joined = _places(ids, copy_out(_GONE_SQL, params), "line", "other")
    return ids, Lines(
        customer=rows["customer_id"].to_numpy(),
        bundle=_codes(rows["bundle"]),
        family=_codes(rows["family"]),
        firm=rows["firm"].to_numpy(zero_copy_only=False),
        joined=(joined["line"].to_numpy(), joined["other"].to_numpy()),
    )


def read_ties(ids: np.ndarray, params: Mapping[str, Any], limits: Limits) -> Pairs:
    """The lines that are in close contact, as places in `ids`."""
    asked = {**params, "strongest": limits.strongest, "least_calls": limits.least_calls}
    rows = _places(ids, copy_out(_TIES_SQL, asked), "line", "other")
    with_ties = _places(ids, copy_out(_WITH_TIES_SQL, params), "subscriber_id")["subscriber_id"].to_numpy()
    has_ties = np.zeros(len(ids), bool)
    has_ties[with_ties] = True
    line, other, calls = (rows[name].to_numpy() for name in ("line", "other", "calls"))
    return strong_pairs(line, other, calls, has_ties=has_ties, limits=limits)


def read_standing(ids: np.ndarray) -> np.ndarray:
    """The number of the circle that each line is in, -1 for none."""
    rows = _places(ids, copy_out(_STANDING_SQL), "subscriber_id")
    found = np.full(len(ids), -1, np.int64)
    found[rows["subscriber_id"].to_numpy()] = rows["circle_id"].to_numpy()
    return found


def _codes(column: pa.ChunkedArray) -> np.ndarray:
    """A number for each value, UNKNOWN for none."""
    encoded = pc.dictionary_encode(column).combine_chunks()
    return encoded.indices.fill_null(UNKNOWN).to_numpy(zero_copy_only=False)


def _places(ids: np.ndarray, rows: pa.Table, *names: str) -> pa.Table:
    """The rows with these columns of ids as places in `ids`, without those of lines that are not among them."""
    known = np.ones(rows.num_rows, bool)
    for name in names:
        wanted = rows[name].to_numpy()
        place = np.searchsorted(ids, wanted).clip(max=max(len(ids) - 1, 0))
        known &= ids[place] == wanted if len(ids) else False
        rows = rows.set_column(rows.schema.get_field_index(name), name, pa.array(place, pa.int64()))
    return rows.filter(pa.array(known))
