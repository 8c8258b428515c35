"""Temporary tables as declared constants: a name, its columns, and how long its rows are needed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.backends.utils import CursorWrapper

TRANSACTION, SESSION, REUSED = "DROP", "PRESERVE ROWS", "DELETE ROWS"


@dataclass(frozen=True)
class TemporaryTable:
    """columns: {name: SQL type}.

    on_commit: TRANSACTION, the table goes at the end of the transaction; SESSION, it stays; REUSED, only its rows go:
    for those that are made so often that their rows in the catalogue would cost more than they do.
    """

    name: str
    columns: Mapping[str, str]
    on_commit: str = TRANSACTION

    def create(self, cursor: CursorWrapper) -> None:
        """An empty table, in place of one that is there."""
        columns = ", ".join(f'"{name}" {kind}' for name, kind in self.columns.items())
        if self.on_commit == REUSED:
            cursor.execute(f"CREATE TEMP TABLE IF NOT EXISTS {self} ({columns}) ON COMMIT {REUSED}")
            cursor.execute(f"TRUNCATE {self}")
        else:
            self._drop(cursor)
            cursor.execute(f"CREATE TEMP TABLE {self} ({columns}) ON COMMIT {self.on_commit}")

    def create_as(self, cursor: CursorWrapper, select: str, params: Mapping[str, Any] | None = None) -> None:
        """The table filled from a SELECT of all its columns, in place of one that is there; then analysed.

        Unlike create() and INSERT this can read with parallel workers.
        """
        columns = ", ".join(f'"{name}"::{kind} AS "{name}"' for name, kind in self.columns.items())
        self._drop(cursor)
        cursor.execute(
            f"CREATE TEMP TABLE {self} ON COMMIT {self.on_commit} AS SELECT {columns} FROM ({select}) AS rows", params
        )
        self.analyze(cursor)

    def analyze(self, cursor: CursorWrapper) -> None:
        """ANALYZE the table: autovacuum does not see temporary tables."""
        cursor.execute(f"ANALYZE {self}")

    def exists(self, cursor: CursorWrapper) -> bool:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [f"pg_temp.{self}"])
        return cursor.fetchone()[0]

    def __str__(self) -> str:
        """The name, quoted: a table can stand in an f-string."""
        return f'"{self.name}"'

    def _drop(self, cursor: CursorWrapper) -> None:
        cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{self}")
