"""The kinds of values a resource's field can hold: how each is read, stored and described."""

from customers.ingest.kinds.base import Kind
from customers.ingest.kinds.numbers import Big, Decimal, Integer, Real
from customers.ingest.kinds.texts import Choice, Flag, Json, Text
from customers.ingest.kinds.times import Day, Instant, Month, latest

__all__ = [
    "Big", "Choice", "Day", "Decimal", "Flag", "Instant", "Integer", "Json", "Kind", "Month", "Real", "Text", "latest",
]  # fmt: skip
