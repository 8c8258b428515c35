"""Kinds of attributes of the resources. A path ("account.account_no") leads from the row to what is written."""

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from retention.tmf.fields import references, schemas, values
from retention.tmf.fields.base import Attribute, Read


def text(read: str | Read) -> Attribute:
    return Attribute(schemas.TEXT, read)


def flag(path: str) -> Attribute:
    return Attribute(schemas.FLAG, path)


def constant(value: str) -> Attribute:
    return Attribute(schemas.enum(value), lambda _row, _call: value)


def word(words: Any, read: str | Read) -> Attribute:
    """One of these words."""
    return Attribute(schemas.enum(*words), read)


def moment(path: str) -> Attribute:
    return _written(schemas.INSTANT, path, values.moment)


def start_of(path: str) -> Attribute:
    """The first instant of a day."""
    return _written(schemas.INSTANT, path, values.start_of)


def instant(read: Read) -> Attribute:
    return Attribute(schemas.INSTANT, read)


def period(read: Read) -> Attribute:
    return Attribute(schemas.PERIOD, read)


def money(path: str) -> Attribute:
    return _written(schemas.MONEY, path, values.money)


def characteristics(read: Read) -> Attribute:
    return array(schemas.CHARACTERISTIC, read)


def array(schema: dict[str, Any], read: Read) -> Attribute:
    return Attribute(schemas.array_of(schema), read)


def reference(kind: str, path: str, *, name: str = "") -> Attribute:
    """A reference to what has its id at the path, and its name at the other."""
    id_at, name_at = attrgetter(path), attrgetter(name) if name else lambda _row: ""
    return Attribute(schemas.REFERENCE, lambda row, _call: references.reference(kind, id_at(row), name=name_at(row)))


def line(path: str = "subscriber") -> Attribute:
    """The line at the path."""
    at = attrgetter(path)
    return Attribute(schemas.REFERENCE, lambda row, call: references.line_ref(at(row), call))


def related_party(path: str = "subscriber") -> Attribute:
    """The customer of the line at the path, in a list of one."""
    at = attrgetter(path)
    return array(schemas.REFERENCE, lambda row, call: [references.related_party(at(row), call)])


def _written(schema: dict[str, Any], path: str, write: Callable[[Any], Any]) -> Attribute:
    at = attrgetter(path)
    return Attribute(schema, lambda row, _call: write(at(row)))
