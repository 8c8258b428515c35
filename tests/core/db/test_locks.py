"""Who waits for whom: a second connection asks for what the test's own holds."""

from collections.abc import Iterator

import pytest
from django.db import OperationalError, connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from retention.core.accounts.models import Branch
from retention.core.db import locks, transaction_locks

pytestmark = pytest.mark.django_db(transaction=True)
SPACE = 7398


@pytest.fixture
def other() -> Iterator[BaseDatabaseWrapper]:
    """Another session, which gives up at once."""
    second = connection.copy()
    try:
        with second.cursor() as cursor:
            cursor.execute("SET lock_timeout = '100ms'")
        yield second
    finally:
        second.close()


def waits(other: BaseDatabaseWrapper, sql: str, *params: object) -> bool:
    """Whether the other session would have to wait for what the statement asks."""
    with other.cursor() as cursor:
        cursor.execute("BEGIN")
        try:
            cursor.execute(sql, params)
        except OperationalError:
            return True
        finally:
            cursor.execute("ROLLBACK")
    return False


ONE = "SELECT pg_advisory_xact_lock_shared(%s, 0), pg_advisory_xact_lock((%s::bigint << 40) | %s::bigint)"
WHOLE = "SELECT pg_advisory_xact_lock(%s, 0)"
TEXT = "SELECT pg_advisory_xact_lock(%s, hashtext(%s))"


def test_a_lock_of_a_transaction_ends_with_it(other: BaseDatabaseWrapper) -> None:
    with transaction.atomic():
        transaction_locks.lock(SPACE, "of a key")
        assert waits(other, TEXT, SPACE, "of a key")
        assert not waits(other, TEXT, SPACE, "of another")
    assert not waits(other, TEXT, SPACE, "of a key")


def test_trying_does_not_wait(other: BaseDatabaseWrapper) -> None:
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, 5), pg_advisory_lock(%s, hashtext('k'))", [SPACE, SPACE])
    with transaction.atomic():
        assert not transaction_locks.try_lock(SPACE, 5)
        assert not transaction_locks.try_lock(SPACE, "k")
        assert transaction_locks.try_lock(SPACE, 6)


def test_each_row_waits_for_itself_and_for_the_whole(other: BaseDatabaseWrapper) -> None:
    large = 2**33
    with transaction.atomic():
        transaction_locks.lock_each(SPACE, [large, large + 2])
        assert waits(other, ONE, SPACE, SPACE, large)
        assert waits(other, ONE, SPACE, SPACE, large + 2)
        assert not waits(other, ONE, SPACE, SPACE, large + 1)
        assert waits(other, WHOLE, SPACE)
    with transaction.atomic():
        transaction_locks.lock_all(SPACE)
        assert waits(other, ONE, SPACE, SPACE, large + 1)


def test_a_locked_table_is_read_and_not_written(other: BaseDatabaseWrapper) -> None:
    with transaction.atomic():
        transaction_locks.lock_table(Branch)
        table = Branch._meta.db_table
        assert not waits(other, f"SELECT count(*) FROM {table}")
        assert waits(other, f"DELETE FROM {table}")
        assert waits(other, f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")


def test_a_lock_of_the_session_is_held_for_the_block(other: BaseDatabaseWrapper) -> None:
    with pytest.raises(RuntimeError), locks.locked(SPACE, 3):
        with transaction.atomic():
            assert locks.is_held(SPACE, 3)
        assert waits(other, "SELECT pg_advisory_lock(%s, 3)", SPACE)
        raise RuntimeError
    assert not locks.is_held(SPACE, 3)
