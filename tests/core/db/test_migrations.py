"""Migrations do not stop the centre: the check finds what would, and none of them waits long for a lock."""

import os
import subprocess
import sys
import threading

import pytest
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.db.migrations import Migration, RunPython, SeparateDatabaseAndState
from django.db.utils import OperationalError

from retention import env
from retention.core.management import migrations
from retention.core.management.migrations import judge, judge_python, unsafe_statements


@pytest.mark.parametrize(
    ("sql", "rule"),
    [
        ("CREATE INDEX day_of ON customers_usageday (day);", "require-concurrent-index-creation"),
        ("ALTER TABLE customers_bill ALTER COLUMN total TYPE bigint;", "changing-column-type"),
        ("ALTER TABLE customers_bill ADD CONSTRAINT c CHECK (total > 0);", "constraint-missing-not-valid"),
        ("ALTER TABLE customers_bill ALTER COLUMN total SET NOT NULL;", "adding-not-nullable-field"),
    ],
)
def test_a_statement_that_locks_a_table_for_long_is_found(sql: str, rule: str):
    (finding,) = judge(sql, name="customers.0099_x", atomic=True)
    assert (finding.migration, finding.line, finding.rule) == ("customers.0099_x", 1, rule)


def test_no_migration_of_ours_locks_a_table_for_long_and_the_check_needs_no_database():
    """On a machine where no server runs yet, as `make check` of a fresh clone."""
    command = [sys.executable, str(env.ROOT / "manage.py"), "check_migrations"]
    nowhere = os.environ | {"DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none"}
    done = subprocess.run(command, env=nowhere, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "migrations: lock-safe"), done.stderr


def test_the_same_made_in_small_steps_passes():
    assert judge("CREATE INDEX CONCURRENTLY day_of ON customers_usageday (day);", name="x", atomic=False) == []
    assert judge("ALTER TABLE customers_bill ADD CONSTRAINT c CHECK (id > 0) NOT VALID;", name="x", atomic=True) == []
    assert judge("CREATE TABLE new (id bigint); CREATE INDEX of_it ON new (id);", name="x", atomic=True) == []


def test_concurrently_inside_a_transaction_is_found():
    sql = "SELECT 1; CREATE INDEX CONCURRENTLY day_of ON customers_usageday (day);"
    findings = judge(sql, name="x", atomic=True)
    assert [one.rule for one in findings] == ["ban-concurrent-index-creation-in-transaction"]


def changing_rows(**given: object) -> Migration:
    kind = type("Migration", (Migration,), {"operations": [RunPython(RunPython.noop)], **given})
    return kind("0099_x", "customers")


@pytest.mark.parametrize("given", [{"few_rows": "branches: hundreds"}, {"operations": []}])
def test_python_may_change_few_rows_in_one_transaction(given: dict[str, object]):
    assert judge_python(changing_rows(**given), atomic=True) == []


def test_python_that_changes_many_rows_commits_in_steps():
    (finding,) = judge_python(changing_rows(), atomic=True)
    assert (finding.migration, finding.rule) == ("customers.0099_x", "rows-in-one-transaction")
    inside = SeparateDatabaseAndState(database_operations=[RunPython(RunPython.noop)])
    assert judge_python(changing_rows(operations=[inside]), atomic=True)
    assert judge_python(changing_rows(), atomic=False) == []


def test_the_check_leaves_the_connection_as_it_was(monkeypatch):
    before = dict(connection.ops.__dict__), "pg_version" in connection.__dict__
    monkeypatch.setattr(migrations, "_in_order", lambda loader: [])
    assert unsafe_statements() == []
    assert (dict(connection.ops.__dict__), "pg_version" in connection.__dict__) == before
    monkeypatch.setattr(migrations, "_in_order", lambda loader: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        unsafe_statements()
    assert (dict(connection.ops.__dict__), "pg_version" in connection.__dict__) == before


@pytest.mark.django_db(transaction=True)
def test_a_migration_fails_rather_than_wait_behind_a_long_report(settings):
    settings.MIGRATION_LOCK_TIMEOUT = "300ms"
    reading, done = threading.Event(), threading.Event()

    def report() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM django_session")
            reading.set()
            done.wait()
        connections.close_all()

    long_one = threading.Thread(target=report)
    long_one.start()
    assert reading.wait(30)
    try:
        with pytest.raises(OperationalError, match="lock timeout"):
            call_command("migrate", "sessions", "zero", verbosity=0)
        assert long_one.is_alive()
    finally:
        done.set()
        long_one.join()
        call_command("migrate", "sessions", verbosity=0)
