"""On the customer's page, for an agent who sees it because the customer called: until when, and the open orders."""

from typing import Any
from weakref import WeakKeyDictionary

from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from customers.facts.models import Subscriber
from customers.grants.models import CustomerGrant
from customers.page360 import panels
from retention.core import clock
from retention.core.accounts.permissions import StaffRequest
from workorders.inbound.models import CallerLookup
from workorders.inbound.queries import orders_of_caller
from workorders.inbound.rules import MAX_MESSAGE
from workorders.orders.states import SUPERVISE, WORK

_running: WeakKeyDictionary[HttpRequest, CallerLookup | None] = WeakKeyDictionary()


def register() -> None:
    panels.register_notices(caller_notice)
    panels.register_panel("caller")(caller_panel)


def running_lookup(request: StaffRequest, line: Subscriber) -> CallerLookup | None:
    """The look-up by which the person sees the customer; asked once a page, of people who work on orders alone."""
    if not request.user.may(WORK):
        return None
    if request not in _running:
        found = CallerLookup.objects.running(request.user, customer_id=line.account.customer_id, at=clock.now())
        _running[request] = found.first()
    return _running[request]


def caller_notice(request: StaffRequest, line: Subscriber) -> list[tuple[str, str]]:
    """Until when and why; nothing for who sees the customer for the sake of an order as well."""
    found = running_lookup(request, line)
    if found is None or found.until is None:
        return []
    lasting = CustomerGrant.objects.of_orders().held_by(request.user)
    if lasting.filter(customer=line.account.customer_id).exists():
        return []
    given = {"time": time_format(timezone.localtime(found.until)), "reason": found.why}
    return [("info", _("You see this customer until %(time)s because: %(reason)s") % given)]


def caller_panel(request: StaffRequest, line: Subscriber) -> panels.Panel | None:
    """Who has the customer's open orders, and what the agent can do with them."""
    if running_lookup(request, line) is None:
        return None
    orders = orders_of_caller(customer_id=line.account.customer_id, agent=request.user, now=clock.now())
    context: dict[str, Any] = {"orders": orders, "may_open": request.user.may(SUPERVISE), "most": MAX_MESSAGE}
    template = "workorders/inbound/_panel.html"
    return panels.Panel(title=_("The caller"), template=template, context=context, icon="phone-call", place="top")
