"""Declaration of a resource, and the makers of its fields.

One declaration serves files, the API, its schema, the import page and the simulator.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property

from django.db import models
from django.db.backends.utils import CursorWrapper

from customers.facts.models.base import Fact
from customers.ingest import field_types
from customers.ingest.resources.checks import Check, CheckedChunk

REQUIRED = object()


@dataclass(frozen=True, kw_only=True)
class Reference(field_types.Key):
    """The natural key of a row of another resource (or of this one)."""

    resource: str
    model: type[models.Model]
    key: str

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    def schema(self) -> dict[str, object]:
        return super().schema() | {"description": f"key of {self.resource}"}


@dataclass(frozen=True)
class Field:
    """One field. `column`: where it is kept. `default`: what a blank means; REQUIRED when the field must be given.

    A row that leaves out an optional field keeps what is stored of it; a new row gets the default. `past`: the fact has
    happened, so the value may not lie in the future. `explicit`: only a value changes it, a blank keeps it as well.
    """

    name: str
    kind: field_types.FieldType
    column: str
    label: object
    default: object = REQUIRED
    past: bool = False
    explicit: bool = False

    @property
    def required(self) -> bool:
        return self.default is REQUIRED

    @property
    def reference(self) -> Reference | None:
        return None


@dataclass(frozen=True)
class ReferenceField(Field):
    """A field that names a row of another resource; `column` holds that row's id."""

    kind: Reference

    @property
    def reference(self) -> Reference:
        return self.kind


Prepare = Callable[[CheckedChunk], None]
Hook = Callable[[CursorWrapper, datetime], None]


@dataclass(frozen=True, eq=False)
class Resource:
    """One kind of fact. name: in commands, URLs and answers of the API; label: on pages.

    key: fields that name a row. fixed: columns of the table that every loaded row sets, as SQL; initial: those that
    only a new row sets.
    prepare: looks at a checked chunk as a whole before it is staged; may reject rows or let them wait.
    before, after: SQL steps around the upsert, given the cursor and the time (the staged rows are in `stage`).
    """

    name: str
    model: type[models.Model]
    label: object
    key: tuple[str, ...]
    fields: tuple[Field, ...]
    checks: tuple[Check, ...] = ()
    fixed: Mapping[str, str] = field(default_factory=dict)
    initial: Mapping[str, str] = field(default_factory=dict)
    prepare: Prepare | None = None
    before: Hook | None = None
    after: Hook | None = None

    @cached_property
    def by_name(self) -> dict[str, Field]:
        return {f.name: f for f in self.fields}

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    @property
    def stage(self) -> str:
        return f"stage_{self.name.replace('-', '_')}"

    @property
    def partition_field(self) -> str | None:
        """The field by whose month the table is partitioned."""
        return self.model.dated_by if issubclass(self.model, Fact) and self.model.partitioned else None

    @property
    def optional(self) -> list[Field]:
        """The fields that a row may leave out."""
        return [f for f in self.fields if not f.required]

    @property
    def references(self) -> list[ReferenceField]:
        return [f for f in self.fields if isinstance(f, ReferenceField)]

    def describe(self) -> dict[str, object]:
        """The resource's description for pages and the API: key and fields with type, need, default and label."""
        return {
            "resource": self.name,
            "key": list(self.key),
            "fields": [
                {
                    "name": f.name,
                    "label": str(f.label),
                    "type": f.kind.name,
                    "required": f.required,
                    "default": None if f.required else f.default,
                    "reference": f.reference.resource if f.reference else None,
                    "schema": f.kind.schema(),
                }
                for f in self.fields
            ],
        }


VERSION = Field("source_version", field_types.BigInteger(), "source_version", "source version", None)


def columns_of(resource: Resource) -> tuple[Field, ...]:
    return (*resource.fields, VERSION)


