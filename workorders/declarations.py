"""Declarations to the core: audit actions, an event, the agents' start page."""

from django.utils.translation import gettext_lazy as _

from retention.core.accounts.roles import LANDING_PAGES, Role
from retention.core.audit import services as audit
from retention.core.staff.queries import GROUP_COUNTS, Counted
from retention.core.webhooks.events import EVENTS, Event

audit.declare_actions("order.move", "order.open", "order.reassign")
ORDER_CLOSED = EVENTS.declare(
    "order.closed",
    Event(_("order closed"), "A work order has ended", "workorders.orders.serializers.ClosedOrder"),
)
LANDING_PAGES.declare(Role.AGENT, "workorders:console")
GROUP_COUNTS.declare(
    "orders", Counted(_("Open orders"), "workorders.orders.queries.count_open_by_team", "/supervise/?team={code}")
)
