"""The kinds of values a resource's field can hold: how each is read, stored and described."""

from customers.ingest.field_types.base import FieldType
from customers.ingest.field_types.keys import Key, Phone
from customers.ingest.field_types.numbers import BigInteger, Decimal, Integer, Real
from customers.ingest.field_types.texts import Choice, Flag, Json, OpenChoice, OwnValue, Text
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
    "Key",
    "FieldType",
    "Month",
    "OpenChoice",
    "OwnValue",
    "Phone",
    "Real",
    "Text",
    "future_mask",
]
