"""Declarations to the core: audit actions, an event, the agents' start page."""

from django.utils.translation import gettext_lazy as _

from retention.core.accounts.roles import LANDING_PAGES, Role
from retention.core.audit import services as audit
from retention.core.ui.glossary import declare_meanings
from retention.core.webhooks.events import EVENTS, Event

audit.declare_actions("order.move", "order.open", "order.reassign")
ORDER_CLOSED = EVENTS.declare(
    "order.closed",
    Event(_("order closed"), "A work order has ended", "workorders.orders.serializers.ClosedOrder"),
)
LANDING_PAGES.declare(Role.AGENT, "workorders:console")

declare_meanings(
    {
        "attempts": _("Calls made for the order so far."),
        "contacts": _("Calls with a result saved, reached or not."),
        "reached": _("Calls in which the customer spoke with the agent."),
        "reach_rate": _("Share of the calls in which the customer spoke with the agent."),
        "good": _("Calls after which the customer stays or takes an offer."),
        "good_rate": _("Of the customers reached, the share that stays or takes an offer."),
        "DayTable.refused": _("Calls in which the customer refused."),
        "calls_refused": _("Calls in which the customer refused."),
        "appointments": _("Calls that ended with a time for the next one."),
        "orders_closed": _("Orders brought to their end."),
        "DayTable.closed": _("Orders brought to their end."),
        "orders_waiting": _("Orders of your groups that nobody has taken."),
    }
)
