"""The kinds of values a resource's field can hold: how each is read, stored and described."""

from customers.ingest.field_types.base import FieldType
from customers.ingest.field_types.numbers import BigInteger, Decimal, Integer, Real
from customers.ingest.field_types.texts import Choice, Flag, Json, Text
from customers.ingest.field_types.times import Day, Instant, Month, future_mask

__all__ = [
    "BigInteger",
    "Choice",
    "Day",
    "Decimal",
    "Flag",
    "Instant",
    "Integer",
    "Json",
    "FieldType",
    "Month",
    "Real",
    "Text",
    "future_mask",
]
