"""Parts of a TM Forum resource: attributes, filters, small types with their schemas, references."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from operator import attrgetter
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from analytics.declarations import RISK_READ
from customers.facts.models import Subscriber
from retention.core.api.models import ApiClient

CURRENCY = "CNY"

TEXT = {"type": "string"}
NUMBER = {"type": "number"}
FLAG = {"type": "boolean"}
INSTANT = {"type": "string", "format": "date-time"}
MONEY = {
    "type": "object",
    "required": ["unit", "value"],
    "properties": {"unit": {"type": "string", "const": CURRENCY}, "value": NUMBER},
}
PERIOD = {
    "type": "object",
    "properties": {"startDateTime": INSTANT, "endDateTime": INSTANT},
    "description": "Both ends belong to it.",
}
QUANTITY = {"type": "object", "required": ["amount", "units"], "properties": {"amount": NUMBER, "units": TEXT}}
CHARACTERISTIC = {
    "type": "object",
    "required": ["name", "value"],
    "properties": {"name": TEXT, "valueType": TEXT, "value": {"type": ["string", "number", "boolean"]}, "@type": TEXT},
}
REFERENCE = {
    "type": "object",
    "required": ["id"],
    "properties": {"id": TEXT, "href": TEXT, "name": TEXT, "role": TEXT, "@type": TEXT, "@referredType": TEXT},
}
NOTE = {"type": "object", "properties": {"date": INSTANT, "author": TEXT, "text": TEXT}}


def enum(*values: str) -> dict[str, Any]:
    return {"type": "string", "enum": list(values)}


def array_of(schema: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": schema}


def drop_empty(**parts: Any) -> dict[str, Any]:
    """The object without empty values."""
    return {name: value for name, value in parts.items() if value not in (None, "")}


def start_of(day: date | None) -> str | None:
    return timezone.make_aware(datetime.combine(day, time())).isoformat() if day else None


def end_of(day: date | None) -> str | None:
    """The last second of a day: days of the product include their end."""
    found = timezone.make_aware(datetime.combine(day, time())) + timedelta(days=1, seconds=-1) if day else None
    return found.isoformat() if found else None


def moment(at: datetime | None) -> str | None:
    return timezone.localtime(at).isoformat() if at else None


def period(first: date | None, last: date | None = None) -> dict[str, Any]:
    return drop_empty(startDateTime=start_of(first), endDateTime=end_of(last))


def money(amount: Decimal) -> dict[str, Any]:
    return {"unit": CURRENCY, "value": float(amount)}


def characteristic(name: str, value: str | float | bool) -> dict[str, Any]:
    kind = "boolean" if isinstance(value, bool) else "string" if isinstance(value, str) else "number"
    return {"name": name, "valueType": kind, "value": value, "@type": f"{kind.title()}Characteristic"}


def reference(kind: str, id: str, *, href: str = "", **more: str) -> dict[str, Any]:
    """A reference to a resource of the type `kind`, with `href` only where the product serves that resource."""
    return drop_empty(id=id, href=href, **more) | {"@type": f"{kind}Ref", "@referredType": kind}


Schema = Mapping[str, Any]


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
    """A query parameter. condition: (its text, the business day) -> Q; ValueError for an invalid text."""

    condition: Callable[[str, date], Q]
    schema: Schema
    description: str = ""


@dataclass(frozen=True)
class Resource:
    """One TM Forum resource.

    path: API, version and resource, as in the address. rows: all that the client may see, without joins;
    joined: the same rows with everything that the attributes read, for one page. id_of and by_id: the row's id in the
    interface, and the condition that finds it (ValueError for an invalid id). order ends in a unique column.
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
    complete: Callable[[list[Any]], None] = lambda _rows: None

    def write(self, row: Any, call: Call, fields: Sequence[str] | None) -> dict[str, Any]:
        """The row as JSON; only the attributes in `fields`, None for all. Unknown values are left out."""
        id = self.id_of(row)
        found = {"id": id, "href": call.link(self.path, id), "@type": self.type}
        for name in self.attributes if fields is None else fields:
            value = self.attributes[name].of(row, call)
            if value not in (None, "", [], {}):
                found[name] = value
        return found


AGREEMENTS = "agreementManagement/v4/agreement"
CUSTOMERS = "customer/v5/customer"
PRODUCTS = "productInventory/v4/product"


def line_ref(line: Subscriber, call: Call) -> dict[str, Any]:
    return reference("Product", line.subscriber_no, href=call.link(PRODUCTS, line.subscriber_no))


def customer_ref(line: Subscriber, call: Call) -> dict[str, Any]:
    """The line's customer. Read with `account__customer` joined."""
    number = line.account.customer.customer_no
    return reference("Customer", number, href=call.link(CUSTOMERS, number), role="customer")


def agreement_ref(contract_no: str, call: Call) -> dict[str, Any]:
    return reference("Agreement", contract_no, href=call.link(AGREEMENTS, contract_no))
