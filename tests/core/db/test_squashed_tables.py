"""The first migration of each app stands for all that it replaces, and for nothing else."""

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from retention.core.management.migrations import own_apps


@pytest.mark.parametrize("app", ["analytics", "campaigns", "core", "customers", "workorders"])
def test_every_older_file_is_replaced_once_and_in_order(app: str):
    assert app in own_apps()
    disk = MigrationLoader(None, replace_migrations=False).disk_migrations
    (squashed,) = (one for (label, _), one in disk.items() if label == app and one.replaces)
    last = squashed.name.removeprefix("0001_squashed_")
    older = sorted(name for label, name in disk if label == app and name != squashed.name and name <= last)
    assert squashed.replaces == [(app, name) for name in older]
    assert older[-1] == last


@pytest.mark.django_db
def test_partitioned_tables_have_the_indexes_of_their_models():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT i.relname FROM pg_class i JOIN pg_index x ON x.indexrelid = i.oid"
            " JOIN pg_class t ON t.oid = x.indrelid WHERE t.relkind = 'p'"
        )
        assert {"risk_warnings", "usage_day_by_day", "cohort_month_state"} <= {name for (name,) in cursor.fetchall()}
