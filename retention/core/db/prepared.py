"""Statements that a connection keeps planned: for the few that many run at once, where planning is half the cost."""

import re
from collections.abc import Mapping
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.utils import DatabaseError
from psycopg2 import errors

_NAMED = re.compile(r"%\((\w+)\)s")
# Statements prepared by each live connection: {driver connection: {name: the parameters in the order of $1, $2, ...}}.
_prepared: WeakKeyDictionary[Any, dict[str, list[str]]] = WeakKeyDictionary()


def execute(cursor: CursorWrapper, name: str, text: str, params: Mapping[str, Any]) -> None:
    """Run `text` (always the same under one name) with %(named)s parameters, planned once for a connection.

    Behind a pooler that hands sessions around it runs as an ordinary statement; a transaction goes on all the same.
    """
    # With the statement in one round trip. What it holds is let go with the transaction.
    hold = "SAVEPOINT before_prepared; " if connection.in_atomic_block else ""
    try:
        order = _prepare(cursor, name, text, hold)
        cursor.execute(f"{hold}EXECUTE {name} ({', '.join(f'%({one})s' for one in order)})", params)
    except DatabaseError as error:
        # Refused before any effect: behind a pooler the statement may be missing here, or prepared by another client.
        if not isinstance(error.__cause__, errors.InvalidSqlStatementName | errors.DuplicatePreparedStatement):
            raise
        _prepared[connection.connection].pop(name, None)
        if hold:
            cursor.execute("ROLLBACK TO SAVEPOINT before_prepared")
        cursor.execute(text, params)


def _prepare(cursor: CursorWrapper, name: str, text: str, hold: str) -> list[str]:
    known = _prepared.setdefault(connection.connection, {})
    if name not in known:
        order = list(dict.fromkeys(_NAMED.findall(text)))
        cursor.execute(f"{hold}PREPARE {name} AS {_NAMED.sub(lambda found: f'${order.index(found[1]) + 1}', text)}")
        known[name] = order
    return known[name]
