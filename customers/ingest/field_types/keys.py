"""Keys and phone numbers: folded to one way of writing them, refused where digits have been lost."""

import re
from dataclasses import dataclass
from typing import ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from customers.ingest.field_types.base import EXACT_FLOATS, BadValue, Parsed, as_text, parse_where
from customers.ingest.field_types.texts import Text
from retention.core.identifiers import SHORTENED_NUMBER, canonical_phone, fold, has_lost_digits

# What nearly every key and phone looks like; others are read one by one.
PLAIN_PHONE = "^0?[1-79][0-9]{4,11}$"
# What a broadband or IPTV line is reached by where that is no phone number.
ACCESS_NAME = re.compile(r"(?=(?:\D*\d){4})[0-9A-Za-z][0-9A-Za-z@._-]{4,31}", re.ASCII)


@dataclass(frozen=True)
class Key(Text):
    """The number or code of something. Full-width and plain signs are the same, invisible signs do not count.

    `verbatim`: names of people's own making stay as they are.
    """

    verbatim: bool = False

    def read(self, column: pa.Array) -> Parsed:
        if self.verbatim:
            return super().read(column)
        if pa.types.is_floating(column.type):  # a table's column of floats
            return self._read_floats(column)
        text = as_text(column)
        odd = self.odd(text)
        folded = parse_where(text, odd, self.one) if pc.any(odd).as_py() else Parsed(text)
        parsed = super().read(folded.values)
        parsed.faults += folded.faults
        return parsed

    def _read_floats(self, column: pa.Array) -> Parsed:
        long = pc.greater_equal(pc.abs(column), EXACT_FLOATS)
        parsed = self.read(as_text(pc.if_else(long, pa.scalar(None, column.type), column)))
        parsed.fault("lost_digits", long)
        return parsed

    def odd(self, text: pa.Array) -> pa.Array:
        """The values that `one` has to read."""
        odd, plus = pc.invert(pc.ascii_is_printable(text)), pc.match_substring(text, "+")
        return pc.or_(odd, pc.match_substring_regex(text, f"^{SHORTENED_NUMBER}$")) if pc.any(plus).as_py() else odd

    def one(self, text: str) -> str | None:
        folded = fold(text)
        if not folded.isprintable():
            raise BadValue("bad_encoding" if "\0" in folded else "hidden_character")
        if has_lost_digits(folded):
            raise BadValue("lost_digits")
        return folded or None


@dataclass(frozen=True)
class Phone(Key):
    """A phone number, kept as `canonical_phone` writes it. `access_names`: the name of an access may stand for it."""

    access_names: bool = False
    name: ClassVar[str] = "phone"

    def schema(self) -> dict[str, object]:
        said = "A phone number in any writing: +86 100-1234-5678 is 10012345678."
        if self.access_names:
            said += " For broadband, television and fixed lines also the name of the access."
        return super().schema() | {"description": said}

    def odd(self, text: pa.Array) -> pa.Array:
        return pc.invert(pc.match_substring_regex(text, PLAIN_PHONE))

    def one(self, text: str) -> str | None:
        folded = super().one(text)
        if folded is None:
            return None
        if phone := canonical_phone(folded):
            return phone
        if self.access_names and ACCESS_NAME.fullmatch(folded):
            return folded
        raise BadValue("not_a_phone")
