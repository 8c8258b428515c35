"""Words for declaring resources: `Fields(Bill)` makes fields that take labels, lengths and choices from the model."""

from datetime import date

from django.db import models

from customers.ingest import kinds
from customers.ingest.resource import REQUIRED, Field, Reference


class Fields:
    """Makers of the fields of one model. Each takes the field's name and its default; without one it is required."""

    def __init__(self, model: type[models.Model]) -> None:
        self.model = model

    def _field(self, name: str, kind: kinds.Kind, default: object, *, past: bool = False, column: str = "") -> Field:
        kept = self.model._meta.get_field(column or name)
        return Field(name, kind, kept.column, kept.verbose_name, default, past)

    def text(self, name: str, default: object = REQUIRED) -> Field:
        longest = self.model._meta.get_field(name).max_length or 0
        return self._field(name, kinds.Text(longest), default)

    def choice(self, name: str, default: object = REQUIRED) -> Field:
        values = tuple(value for value, _ in self.model._meta.get_field(name).choices)
        return self._field(name, kinds.Choice(values), default)

    def count(self, name: str, default: object = REQUIRED, *, low: int = 0, high: int = 2**31 - 1) -> Field:
        """A whole number, at least zero unless told otherwise."""
        return self._field(name, kinds.Integer(low, high), default)

    def integer(self, name: str, default: object = REQUIRED) -> Field:
        return self._field(name, kinds.Integer(), default)

    def real(self, name: str, default: object = REQUIRED) -> Field:
        """A measure, at least zero."""
        return self._field(name, kinds.Real(low=0), default)

    def money(self, name: str, default: object = REQUIRED, *, low: float | None = None) -> Field:
        """Yuan with two decimals; may be negative unless `low` says otherwise."""
        return self._field(name, kinds.Decimal(low=low), default)

    def rate(self, name: str, default: object = REQUIRED) -> Field:
        """Yuan for a minute, MB or message."""
        return self._field(name, kinds.Decimal(low=0, digits=10, places=4), default)

    def flag(self, name: str, default: object = REQUIRED) -> Field:
        return self._field(name, kinds.Flag(), default)

    def day(self, name: str, default: object = REQUIRED, *, past: bool = False) -> Field:
        return self._field(name, kinds.Day(), default, past=past)

    def month(self, name: str) -> Field:
        return self._field(name, kinds.Month(low=FIRST_MONTH), REQUIRED, past=True)

    def instant(self, name: str, default: object = REQUIRED, *, past: bool = False) -> Field:
        return self._field(name, kinds.Instant(), default, past=past)

    def json_object(self, name: str, default: object = REQUIRED) -> Field:
        return self._field(name, kinds.Json(), default)

    def fact_day(self, name: str) -> Field:
        """A day whose month is a partition: bounded, so that a slip of the pen makes no partition for the year 1."""
        return self._field(name, kinds.Day(low=FIRST_MONTH), REQUIRED, past=True)

    def to(self, resource: str, name: str, column: str, key: str, default: object = REQUIRED) -> Field:
        """A reference by the other row's natural key, e.g. to("plans", "plan_code", "plan", key="code")."""
        target = self.model._meta.get_field(column).related_model
        longest = target._meta.get_field(key).max_length
        kind = Reference(longest, resource=resource, model=target, key=key)
        return self._field(name, kind, default, column=column)

    def subscriber(self) -> Field:
        return self.to("subscribers", "subscriber_no", "subscriber", key="subscriber_no")


FIRST_MONTH = date(2000, 1, 1)
