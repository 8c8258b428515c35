"""Whole numbers, measures and money."""

import decimal
import re
from dataclasses import dataclass
from typing import ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from customers.ingest.field_types.base import (
    EXACT_FLOATS,
    BadValue,
    FieldType,
    Parsed,
    as_text,
    outside_range,
    parse_distinct,
)

WHOLE = re.compile(r"[+-]?\d+(\.0*)?")
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,6})?")


@dataclass(frozen=True)
class Integer(FieldType):
    low: int = -(2**31)
    high: int = 2**31 - 1
    sql: ClassVar[str] = "integer"
    arrow: ClassVar[pa.DataType] = pa.int64()
    name: ClassVar[str] = "integer"

    def read(self, column: pa.Array) -> Parsed:
        parsed = self._typed(column) or super().read(column)
        for side, mask in outside_range(parsed.values, self.low, self.high):
            parsed.fault("negative" if side == "below" and self.low == 0 else "out_of_range", mask)
        return parsed

    def _typed(self, column: pa.Array) -> Parsed | None:
        """A column that holds numbers already."""
        if pa.types.is_unsigned_integer(column.type):
            return None  # may not fit; the text path reports it
        if pa.types.is_integer(column.type):
            return Parsed(column.cast(pa.int64()))
        if not pa.types.is_floating(column.type):
            return None
        whole = pc.and_(pc.is_finite(column), pc.less(pc.abs(column), EXACT_FLOATS))
        whole = pc.and_(whole, pc.equal(pc.floor(column), column))
        parsed = Parsed(pc.if_else(whole, column, pa.scalar(None, column.type)).cast(pa.int64()))
        parsed.fault("not_an_integer", pc.invert(whole))
        return parsed

    def at_once(self, text: pa.Array) -> pa.Array:
        if pc.any(pc.match_substring(text, "x", ignore_case=True)).as_py():
            raise ValueError("Arrow would read 0x10 as sixteen")
        return text.cast(pa.int64())

    def one(self, text: str) -> int:
        if not WHOLE.fullmatch(text):
            raise BadValue("not_an_integer")
        value = int(text.split(".")[0])
        if not -(2**63) <= value < 2**63:
            raise BadValue("out_of_range")
        return value

    def limits(self) -> dict[str, object]:
        return {"low": self.low, "high": self.high}

    def schema(self) -> dict[str, object]:
        return {"type": "integer", "minimum": self.low, "maximum": self.high}


@dataclass(frozen=True)
class BigInteger(Integer):
    """A version: any 64-bit whole number."""

    low: int = -(2**63)
    high: int = 2**63 - 1
    sql: ClassVar[str] = "bigint"


@dataclass(frozen=True)
class Real(FieldType):
    """A measure in double precision."""

    low: float | None = None
    high: float | None = 1e300
    sql: ClassVar[str] = "double precision"
    arrow: ClassVar[pa.DataType] = pa.float64()
    name: ClassVar[str] = "number"

    def read(self, column: pa.Array) -> Parsed:
        typed = (
            pa.types.is_integer(column.type) or pa.types.is_floating(column.type) or pa.types.is_decimal(column.type)
        )
        parsed = Parsed(column.cast(pa.float64(), safe=False)) if typed else super().read(column)
        if not pc.all(pc.is_finite(parsed.values)).as_py():
            if not typed:
                return self._bounded(parse_distinct(as_text(column), self.one, self.arrow))
            parsed.fault("not_a_number", pc.is_nan(parsed.values))
            parsed.fault("out_of_range", pc.is_inf(parsed.values))
            parsed.values = pc.if_else(pc.is_finite(parsed.values), parsed.values, pa.scalar(None, pa.float64()))
        return self._bounded(parsed)

    def _bounded(self, parsed: Parsed) -> Parsed:
        for side, mask in outside_range(parsed.values, self.low, self.high):
            parsed.fault("negative" if side == "below" and self.low == 0 else "out_of_range", mask)
        return parsed

    def one(self, text: str) -> float:
        if not NUMBER.fullmatch(text):
            raise BadValue("not_a_number")
        value = float(text)
        if abs(value) == float("inf"):
            raise BadValue("out_of_range")
        return value

    def limits(self) -> dict[str, object]:
        return {"low": self.low, "high": self.high}

    def schema(self) -> dict[str, object]:
        return {"type": "number"} | ({"minimum": self.low} if self.low is not None else {})


@dataclass(frozen=True)
class Decimal(Real):
    """A number with a fixed count of decimals. One with more is refused, unless all further ones are zeros."""

    digits: int = 12
    places: int = 2
    high: float | None = None
    name: ClassVar[str] = "decimal"

    def __post_init__(self) -> None:
        most = float(10 ** (self.digits - self.places)) - 10.0**-self.places
        object.__setattr__(self, "high", most if self.high is None else self.high)
        object.__setattr__(self, "low", -most if self.low is None else self.low)

    @property
    def sql(self) -> str:  # type: ignore[override]
        return f"numeric({self.digits},{self.places})"

    def read(self, column: pa.Array) -> Parsed:
        parsed = super().read(column)
        finer = self.finer(column)
        if pc.any(finer).as_py():
            parsed.fault("too_many_decimals", pc.and_(finer, pc.is_valid(parsed.values)))
        return parsed

    def finer(self, column: pa.Array) -> pa.Array:
        """Where a number has more decimals than are kept."""
        if pa.types.is_integer(column.type):
            return pa.nulls(len(column), pa.bool_())
        if pa.types.is_floating(column.type) or pa.types.is_decimal(column.type):
            return pc.not_equal(pc.round(column, ndigits=self.places), column)
        text = as_text(column)
        suspect = pc.match_substring_regex(text, rf"\.\d{{{self.places}}}\d*[1-9]|\d[eE]|[^ -~]")
        if not pc.any(suspect).as_py():
            return suspect
        return pa.array(
            [bool(one) and self._is_finer(text[place].as_py()) for place, one in enumerate(suspect.to_pylist())]
        )

    def _is_finer(self, text: str) -> bool:
        """Of a text that may be no number at all. The exponent is bounded by NUMBER."""
        if not NUMBER.fullmatch(text):
            return False
        _sign, digits, exponent = decimal.Decimal(text).as_tuple()
        zeros = len(digits) - len("".join(map(str, digits)).rstrip("0"))
        return isinstance(exponent, int) and any(digits) and -exponent - zeros > self.places

    def limits(self) -> dict[str, object]:
        return super().limits() | {"places": self.places}

    def schema(self) -> dict[str, object]:
        """Decimal text, so that no cent is lost on the way, or a number."""
        return {
            "type": ["string", "number"],
            "format": "decimal",
            "description": f"At most {self.places} decimals; one with more is refused.",
        } | ({"minimum": 0} if self.low == 0 else {})
