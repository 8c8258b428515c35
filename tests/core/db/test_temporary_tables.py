import pytest
from django.db import connection, transaction

from retention.core.db.temporary_tables import REUSED, SESSION, TemporaryTable

pytestmark = pytest.mark.django_db(transaction=True)
SHORT = TemporaryTable("short_lived", {"n": "bigint", "order": "text"})
LONG = TemporaryTable("long_lived", {"n": "bigint"}, on_commit=SESSION)
OFTEN = TemporaryTable("often_used", {"n": "bigint"}, on_commit=REUSED)


def rows(table: TemporaryTable) -> int | None:
    """None when the table is not there."""
    with connection.cursor() as cursor:
        if not table.exists(cursor):
            return None
        cursor.execute(f"SELECT count(*) FROM {table}")
        return cursor.fetchone()[0]


@pytest.mark.parametrize(("table", "afterwards"), [(SHORT, None), (LONG, 1), (OFTEN, 0)])
def test_rows_live_as_long_as_declared(table: TemporaryTable, afterwards: int | None) -> None:
    for _again in range(2):
        with transaction.atomic(), connection.cursor() as cursor:
            table.create(cursor)
            cursor.execute(f"INSERT INTO {table} (n) VALUES (1)")
            table.create(cursor)
            assert rows(table) == 0
            cursor.execute(f"INSERT INTO {table} (n) VALUES (1)")
        assert rows(table) == afterwards


def test_a_select_fills_it_in_the_declared_types() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for word in ("first", "50%"):
            SHORT.create_as(cursor, 'WITH x AS (SELECT 1 AS n) SELECT n, %(word)s AS "order" FROM x', {"word": word})
        cursor.execute(f'SELECT n, "order", pg_typeof(n)::text FROM {SHORT}')
        assert cursor.fetchall() == [(1, "50%", "bigint")]
