"""What a resource is. One declaration serves files, the API, its schema, the import page and the simulator."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from django.db import models
from django.db.backends.utils import CursorWrapper

from customers.ingest import kinds
from customers.storage import PARTITIONED

if TYPE_CHECKING:
    from customers.ingest.validation import Checked

REQUIRED = object()


@dataclass(frozen=True)
class Reference(kinds.Text):
    """The natural key of a row of another resource (or of this one)."""

    resource: str = ""
    model: type[models.Model] | None = None
    key: str = ""

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    def schema(self) -> dict[str, object]:
        return super().schema() | {"description": f"key of {self.resource}"}


@dataclass(frozen=True)
class Field:
    """One field. `column`: where it is kept. `default`: what an absent value means; REQUIRED when it must be given.

    `past`: the fact has happened, so the value may not lie in the future.
    """

    name: str
    kind: kinds.Kind
    column: str
    label: object
    default: object = REQUIRED
    past: bool = False

    @property
    def required(self) -> bool:
        return self.default is REQUIRED

    @property
    def reference(self) -> Reference | None:
        return self.kind if isinstance(self.kind, Reference) else None


@dataclass(frozen=True)
class Order:
    """A check over two fields: `later` is not before `earlier` (either may be absent)."""

    earlier: str
    later: str


Prepare = Callable[["Checked"], None]
Hook = Callable[[CursorWrapper, datetime], None]


@dataclass(frozen=True, eq=False)
class Resource:
    """One kind of fact.

    key: fields that name a row. fixed: columns of the table that every loaded row sets, as SQL; initial: those that
    only a new row sets.
    prepare: looks at a checked chunk as a whole before it is staged; may reject rows or let them wait.
    before, after: SQL steps around the upsert, given the cursor and the time (the staged rows are in `stage`).
    """

    name: str
    model: type[models.Model]
    key: tuple[str, ...]
    fields: tuple[Field, ...]
    checks: tuple[Order, ...] = ()
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
        return PARTITIONED.get(self.table)

    @property
    def references(self) -> list[Field]:
        return [f for f in self.fields if f.reference]

    def describe(self) -> dict[str, object]:
        """The resource as people and machines ask about it: key and fields with type, need, default and label."""
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
