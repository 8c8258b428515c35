"""Text, codes from a closed list, flags and JSON objects."""

import re
from dataclasses import dataclass
from typing import ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from customers.ingest.field_types.base import BadValue, FieldType, Parsed, as_text, parse_distinct
from retention.core import exact_json
from retention.core.identifiers import fold

TRUE_WORDS, FALSE_WORDS = ("true", "1", "yes", "y", "t", "是"), ("false", "0", "no", "n", "f", "否")


@dataclass(frozen=True)
class Text(FieldType):
    max_length: int = 0

    def read(self, column: pa.Array) -> Parsed:
        parsed = Parsed(as_text(column))
        if pc.any(pc.match_substring(parsed.values, "\0")).as_py():
            parsed.fault("bad_encoding", pc.match_substring(parsed.values, "\0"))
        if self.max_length and (pc.max(pc.utf8_length(parsed.values)).as_py() or 0) > self.max_length:
            parsed.fault("too_long", pc.greater(pc.utf8_length(parsed.values), self.max_length))
        return parsed

    def limits(self) -> dict[str, object]:
        return {"max_length": self.max_length}

    def schema(self) -> dict[str, object]:
        kinds = ["string", "number", *sorted(self.shapes)]
        return {"type": kinds} | ({"maxLength": self.max_length} if self.max_length else {})


@dataclass(frozen=True)
class OwnValue(Text):
    """The value of a custom field, whatever its declared type."""

    shapes: ClassVar[frozenset[str]] = frozenset({"boolean"})


@dataclass(frozen=True)
class Choice(FieldType):
    """One of a closed list of codes."""

    values: tuple[str, ...] = ()
    name: ClassVar[str] = "choice"

    def read(self, column: pa.Array) -> Parsed:
        parsed = Parsed(as_text(column))
        known = pc.is_in(parsed.values, value_set=pa.array([*self.values, None], pa.string()))
        if not pc.all(known).as_py():
            parsed.fault("not_a_choice", pc.invert(known))
        return parsed

    def limits(self) -> dict[str, object]:
        return {"choices": ", ".join(self.values)}

    def schema(self) -> dict[str, object]:
        return {"type": "string", "enum": list(self.values)}


@dataclass(frozen=True)
class OpenChoice(Text):
    """A code that may be one of the sender's own. The product reads `values`: another spelling of one is refused."""

    values: tuple[str, ...] = ()
    name: ClassVar[str] = "choice"

    def read(self, column: pa.Array) -> Parsed:
        parsed = super().read(column)
        spelt = parse_distinct(parsed.values, self.one, pa.string())
        return Parsed(parsed.values, [*parsed.faults, *spelt.faults])

    def one(self, text: str) -> str:
        if text not in self.values and re.sub(r"[\s_-]+", "_", fold(text).lower()) in self.values:
            raise BadValue("other_spelling")
        return text

    def limits(self) -> dict[str, object]:
        return super().limits() | {"choices": ", ".join(self.values)}

    def schema(self) -> dict[str, object]:
        known = f"One of these, or a code of your own: {', '.join(self.values)}."
        return super().schema() | {"examples": list(self.values), "description": known}


@dataclass(frozen=True)
class Flag(FieldType):
    shapes: ClassVar[frozenset[str]] = frozenset({"boolean"})
    sql: ClassVar[str] = "boolean"
    arrow: ClassVar[pa.DataType] = pa.bool_()
    name: ClassVar[str] = "flag"

    def read(self, column: pa.Array) -> Parsed:
        if pa.types.is_boolean(column.type):
            return Parsed(column)
        text = pc.utf8_lower(as_text(column))
        found = pc.index_in(text, value_set=pa.array(TRUE_WORDS + FALSE_WORDS))
        parsed = Parsed(pc.less(found, len(TRUE_WORDS)))
        parsed.fault("not_a_flag", pc.and_(pc.is_valid(text), pc.is_null(found)))
        return parsed

    def schema(self) -> dict[str, object]:
        return {"type": "boolean"}


@dataclass(frozen=True)
class Json(FieldType):
    """A JSON object, given as an object or as its text. Written anew, so that the database takes it, digit by digit."""

    shapes: ClassVar[frozenset[str]] = frozenset({"object"})
    sql: ClassVar[str] = "jsonb"
    name: ClassVar[str] = "object"

    def read(self, column: pa.Array) -> Parsed:
        return parse_distinct(as_text(column), self.one, pa.string())

    def one(self, text: str) -> str:
        try:
            value = exact_json.loads(text.encode())
            written = exact_json.dumps(value)
        except ValueError:
            raise BadValue("not_an_object") from None
        if not isinstance(value, dict):
            raise BadValue("not_an_object")
        if "\\u0000" in written:
            raise BadValue("bad_encoding")
        return written

    def schema(self) -> dict[str, object]:
        return {"type": "object"}
