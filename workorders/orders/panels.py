"""Declarations for lower apps, which must not import this one: the 360 panel, order numbers as links, labels."""

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaigns.outreach.text import format_source
from campaigns.outreach.timeline import CONTACT_WISHES, MAX_ITEMS
from campaigns.scenarios import order_types
from customers.contacts import text as contacts_text
from customers.directory import search_resolvers
from customers.facts.models import Subscriber
from customers.page360 import panels
from customers.profile.models import LeaverProfile
from retention.core.accounts.models import User
from retention.core.accounts.permissions import StaffRequest
from retention.core.ui.components import TimelineItem
from retention.core.ui.references import REFERENCES
from workorders.order_types.models import Disposition, OrderType
from workorders.orders.models import WorkOrder
from workorders.orders.origins import Origin, OriginKind
from workorders.orders.queries import hit_order_result
from workorders.orders.states import SUPERVISE
from workorders.orders.tables import CustomerOrderTable

PANEL_ORDERS = 10


def register() -> None:
    panels.register_panel("orders")(orders_panel)
    REFERENCES.declare("workorder", order_addresses)
    search_resolvers.register_resolver(order_by_number)
    contacts_text.register_contact_codes(Disposition.Result, OriginKind)
    CONTACT_WISHES.declare("orders", order_items)
    order_types.register_order_types(order_types_in_use)
    order_types.register_order_result(hit_order_result)


def orders_panel(request: StaffRequest, subscriber: Subscriber) -> panels.Panel | None:
    """The customer's orders as far as this person may see them, newest first; who supervises may open one."""
    orders = WorkOrder.objects.visible_to(request.user).filter(customer=subscriber.account.customer)
    found = list(orders.for_board().order_by("-opened_at", "-pk")[:PANEL_ORDERS])
    types = _types_for(subscriber) if request.user.may(SUPERVISE) else []
    if not found and not types:
        return None
    table = CustomerOrderTable(found) if found else None
    context = {"table": table, "types": types, "subscriber_no": subscriber.subscriber_no}
    template = "workorders/orders/_panel.html"
    return panels.Panel(title=_("Orders"), icon="headset", template=template, context=context, flush=True)


def _types_for(line: Subscriber) -> list[tuple[str, str]]:
    """The order types that may be opened for a line: all but those for customers who have left; of one that has left
    only these, while its customer can be won back."""
    left = line.status == Subscriber.Status.TERMINATED
    if left and not LeaverProfile.objects.filter(pk=line.pk).exists():
        return []
    return [(one.code, one.title) for one in OrderType.objects.current() if one.after_leaving == left]


def order_items(user: User, line: Subscriber, since: datetime) -> list[TimelineItem]:
    """The customer's orders opened since, for the page of the customer's contacts."""
    orders = WorkOrder.objects.visible_to(user).filter(customer=line.account.customer_id, opened_at__gt=since)
    return [
        TimelineItem(
            at=order.opened_at,
            title=_("Order %(number)s opened: %(type)s") % {"number": order.order_no, "type": order.type.title},
            text=_("asked for by %(source)s") % {"source": format_source(_origin(order).contact_source)},
            icon="headset",
            tone="info",
            href=reverse("workorders:order", args=[order.order_no]),
            badge=order.get_state_display(),
        )
        for order in orders.for_board().order_by("-opened_at")[:MAX_ITEMS]
    ]


def _origin(order: WorkOrder) -> Origin:
    return Origin(OriginKind(order.origin_kind), order.origin_key)


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
