"""Advisory locks of a session. A held lock proves that its process is alive: Postgres frees it when the session ends.

A lock has two numbers: its space, the kind of work it guards, declared once in `LOCK_SPACES`, and a key, the job,
table, batch and so on.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from retention.core.registry import Registry

# Use of each lock space, in English.
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
    """Wait until the lock is free: its holder has finished or died."""
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
