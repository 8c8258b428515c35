"""Days, months and instants."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings
from django.utils import timezone

from customers.ingest.field_types.base import BadValue, FieldType, Parsed, outside_range

INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}(:?\d{2}(:?\d{2}([.,]\d+)?)?)?\s?(Z|z|[+-]\d{2}(:?\d{2})?)")
NO_OFFSET = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?")
EARLIEST = date(1900, 1, 1)
LATEST = date(2200, 1, 1)


@dataclass(frozen=True)
class Day(FieldType):
    """A day YYYY-MM-DD."""

    low: date = EARLIEST
    high: date = LATEST
    sql: ClassVar[str] = "date"
    arrow: ClassVar[pa.DataType] = pa.date32()
    name: ClassVar[str] = "day"
    pattern: ClassVar[re.Pattern] = re.compile(r"(\d{4}-\d{2}-\d{2})([T ]00:00(:00(\.0+)?)?)?")
    unreadable: ClassVar[str] = "not_a_date"

    def read(self, column: pa.Array) -> Parsed:
        if pa.types.is_timestamp(column.type) and column.type.tz:
            # The day of an instant is the operator's.
            column = column.cast(pa.timestamp("us", tz=settings.TIME_ZONE), safe=False)
        if pa.types.is_date(column.type) or pa.types.is_timestamp(column.type):
            parsed = Parsed(column.cast(pa.date32(), safe=False))
        else:
            parsed = super().read(column)
        for _, mask in outside_range(parsed.values, self.low, self.high):
            parsed.fault("out_of_range", mask)
        return parsed

    def one(self, text: str) -> date:
        found = self.pattern.fullmatch(text)
        if not found:
            raise BadValue(self.unreadable)
        try:
            return date.fromisoformat(self.whole(found[1]))
        except ValueError:
            raise BadValue("no_such_date") from None

    def whole(self, text: str) -> str:
        return text

    def limits(self) -> dict[str, object]:
        return {"low": self.low, "high": self.high}

    def schema(self) -> dict[str, object]:
        return {"type": "string", "format": "date"}


@dataclass(frozen=True)
class Month(Day):
    """A month YYYY-MM, kept as its first day."""

    name: ClassVar[str] = "month"
    pattern: ClassVar[re.Pattern] = re.compile(r"(\d{4}-\d{2})(-01([T ]00:00(:00(\.0+)?)?)?)?")
    unreadable: ClassVar[str] = "not_a_month"

    def read(self, column: pa.Array) -> Parsed:
        parsed = super().read(column)
        days = parsed.values.cast(pa.int32())
        first = pc.floor_temporal(parsed.values, unit="month").cast(pa.date32())
        if not pc.all(pc.equal(first.cast(pa.int32()), days)).as_py():
            parsed.fault("not_a_month", pc.not_equal(first, parsed.values))
        return parsed

    def at_once(self, text: pa.Array) -> pa.Array:
        encoded = text.dictionary_encode()
        if pc.max(pc.utf8_length(encoded.dictionary)).as_py() not in {7, None}:
            raise ValueError("not all YYYY-MM")
        return pc.binary_join_element_wise(encoded.dictionary, "01", "-").cast(pa.date32()).take(encoded.indices)

    def whole(self, text: str) -> str:
        return f"{text}-01"

    def schema(self) -> dict[str, object]:
        return {"type": "string", "pattern": r"^\d{4}-\d{2}$"}


@dataclass(frozen=True)
class Instant(FieldType):
    """A point in time: ISO 8601 with its offset from UTC."""

    sql: ClassVar[str] = "timestamptz"
    arrow: ClassVar[pa.DataType] = pa.timestamp("us", tz="UTC")
    name: ClassVar[str] = "instant"

    def read(self, column: pa.Array) -> Parsed:
        if pa.types.is_timestamp(column.type) and column.type.tz:
            parsed = Parsed(column.cast(self.arrow, safe=False))
        else:
            parsed = super().read(column)
        low, high = (datetime.combine(day, datetime.min.time()) for day in (EARLIEST, LATEST))
        naive = parsed.values.cast(pa.timestamp("us"))
        for _, mask in outside_range(naive, low, high):
            parsed.fault("out_of_range", mask)
            parsed.values = pc.if_else(mask, pa.scalar(None, self.arrow), parsed.values)  # Python may not hold it
        return parsed

    def one(self, text: str) -> datetime:
        if NO_OFFSET.fullmatch(text):
            raise BadValue("no_offset")
        if not INSTANT.fullmatch(text):
            raise BadValue("not_an_instant")
        try:
            value = datetime.fromisoformat(text.replace(",", ".").replace("z", "Z"))
            value.timestamp()
        except (ValueError, OverflowError):
            raise BadValue("no_such_date") from None
        return value

    def limits(self) -> dict[str, object]:
        return {"low": EARLIEST, "high": LATEST}

    def schema(self) -> dict[str, object]:
        return {"type": "string", "format": "date-time"}


def future_mask(values: pa.Array, now: datetime, margin: timedelta) -> pa.Array | None:
    """Where a day or an instant lies in the future beyond the margin; None when it nowhere does."""
    limit = now + margin
    if pa.types.is_date32(values.type):
        bound: object = timezone.localdate(limit)
    else:
        values, bound = values.cast(pa.timestamp("us")), np.datetime64(int(limit.timestamp() * 1e6), "us")
    late = next((mask for side, mask in outside_range(values, None, bound) if side == "above"), None)
    return late
