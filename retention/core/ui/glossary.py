"""What each measure means, in a sentence: shown on the heading of its column and on its tile, and in a workbook.

An app declares the sentences of its measures in its `declarations` module. A key is the name of the value (`arpu`,
wherever it is a column) or of one table's column (`GroupTable.left`), which goes first.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.encoding import force_str
from django_tables2.columns import BoundColumn

from retention.core.registry import Registry

MEANINGS: Registry[str, object] = Registry("meaning of a measure")


def declare_meanings(texts: Mapping[str, object]) -> None:
    """Add the sentences of an app's measures. ValueError for a key that is declared already."""
    for key, text in texts.items():
        MEANINGS.declare(key, text)


def meaning(key: str) -> str:
    """The sentence of a measure in the reader's language, "" for none."""
    return force_str(MEANINGS.get(key, ""))


def column_meaning(bound: BoundColumn) -> str:
    """That of a table's column: its own `help_text`, else that of its table and name, its value, or its name."""
    own = getattr(bound.column, "help_text", "")
    return force_str(own) or meaning_of_column(type(bound._table), bound.name, bound.column)


def meaning_of_column(table: type, name: str, column: Any) -> str:
    """The declared sentence of a column, "" for none. A key that names a parent of the table counts as well."""
    value = str(column.accessor or "").rpartition("__")[2]
    keys = [*(f"{one.__name__}.{name}" for one in table.__mro__), value, name]
    return next((found for key in keys if key and (found := meaning(key))), "")
