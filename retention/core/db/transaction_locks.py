"""Locks that the end of the transaction frees; `locks` has those of a session. Each is one short statement.

A key is a number, or a text of which its hash is locked: two texts that share a hash wait for each other without need.
"""

from collections.abc import Collection

from django.db import connection, models

from retention.core.db.arrays import array

Key = int | str


def lock(space: int, key: Key) -> None:
    """Wait for the lock and keep it."""
    _call("pg_advisory_xact_lock", space, key)


def lock_shared(space: int, key: Key) -> None:
    """Wait until nobody has the lock alone, and keep it together with others who share it."""
    _call("pg_advisory_xact_lock_shared", space, key)


def try_lock(space: int, key: Key) -> bool:
    """Take the lock; False when another transaction has it."""
    return _call("pg_try_advisory_xact_lock", space, key)


# Taken in one order by all who ask: two of them never wait for each other. The subquery is sorted before it is read.
_LOCK_EACH = """
SELECT pg_advisory_xact_lock_shared(%s, 0)
UNION ALL
SELECT pg_advisory_xact_lock((%s::bigint << 40) | pk) FROM (SELECT unnest(%s::bigint[]) AS pk ORDER BY pk) each
"""


def lock_each(space: int, pks: Collection[int]) -> None:
    """Wait for the locks on some rows of a space, and for holders of the whole space (`lock_all`).

    Each takes a place in the server's lock table, which has some thousands for all sessions together.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_EACH, [space, space, array(pks)])


def lock_all(space: int) -> None:
    """Wait for the lock on every row of a space: for many rows, as a lock each would not fit into the lock table."""
    lock(space, 0)


def lock_table(model: type[models.Model]) -> None:
    """Wait until no other transaction writes the table, and let none write to it; reading goes on."""
    with connection.cursor() as cursor:
        cursor.execute(f'LOCK TABLE "{model._meta.db_table}" IN SHARE ROW EXCLUSIVE MODE')


def _call(function: str, space: int, key: Key) -> bool:
    key_sql = "hashtext(%s)" if isinstance(key, str) else "%s"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, {key_sql})", [space, key])
        return cursor.fetchone()[0]
