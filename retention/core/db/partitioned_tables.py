"""Monthly range partitions. `PartitionedModel` makes the parent table in a migration; `ensure` adds the months."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import connection, migrations, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import ProjectState

from retention.core.db import transaction_locks
from retention.core.db.locks import LOCK_SPACES

LOCK_SPACE = LOCK_SPACES.declare(7302, "making the partitions of a table")


class PartitionedModel(migrations.CreateModel):
    """CreateModel whose table is PARTITION BY RANGE (partition_by)."""

    def __init__(self, name: str, fields: list, partition_by: str, options: dict | None = None, **more: Any) -> None:
        self.partition_by = partition_by
        super().__init__(name, fields, options=options, **more)

    def deconstruct(self) -> tuple:
        name, args, kwargs = super().deconstruct()
        return name, args, kwargs | {"partition_by": self.partition_by}

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        model = to_state.apps.get_model(app_label, self.name)
        sql, params = schema_editor.table_sql(model)
        schema_editor.execute(f'{sql} PARTITION BY RANGE ("{self.partition_by}")', params or None)
        for index in model._meta.indexes:
            schema_editor.add_index(model, index)


def month_start(day: date) -> date:
    return day.replace(day=1)


def next_month(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def partition_name(table: str, month: date) -> str:
    return f"{table}_{month:%Y%m}"


def existing_partitions(table: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = %s::regclass", [table])
        return {name for (name,) in cursor.fetchall()}


def existing_months(table: str) -> list[date]:
    """The months that have a partition, oldest first."""
    ends = [name.strip('"').removeprefix(f"{table}_") for name in existing_partitions(table)]
    return sorted(date(int(end[:4]), int(end[4:]), 1) for end in ends)


def analyze_if_believed_empty(table: str, months: Iterable[date]) -> None:
    """Look again at partitions of which the planner believes that nothing is left in them, though there is.

    It believes so after everything was deleted and new rows came; joins chosen on that belief take hours. Outside the
    transaction that fills them: the lock of ANALYZE would be held as long.
    """
    names = [partition_name(table, month) for month in {month_start(day) for day in months}]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relname = ANY(%s) AND relkind = 'r' AND relpages > 0"
            " AND reltuples < relpages AND pg_relation_size(oid) > 0",
            [names],
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f'ANALYZE "{name}"')


def ensure_partitions(table: str, months: Iterable[date]) -> None:
    """Make the partitions of these months (any day of each) where they are missing. Short lock, one at a time."""
    wanted = {month_start(day) for day in months}
    missing = {month for month in wanted if partition_name(table, month) not in existing_partitions(table)}
    if not missing:
        return
    with transaction.atomic(), connection.cursor() as cursor:
        transaction_locks.lock(LOCK_SPACE, table)
        for month in sorted(missing):
            cursor.execute(
                f'CREATE TABLE IF NOT EXISTS "{partition_name(table, month)}" PARTITION OF "{table}"'
                " FOR VALUES FROM (%s) TO (%s)",
                [month, next_month(month)],
            )
