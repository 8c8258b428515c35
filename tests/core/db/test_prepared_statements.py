"""A statement under a name is planned once a connection, in a transaction too; one that is gone is run as it stands."""

import pytest
from django.db import connection, transaction

from retention.core.db import prepared

pytestmark = pytest.mark.django_db
TEXT = "SELECT %(a)s::int + %(b)s::int + %(a)s::int"


@pytest.fixture(autouse=True)
def _nothing_prepared():
    """The connection begins and ends without any."""
    forget_all()
    yield
    forget_all()


def forget_all() -> None:
    prepared._prepared.clear()
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")


def ask(a: int, b: int) -> int:
    with connection.cursor() as cursor:
        prepared.execute(cursor, "test_sum", TEXT, {"a": a, "b": b})
        return cursor.fetchone()[0]


def known() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_prepared_statements WHERE name = 'test_sum'")
        return [name for (name,) in cursor.fetchall()]


def forget() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE test_sum")


def test_inside_a_transaction_the_plan_is_kept():
    with transaction.atomic():
        assert (ask(1, 2), ask(10, 5)) == (4, 25)
    assert known() == ["test_sum"]


def test_a_statement_that_is_gone_does_not_end_the_transaction():
    with transaction.atomic():
        ask(1, 2)
        forget()
        assert ask(1, 3) == 5
        assert ask(2, 3) == 7
    assert known() == ["test_sum"]  # prepared anew


def test_one_that_another_client_of_the_pooler_has_prepared_is_run_as_it_stands():
    with connection.cursor() as cursor:
        cursor.execute("PREPARE test_sum AS SELECT 99")
    with transaction.atomic():
        assert ask(1, 2) == 4
        assert ask(1, 2) == 4
