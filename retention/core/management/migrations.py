"""Lock safety of migrations: which statements would stop the centre's work on large tables (squawk judges the SQL)."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.db import connection, connections
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import RunPython, SeparateDatabaseAndState
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from retention import env

POSTGRES = 16  # the oldest that is served
# Matters of style, the lock timeout that `migrate` sets, and the default that Django drops after adding a column.
NOT_JUDGED = (
    "prefer-bigint-over-int",
    "prefer-bigint-over-smallint",
    "prefer-identity",
    "prefer-robust-stmts",
    "prefer-text-field",
    "require-lock-timeout",
    "require-statement-timeout",
    "ban-drop-default",
)


@dataclass(frozen=True)
class Finding:
    migration: str
    line: int
    rule: str
    message: str
    help: str


def own_apps() -> set[str]:
    """Labels of the apps of this project; migrations of packages are not ours to mend."""
    places = {env.ROOT, env.ROOT / "retention"}
    return {config.label for config in apps.get_app_configs() if Path(config.path).parent in places}


def unsafe_statements() -> list[Finding]:
    """Findings in all migrations of ours but the first of an app, whose tables are empty. Needs no database."""
    found: list[Finding] = []
    for migration, atomic, sql in _migrations_sql():
        name = f"{migration.app_label}.{migration.name}"
        found += judge(sql, name=name, atomic=atomic)
        found += judge_python(migration, atomic=atomic)
    return found


def judge_python(migration: Migration, *, atomic: bool) -> list[Finding]:
    """RunPython shows no SQL: it has to commit in steps (`atomic = False`), or the migration declares `few_rows`.

    few_rows: which rows it changes, in words, and why they are few.
    """
    runs = any(isinstance(one, RunPython) and one.atomic is not False for one in _operations(migration.operations))
    if not (atomic and runs) or hasattr(migration, "few_rows"):
        return []
    message = "Python changes rows in one transaction: those rows are locked until its end."
    help = 'Set atomic = False and change a range of ids at a time, or declare few_rows = "which, and why few".'
    name = f"{migration.app_label}.{migration.name}"
    return [Finding(name, 1, "rows-in-one-transaction", message, help)]


def _operations(operations: Sequence[Operation]) -> Iterator[Operation]:
    for one in operations:
        yield one
        if isinstance(one, SeparateDatabaseAndState):
            yield from _operations(one.database_operations)


def judge(sql: str, *, name: str, atomic: bool) -> list[Finding]:
    """What squawk says of the SQL of one migration. atomic: whether it runs in one transaction."""
    command = [str(Path(sys.executable).parent / "squawk"), "--reporter=json", f"--pg-version={POSTGRES}"]
    command += [f"--exclude={','.join(NOT_JUDGED)}", f"--stdin-filepath={name}.sql"]
    if atomic:
        command.append("--assume-in-transaction")
    done = subprocess.run(command, input=sql, capture_output=True, text=True, check=False)
    if not done.stdout.strip():
        raise RuntimeError(f"squawk said nothing of {name}: {done.stderr.strip()}")
    return [
        Finding(name, one["line"] + 1, one["rule_name"], one["message"], one.get("help") or "")
        for one in json.loads(done.stdout)
    ]


def _migrations_sql() -> list[tuple[Migration, bool, str]]:
    """Every migration that is checked, whether it is one transaction, and its statements as `sqlmigrate` has them.

    One state goes through all of them: `sqlmigrate` builds it anew for each, which takes a minute for a hundred.
    """
    found = []
    with _without_server():
        loader = MigrationLoader(None)
        state, ours = ProjectState(), own_apps()
        for migration in _in_order(loader):
            if migration.initial or migration.app_label not in ours:
                state = migration.mutate_state(state, preserve=False)
                continue
            atomic = migration.atomic
            migration.atomic = False  # type: ignore[misc]  # or a transaction would be begun on the server
            with connection.schema_editor(collect_sql=True, atomic=False) as editor:
                state = migration.apply(state, editor, collect_sql=True)
            found.append((migration, atomic, "\n".join(editor.collected_sql)))
    return found


def _in_order(loader: MigrationLoader) -> list[Migration]:
    """All migrations, each after those it depends on."""
    graph = loader.graph
    nodes = dict.fromkeys(node for leaf in sorted(graph.leaf_nodes()) for node in graph.forwards_plan(leaf))
    return [graph.nodes[node] for node in nodes]


@contextmanager
def _without_server() -> Iterator[None]:
    """What collecting would ask the server for, its version and to quote values, is answered here meanwhile."""
    asked = connections[connection.alias]  # `connection` itself hands on, and keeps nothing
    knew_version = "pg_version" in asked.__dict__
    asked.__dict__.setdefault("pg_version", POSTGRES * 10_000)
    connection.ops.compose_sql = _composed  # type: ignore[attr-defined]
    try:
        yield
    finally:
        del connection.ops.compose_sql  # type: ignore[attr-defined]  # the method of the class is there again
        if not knew_version:
            asked.__dict__.pop("pg_version", None)


def _composed(sql: str, params: Sequence[object] | None) -> str:
    quote = connection.schema_editor(collect_sql=True).quote_value
    return sql % tuple(quote(value) for value in params) if params else sql
