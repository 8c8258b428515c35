"""Lock safety of migrations: which statements would stop the centre's work on large tables (squawk judges the SQL)."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader

LAST_OF_ALL = 9_999  # apps of packages are not ours to mend
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


def unsafe_statements() -> list[Finding]:
    """Findings in all migrations after MIGRATIONS_BEFORE_CHECK. Needs no database."""
    return [
        finding
        for migration, atomic, sql in _migrations_sql()
        for finding in judge(sql, name=f"{migration.app_label}.{migration.name}", atomic=atomic)
    ]


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


def _migrations_sql() -> Iterator[tuple[Migration, bool, str]]:
    """Every migration that is checked, whether it is one transaction, and its statements as `sqlmigrate` has them."""
    # What collecting would ask the server for: its version, and to quote values.
    connection.__dict__.setdefault("pg_version", POSTGRES * 10_000)
    connection.ops.compose_sql = _composed  # type: ignore[attr-defined]
    loader = MigrationLoader(None)
    loader.connection = connection
    for (app, name), migration in sorted(loader.disk_migrations.items()):
        if int(name.split("_", 1)[0]) > settings.MIGRATIONS_BEFORE_CHECK.get(app, LAST_OF_ALL):
            atomic = migration.atomic
            migration.atomic = False  # type: ignore[misc]  # or a transaction would be begun on the server
            yield migration, atomic, "\n".join(loader.collect_sql([(migration, False)]))


def _composed(sql: str, params: Sequence[object] | None) -> str:
    quote = connection.schema_editor(collect_sql=True).quote_value
    return sql % tuple(quote(value) for value in params) if params else sql
