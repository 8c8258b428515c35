"""Rows of clocks: calendars, and order types that have clocks."""

from typing import Any

from tests.factories import number
from workorders.clocks.models import WorkCalendar
from workorders.clocks.queries import trails
from workorders.order_types.models import OrderType
from workorders.order_types.services import install_order_types

WORKING = [
    {"kind": "accept", "minutes": 60, "calendar": "working"},
    {"kind": "attempt", "minutes": 120, "calendar": "working"},
    {"kind": "contact", "minutes": 1440, "calendar": "elapsed", "pauses_in": ["waiting"]},
    {"kind": "close", "minutes": 840, "calendar": "working", "warn_percent": 50, "pauses_in": ["waiting"]},
]


def make_calendar(**given: Any) -> WorkCalendar:
    values = {"code": number("cal").lower(), "name": "Office", "name_zh": "办公时间", "holidays": "CN", "enabled": True}
    return WorkCalendar.objects.create(**values | given)


def give_clocks(*clocks: dict, code: str = "churn_retention") -> OrderType:
    """The shipped type with these clocks, by default WORKING; before it has orders."""
    install_order_types()
    OrderType.objects.filter(code=code).update(clocks=list(clocks) or WORKING)
    trails._kept.clear()
    return OrderType.objects.get(code=code)
