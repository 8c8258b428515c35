"""What a face consists of."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import attrgetter
from typing import Any

from django.db.models import Q, QuerySet

from retention.core.models import ApiClient, Scope

Schema = Mapping[str, Any]


@dataclass(frozen=True)
class Call:
    """Who asks, on which business day, and under which address we are reached."""

    client: ApiClient
    today: date
    base: str

    def link(self, path: str, id: str) -> str:
        return f"{self.base}/tmf-api/{path}/{id}"

    @property
    def may_see_risk(self) -> bool:
        return Scope.RISK_READ in self.client.scopes


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
    """A query parameter. condition: (its text, the business day) -> Q; ValueError for a text that it cannot be."""

    condition: Callable[[str, date], Q]
    schema: Schema
    description: str = ""


@dataclass(frozen=True)
class Face:
    """One TM Forum resource.

    path: API, version and resource, as in the address. rows: all that the client may see, without what is joined;
    joined: the same rows with all that the attributes read, for a page of them. id_of and by_id: the row's id in the
    interface, and the condition that finds it (ValueError for an id that cannot be). order ends in what is unique.
    """

    path: str
    number: int
    type: str
    tells: str
    rows: Callable[[ApiClient], QuerySet]
    joined: Callable[[QuerySet, Call], QuerySet]
    id_of: Callable[[Any], str]
    by_id: Callable[[str], Q]
    attributes: Mapping[str, Attribute]
    example: Mapping[str, Any]
    filters: Mapping[str, Filter] = field(default_factory=dict)
    order: Sequence[str] = ("pk",)
    complete: Callable[[list[Any]], None] = lambda _rows: None

    def write(self, row: Any, call: Call, fields: Sequence[str] | None) -> dict[str, Any]:
        """The row as JSON; of the attributes those in `fields`, None for all. What is not known is left out."""
        id = self.id_of(row)
        found = {"id": id, "href": call.link(self.path, id), "@type": self.type}
        for name in self.attributes if fields is None else fields:
            value = self.attributes[name].of(row, call)
            if value not in (None, "", [], {}):
                found[name] = value
        return found
