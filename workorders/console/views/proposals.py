"""An agent's actions on offers on the call screen. The text typed so far is sent along and kept."""

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaigns.offers.states import State
from retention.core import clock
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.errors import Conflict, Invalid
from retention.core.ui.filters import parse_number
from workorders.console.forms import OutcomeForm
from workorders.console.views.call_screen import conflict, visible_order
from workorders.orders.models import WorkOrder
from workorders.orders.services.drafts import save_draft
from workorders.proposals.services import accept_offer, decline_offer, propose_offer


@require("work.do")
@require_POST
def offer(request: StaffRequest, order_no: str) -> HttpResponse:
    """propose=CODE puts an offer, accept=ID and decline=ID:REASON record the answer; then back to the call screen."""
    order = visible_order(request, order_no)
    form = OutcomeForm(request.POST)
    typed = form.typed
    try:
        save_draft(order=order, user=request.user, content=typed, now=clock.now(), known=form.known)
        messages.success(request, _apply_action(request, order, request.POST))
    except Conflict as error:
        if error.code in {"not_yours", "illegal_move"} and not _is_visible(request, order):
            return conflict(request, order_no, typed, error)
        messages.warning(request, error.message)
    except Invalid as error:
        messages.warning(request, error.message)
    return redirect(reverse("workorders:order", args=[order_no]) + "#answer")


def _apply_action(request: StaffRequest, order: WorkOrder, sent: QueryDict) -> str:
    """Carry out the pressed button's action; returns the message for the agent."""
    number, agent, now = order.order_no, request.user, clock.now()
    if "propose" in sent:
        made = propose_offer(order_no=number, agent=agent, now=now, offer=sent.get("propose", ""))
        if made.state == State.REQUESTED:
            return _("This is above your ceiling: a supervisor has been asked. Do not promise it yet.")
        return _("Proposed. Record the customer's answer.")
    if "accept" in sent:
        accept_offer(order_no=number, agent=agent, now=now, decision=_number(sent.get("accept", "")))
        return _("Accepted: the billing system is told.")
    decision, _colon, reason = sent.get("decline", "").partition(":")
    decline_offer(order_no=number, agent=agent, now=now, decision=_number(decision), reason=reason)
    return _("Declined.")


def _number(text: str) -> int:
    number = parse_number(text)
    if number is None:
        raise Invalid(_("This cannot be done with an offer."))
    return number


def _is_visible(request: StaffRequest, order: WorkOrder) -> bool:
    return WorkOrder.objects.visible_to(request.user).filter(pk=order.pk).exists()
