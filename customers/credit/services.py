"""Writes the credit of accounts, block by block, as the first round of a profile build; see `PROFILE_WORK`.

A block is scored in the caller's transaction. A date that is scored again replaces what it had, so a second run adds
nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

from customers.credit.models import AccountCredit, CreditChange
from customers.credit.queries import CREDIT_SQL
from customers.credit.rules import CreditLevel, Unrated

CREDIT, CHANGES = AccountCredit._meta.db_table, CreditChange._meta.db_table
KEPT = ("as_of", "card", "why", "score", "level", "points", "measured")
CHANGE = ("as_of", "card", "why", "score", "level", "points")
SAVE_SQL = f"""
    INSERT INTO {CREDIT} (account_id, {", ".join(KEPT)}) SELECT account_id, {", ".join(KEPT)} FROM scored_accounts
    ON CONFLICT (account_id) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in KEPT)}
"""
FORGET_SQL = (
    f"DELETE FROM {CHANGES} c USING scored_accounts n WHERE c.account_id = n.account_id AND c.as_of = %(as_of)s"
)
# The newest change before the date is what was known until then.
CHANGED_SQL = f"""
    INSERT INTO {CHANGES} (account_id, {", ".join(CHANGE)})
    SELECT n.account_id, {", ".join(f"n.{name}" for name in CHANGE)}
    FROM scored_accounts n LEFT JOIN LATERAL (
        SELECT c.* FROM {CHANGES} c WHERE c.account_id = n.account_id AND c.as_of < %(as_of)s
        ORDER BY c.as_of DESC LIMIT 1
    ) was ON true
    WHERE (was.score, was.level, was.why, was.points) IS DISTINCT FROM (n.score, n.level, n.why, n.points)
"""
CLOSE_SQL = f"""
    WITH gone AS (DELETE FROM {CREDIT} WHERE as_of <> %(as_of)s RETURNING account_id, card)
    INSERT INTO {CHANGES} (account_id, as_of, card, why, score, level, points)
    SELECT account_id, %(as_of)s, card, '{Unrated.CLOSED}', NULL, '{CreditLevel.UNRATED}', '{{}}' FROM gone
    ON CONFLICT (account_id, as_of) DO NOTHING
"""


def score_accounts(cursor: CursorWrapper, *, params: Mapping[str, Any], ctes: Sequence[str] = ()) -> int:
    """Score the accounts whose first line is in the block; returns how many.

    params: those of Windows, and lo, hi. ctes: tables as they stood on a past date, see `as_ctes`.
    """
    past = f"WITH {', '.join(ctes)} " if ctes else ""
    cursor.execute("DROP TABLE IF EXISTS pg_temp.scored_accounts")
    cursor.execute(
        f"CREATE TEMP TABLE scored_accounts ON COMMIT DROP AS {past}SELECT * FROM ({CREDIT_SQL}) AS scored"
        " WHERE first_line BETWEEN %(lo)s AND %(hi)s",
        params,
    )
    cursor.execute(SAVE_SQL)
    saved = cursor.rowcount
    cursor.execute(FORGET_SQL, params)
    cursor.execute(CHANGED_SQL, params)
    return saved


def close_accounts(*, as_of: date) -> int:
    """End the credit of the accounts that `as_of`, scored whole, did not find in use. Returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(CLOSE_SQL, {"as_of": as_of})
        return cursor.rowcount