class Fields:
    """Makers of the fields of one model. Each takes the field's name and its default; without one it is required."""

    def __init__(self, model: type[models.Model]) -> None:
        self.model = model

    def _kept(self, name: str) -> models.Field:
        """The model's own field of this name."""
        found = self.model._meta.get_field(name)
        assert isinstance(found, models.Field), f"{name} is no column of {self.model.__name__}"
        return found

    def _field(self, name: str, kind: field_types.FieldType, default: object, *, past: bool = False) -> Field:
        kept = self._kept(name)
        return Field(name, kind, _column_of(kept), kept.verbose_name, default, past)

    def text(self, name: str, default: object = REQUIRED) -> Field:
        longest = self._kept(name).max_length or 0
        return self._field(name, field_types.Text(longest), default)

    def own_value(self, name: str, default: object = REQUIRED) -> Field:
        """The value of a custom field: text, a number or a flag."""
        return self._field(name, field_types.OwnValue(self._kept(name).max_length or 0), default)

    def key(self, name: str, default: object = REQUIRED) -> Field:
        """The number or code of something."""
        return self._field(name, field_types.Key(self._kept(name).max_length or 0), default)

    def phone(self, name: str, default: object = REQUIRED, *, access_names: bool = False) -> Field:
        longest = self._kept(name).max_length or 0
        return self._field(name, field_types.Phone(longest, access_names=access_names), default)

    def choice(self, name: str, default: object = REQUIRED) -> Field:
        values = tuple(value for value, _ in self._kept(name).flatchoices)
        return self._field(name, field_types.Choice(values), default)

    def open_choice(self, name: str, known: type[models.TextChoices]) -> Field:
        longest = self._kept(name).max_length or 0
        return self._field(name, field_types.OpenChoice(longest, tuple(known.values)), REQUIRED)

    def count(self, name: str, default: object = REQUIRED, *, low: int = 0, high: int = 2**31 - 1) -> Field:
        """A whole number, at least zero by default."""
        return self._field(name, field_types.Integer(low, high), default)

    def integer(self, name: str, default: object = REQUIRED) -> Field:
        return self._field(name, field_types.Integer(), default)

    def real(self, name: str, default: object = REQUIRED) -> Field:
        """A measure, at least zero."""
        return self._field(name, field_types.Real(low=0), default)

    def money(self, name: str, default: object = REQUIRED, *, low: float | None = None) -> Field:
        """Yuan with two decimals; may be negative unless `low` forbids it."""
        return self._field(name, field_types.Decimal(low=low), default)

    def rate(self, name: str, default: object = REQUIRED) -> Field:
        """Yuan for a minute, MB or message."""
        return self._field(name, field_types.Decimal(low=0, digits=10, places=4), default)

    def flag(self, name: str, default: object = REQUIRED) -> Field:
        return self._field(name, field_types.Flag(), default)

    def opt_out(self, name: str) -> Field:
        """A flag with which a customer withdraws from something: neither silence nor a blank takes it back."""
        return replace(self.flag(name, False), explicit=True)

    def day(self, name: str, default: object = REQUIRED, *, past: bool = False) -> Field:
        return self._field(name, field_types.Day(), default, past=past)

    def month(self, name: str) -> Field:
        return self._field(name, field_types.Month(low=FIRST_MONTH), REQUIRED, past=True)

    def instant(self, name: str, default: object = REQUIRED, *, past: bool = False) -> Field:
        return self._field(name, field_types.Instant(), default, past=past)

    def json_object(self, name: str, default: object = REQUIRED) -> Field:
        return self._field(name, field_types.Json(), default)

    def fact_day(self, name: str) -> Field:
        """A day whose month is a partition: bounded, so that a slip of the pen makes no partition for the year 1."""
        return self._field(name, field_types.Day(low=FIRST_MONTH), REQUIRED, past=True)

    def to(
        self, resource: str, name: str, column: str, key: str, default: object = REQUIRED, *, verbatim: bool = False
    ) -> ReferenceField:
        """A reference by the other row's natural key, e.g. to("plans", "plan_code", "plan", key="code")."""
        kept = self._kept(column)
        target = kept.related_model
        assert target is not None, f"{column} is no foreign key of {self.model.__name__}"
        longest = Fields(target)._kept(key).max_length or 0
        kind = Reference(longest, resource=resource, model=target, key=key, verbatim=verbatim)
        return ReferenceField(name, kind, _column_of(kept), kept.verbose_name, default)

    def subscriber(self) -> ReferenceField:
        return self.to("subscribers", "subscriber_no", "subscriber", key="subscriber_no")


def _column_of(kept: models.Field) -> str:
    assert kept.column is not None, f"{kept} is not stored"
    return kept.column


FIRST_MONTH = date(2000, 1, 1)
