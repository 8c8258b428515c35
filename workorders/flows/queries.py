"""Versions of an order type. Read-only."""

from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext as _

from retention.core.accounts.models import User
from retention.core.errors import NotFound
from retention.core.ui.filters import parse_number
from workorders.order_types.models import OrderType
from workorders.orders.models import WorkOrder
from workorders.orders.states import OPEN


@dataclass(frozen=True)
class VersionRow:
    """One version with its open orders, of those that the person may see."""

    type: OrderType
    open_orders: int
    is_current: bool


def find_version(code: str, version: str) -> OrderType:
    """The version named, else the draft, else the one that new orders take. NotFound."""
    rows = OrderType.objects.filter(code=code)
    if (number := parse_number(version)) is not None:
        rows = rows.filter(version=number)
    row = max(rows, key=lambda one: (one.status == OrderType.Status.DRAFT, one.active, one.version), default=None)
    if row is None:
        raise NotFound(_("There is no such order type."))
    return row


def versions_of(code: str, *, user: User) -> list[VersionRow]:
    """All versions, the newest first."""
    orders = WorkOrder.objects.visible_to(user).filter(type__code=code, state__in=OPEN).order_by()
    counted = dict(orders.values_list("type").annotate(count=Count("pk")))
    current = OrderType.objects.current().filter(code=code).first()
    rows = OrderType.objects.filter(code=code).order_by("-version")
    return [VersionRow(row, counted.get(row.pk, 0), row == current) for row in rows]
