"""Advisory locks of a session: whoever holds one is alive, for a killed process frees it by dying.

A lock has two numbers: its space, which says what kind of work it guards and is declared once in `LOCK_SPACES`, and a
key, which says which job, table, batch and so on.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from retention.core.registry import Registry

# What each first number guards, in English.
LOCK_SPACES: Registry[int, str] = Registry("lock space")


def try_lock(space: int, key: int = 0) -> bool:
    """Take the lock for this session; False when another has it."""
    return _call("pg_try_advisory_lock", space, key)


@contextmanager
def locked(space: int, key: int = 0) -> Iterator[None]:
    """Wait for the lock and hold it for the block, over as many transactions as that has."""
    _call("pg_advisory_lock", space, key)
    try:
        yield
    finally:
        unlock(space, key)


def unlock(space: int, key: int = 0) -> None:
    _call("pg_advisory_unlock", space, key)


def wait_for(space: int, key: int = 0) -> None:
    """Until nobody holds the lock any more: its holder is done, or dead."""
    _call("pg_advisory_lock_shared", space, key)
    _call("pg_advisory_unlock_shared", space, key)


def is_held(space: int, key: int = 0) -> bool:
    """Whether a living session holds the lock; those who only wait for it do not count."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database"
            " WHERE datname = current_database() AND locktype = 'advisory' AND classid = %s AND objid = %s"
            " AND mode = 'ExclusiveLock' AND granted)",
            [space, key],
        )
        return cursor.fetchone()[0]


def _call(function: str, space: int, key: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, %s)", [space, key])
        return cursor.fetchone()[0]
