"""Declarations for lower apps, which must not import this one: the 360 panel, order numbers as links, labels."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaigns.scenarios import order_types
from customers.contacts import text as contacts_text
from customers.directory import search_resolvers
from customers.facts.models import Subscriber
from customers.page360 import panels
from retention.core.accounts.models import User
from retention.core.accounts.permissions import StaffRequest
from retention.core.ui.references import REFERENCES
from workorders.order_types.models import Disposition, OrderType
from workorders.orders.models import WorkOrder
from workorders.orders.queries import hit_order_result
from workorders.orders.tables import CustomerOrderTable

PANEL_ORDERS = 10


def register() -> None:
    panels.register_panel("orders")(orders_panel)
    REFERENCES.declare("workorder", order_addresses)
    search_resolvers.register_resolver(order_by_number)
    contacts_text.register_contact_codes(Disposition.Result)
    order_types.register_order_types(order_types_in_use)
    order_types.register_order_result(hit_order_result)


def orders_panel(request: StaffRequest, subscriber: Subscriber) -> panels.Panel | None:
    """The customer's orders as far as this person may see them, newest first."""
    orders = WorkOrder.objects.visible_to(request.user).filter(customer=subscriber.account.customer)
    found = list(orders.for_board().order_by("-opened_at", "-pk")[:PANEL_ORDERS])
    if not found:
        return None
    return panels.Panel(title=_("Orders"), icon="headset", context={"table": CustomerOrderTable(found)}, flush=True)


def order_by_number(user: User, text: str) -> str | None:
    """The address of the order with exactly this number."""
    found = WorkOrder.objects.visible_to(user).filter(order_no=text.strip().upper()).first()
    return reverse("workorders:order", args=[found.order_no]) if found else None


def order_addresses(user: User, numbers: Sequence[str]) -> dict[str, str]:
    """{order number: address} of those orders that this person may see."""
    seen = WorkOrder.objects.visible_to(user).filter(order_no__in=numbers).values_list("order_no", flat=True)
    return {number: reverse("workorders:order", args=[number]) for number in seen}


def order_types_in_use() -> list[tuple[str, str]]:
    return [(one.code, one.title) for one in OrderType.objects.current()]
