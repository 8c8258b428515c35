"""The small shapes that TM Forum resources are made of: for each its schema and how it is built."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

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


def listed(schema: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": schema}


def known(**parts: Any) -> dict[str, Any]:
    """What is known of them."""
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
    return known(startDateTime=start_of(first), endDateTime=end_of(last))


def money(amount: Decimal) -> dict[str, Any]:
    return {"unit": CURRENCY, "value": float(amount)}


def characteristic(name: str, value: str | float | bool) -> dict[str, Any]:
    kind = "boolean" if isinstance(value, bool) else "string" if isinstance(value, str) else "number"
    return {"name": name, "valueType": kind, "value": value, "@type": f"{kind.title()}Characteristic"}


def reference(kind: str, id: str, *, href: str = "", **more: str) -> dict[str, Any]:
    """A reference to a resource of the type `kind`; with an address only when there is a face for it."""
    return known(id=id, href=href, **more) | {"@type": f"{kind}Ref", "@referredType": kind}
