"""What a TM Forum resource is made of: a call, attributes, filters, and the resource that brings them together."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import attrgetter
from typing import Any

from django.db.models import Q, QuerySet

from analytics.declarations import RISK_READ
from retention.core.api.models import ApiClient

Schema = Mapping[str, Any]
# The attributes that an answer always has, whatever `fields` names.
ALWAYS = ("id", "href", "@type")


@dataclass(frozen=True)
class Call:
    """The calling client, the business day, and the base address of the service."""

    client: ApiClient
    today: date
    base: str

    def link(self, path: str, id: str) -> str:
        return f"{self.base}/tmf-api/{path}/{id}"

    @property
    def may_see_risk(self) -> bool:
        return RISK_READ in self.client.scopes


Read = Callable[[Any, Call], Any]


@dataclass(frozen=True)
class Attribute:
    """One attribute of the resource. read: a path on the row ("account.account_no") or a function of row and call."""

    schema: Schema
    read: str | Read

    def of(self, row: Any, call: Call) -> Any:
        return attrgetter(self.read)(row) if isinstance(self.read, str) else self.read(row, call)


@dataclass(frozen=True)
class Filter:
    """A query parameter, whose several values are alternatives.

    condition: (its values, the business day) -> Q; ValueError, with what it must be, for a bad one. column: what
    `sort` by its name orders by, "" where that cannot be asked.
    """

    condition: Callable[[Sequence[str], date], Q]
    schema: Schema
    description: str = ""
    column: str = ""


@dataclass(frozen=True)
class Resource:
    """One TM Forum resource.

    path: API, version and resource, as in the address. rows: all that the client may see, without joins;
    joined: the same rows with everything that the attributes read, for one page. id_of and by_id: the row's id in the
    interface, and the condition that finds it (ValueError for an invalid id). order ends in a unique column.
    sort_within: of a table too large to be sorted whole, the filters of which one must be given with `sort`.
    """

    path: str
    number: int
    type: str
    description: str
    rows: Callable[[ApiClient], QuerySet]
    joined: Callable[[QuerySet, Call], QuerySet]
    id_of: Callable[[Any], str]
    by_id: Callable[[str], Q]
    attributes: Mapping[str, Attribute]
    example: Mapping[str, Any]
    filters: Mapping[str, Filter] = field(default_factory=dict)
    order: Sequence[str] = ("pk",)
    sort_within: Sequence[str] = ()
    complete: Callable[[list[Any]], None] = lambda _rows: None

    @property
    def version(self) -> int:
        return int(self.path.split("/")[1].removeprefix("v"))

    @property
    def sortable(self) -> dict[str, str]:
        """The column behind each name that `sort` takes."""
        return {name: one.column for name, one in self.filters.items() if one.column}

    def write(self, row: Any, call: Call, fields: Sequence[str] | None) -> dict[str, Any]:
        """The row as JSON; only the attributes in `fields`, None for all. Unknown values are left out."""
        id = self.id_of(row)
        found = {"id": id, "href": call.link(self.path, id), "@type": self.type}
        for name in self.attributes if fields is None else fields:
            value = self.attributes[name].of(row, call)
            if value not in (None, "", [], {}):
                found[name] = value
        return found
