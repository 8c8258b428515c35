"""A small simulated operator, and a second session on its database."""

from collections.abc import Iterator
from datetime import date

import psycopg2
import pytest
from django.core.management import call_command
from django.db import connection

from tests.learning import few_trees

UNTIL = date(2026, 11, 20)


@pytest.fixture
def operator(monkeypatch: pytest.MonkeyPatch) -> None:
    """500 lines up to UNTIL, with a model that is quick to train."""
    few_trees(monkeypatch)
    call_command("simulate", subscribers=500, days=240, until=UNTIL, seed=5, verbosity=0)


@pytest.fixture
def another_process() -> Iterator[psycopg2.extensions.connection]:
    """A second session on this test's database, as another worker has it."""
    place = connection.settings_dict
    session = psycopg2.connect(host=place["HOST"], port=place["PORT"] or None, user=place["USER"],
                               password=place["PASSWORD"] or None, dbname=place["NAME"])  # fmt: skip
    yield session
    session.rollback()
    with session.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock_all()")  # the server notices a closed session only some time later
    session.close()
