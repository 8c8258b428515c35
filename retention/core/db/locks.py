"""Advisory locks of a session: whoever holds one is alive, for a killed process frees it by dying.

Their first numbers stand here in one place: two kinds of work must never share one.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum

from django.db import connection


class LockSpace(IntEnum):
    """What a lock is of; the second number says which job, table, batch and so on."""

    JOB = 7301
    PARTITIONS = 7302
    WAITING_ROWS = 7303
    WEBHOOK = 7304
    IDEMPOTENCY_KEY = 7305
    BATCH = 7306
    CONTACT = 7307
    TRAINING = 7311
    BENCHMARKS = 7399


def try_lock(space: LockSpace, key: int = 0) -> bool:
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


def unlock(space: LockSpace, key: int = 0) -> None:
    _call("pg_advisory_unlock", space, key)


def wait_for(space: LockSpace, key: int = 0) -> None:
    """Until nobody holds the lock any more: its holder is done, or dead."""
    _call("pg_advisory_lock_shared", space, key)
    _call("pg_advisory_unlock_shared", space, key)


def is_held(space: LockSpace, key: int = 0) -> bool:
    """Whether a living session holds the lock; those who only wait for it do not count."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database"
            " WHERE datname = current_database() AND locktype = 'advisory' AND classid = %s AND objid = %s"
            " AND mode = 'ExclusiveLock' AND granted)",
            [space, key],
        )
        return cursor.fetchone()[0]


def _call(function: str, space: LockSpace, key: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, %s)", [space, key])
        return cursor.fetchone()[0]
