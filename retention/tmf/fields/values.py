"""Values as the TM Forum resources write them: instants of days, periods, money, characteristics."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from retention.core import clock
from retention.tmf.fields.schemas import CURRENCY

# A day of the product includes its end, so what ends on a day ends with its last second.
LAST_SECOND = timedelta(days=1, seconds=-1)


def drop_empty(**parts: Any) -> dict[str, Any]:
    """The object without empty values."""
    return {name: value for name, value in parts.items() if value not in (None, "")}


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def start_of(day: date | None) -> str | None:
    return midnight(day).isoformat() if day else None


def end_of(day: date | None) -> str | None:
    return (midnight(day) + LAST_SECOND).isoformat() if day else None


def moment(at: datetime | None) -> str | None:
    return clock.format_instant(at) if at else None


def period(first: date | None, last: date | None = None) -> dict[str, Any]:
    return drop_empty(startDateTime=start_of(first), endDateTime=end_of(last))


def money(amount: Decimal) -> dict[str, Any]:
    return {"unit": CURRENCY, "value": float(amount)}


def characteristic(name: str, value: str | float | bool) -> dict[str, Any]:
    kind = "boolean" if isinstance(value, bool) else "string" if isinstance(value, str) else "number"
    return {"name": name, "valueType": kind, "value": value, "@type": f"{kind.title()}Characteristic"}
