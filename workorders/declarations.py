"""Declarations to the core: audit actions, an event, the agents' start page."""

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from retention.core.accounts.roles import LANDING_PAGES, Role
from retention.core.administration.sections import SECTIONS, Section
from retention.core.audit import services as audit
from retention.core.notices.text import MESSAGES
from retention.core.staff.queries import GROUP_COUNTS, Counted
from retention.core.ui.glossary import declare_meanings
from retention.core.webhooks.events import EVENTS, Event

audit.declare_actions(
    "disposition.change", "order_type.change", "order_type.draft", "order_type.publish", "order.exception",
    "order.move", "order.open", "order.reassign",
)  # fmt: skip
ORDER_CLOSED = EVENTS.declare(
    "order.closed",
    Event(_("order closed"), "A work order has ended", "workorders.orders.serializers.ClosedOrder"),
)
ORDER_MOVED = EVENTS.declare(
    "order.moved",
    Event(
        _("order moved"),
        "A work order has made a move that its type reports",
        "workorders.orders.serializers.MovedOrder",
    ),
)


def _format_step(params: dict[str, Any]) -> str:
    return gettext("%(order)s (%(type)s) has come to: %(stage)s") % params


def _format_chase(params: dict[str, Any]) -> str:
    return gettext("%(name)s asks for haste with %(order)s: %(reason)s") % params


def _format_answer(params: dict[str, Any]) -> str:
    return gettext("The other branch has answered %(order)s.") % params


ORDER_STEP = MESSAGES.declare("order.step", _format_step)
ORDER_CHASED = MESSAGES.declare("order.chased", _format_chase)
ORDER_ANSWERED = MESSAGES.declare("order.answered", _format_answer)
LANDING_PAGES.declare(Role.AGENT, "workorders:console")
GROUP_COUNTS.declare(
    "orders",
    Counted(
        _("Open orders"),
        _("Orders in the queue of the group or in the hands of its agents."),
        "workorders.orders.queries.count_open_by_team",
        "/supervise/?team={code}",
    ),
)
for key, section in {
    "order_types": Section(
        _("Order types"), _("What an order is for, how long it may take, how a call may end and what is asked"),
        "clipboard-list", "order_types:types", "order_types.view", 30,
    ),
    "dispositions": Section(
        _("Dispositions"), _("The ends of a contact: what they count as and what they do"), "phone-call",
        "order_types:dispositions", "order_types.view", 31,
    ),
}.items():  # fmt: skip
    SECTIONS.declare(key, section)

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
        "order_due_at": _("The moment by which the order is to be closed; after it the order is overdue."),
        "order_priority": _("1 is the most urgent, 9 the least."),
        "orders_closed": _("Orders brought to their end."),
        "DayTable.closed": _("Orders brought to their end."),
        "orders_waiting": _("Orders of your groups that nobody has taken."),
    }
)
