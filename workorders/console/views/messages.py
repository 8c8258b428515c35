"""A message to the customer during the call: which approved texts there are, how one would read, and sending it."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from campaigns.messages.models import Message
from campaigns.messages.services.conversation import (
    Sent,
    find_template,
    format_obstacle,
    format_refusal,
    preview_in_call,
    templates_for,
)
from campaigns.messages.text import LANGUAGES, STATE_TONES, format_address, format_length
from retention.core import clock
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.errors import Conflict, Invalid
from retention.core.ui.formats import moment
from workorders.appointments.forms import MomentForm
from workorders.console.services import call_of, require_call, send_message
from workorders.console.steps import desk_rights
from workorders.console.views.call_screen import visible_order
from workorders.orders.models import WorkOrder

# Of a template whose text is shown before it is sent.
CHOSEN = "template"


@require("work.do")
@require_GET
def message_form(request: StaffRequest, order_no: str) -> HttpResponse:
    """The texts to choose from; `template`: how this one would read now, and what stands in its way."""
    order = visible_order(request, order_no)
    try:
        _require_desk(order, request)
    except Conflict as error:
        return _form(request, order, problem=str(error.message), status=error.status)
    if request.htmx and CHOSEN in request.GET:
        context = {"order": order, **_preview(request, order, request.GET[CHOSEN])}
        return render(request, "workorders/console/_message_preview.html", context)
    return _form(request, order)


@require("work.do")
@require_POST
def send(request: StaffRequest, order_no: str) -> HttpResponse:
    """Sent once, however often the button is pressed. 422 for a text that cannot be made or that the gate refuses."""
    order = visible_order(request, order_no)
    code = request.POST.get(CHOSEN, "")
    now = clock.now()
    try:
        sent = send_message(
            order_no=order_no, agent=request.user, template=code, appointment_at=_appointment(request), now=now
        )
    except (Conflict, Invalid) as error:
        return _form(request, order, problem=str(error.message), status=error.status)
    if sent.refused:
        return _form(request, order, problem=_("Not sent: %(reason)s") % {"reason": sent.refused}, status=422)
    if request.htmx:
        return _form(request, order, done=_format_sent(sent, now))
    messages.success(request, _format_sent(sent, now))
    return redirect("workorders:order", order_no)


def _require_desk(order: WorkOrder, request: StaffRequest) -> None:
    if not desk_rights(order, request.user)["can_save"]:
        raise Conflict(_("A message is sent by the agent who has the order on the desk."), code="not_on_desk")
    require_call(order)


def _form(
    request: StaffRequest, order: WorkOrder, *, problem: str = "", done: str = "", status: int = 200
) -> HttpResponse:
    """The fragment of the call screen; without script a page of its own."""
    chosen = (request.POST or request.GET).get(CHOSEN, "") if not done else ""
    sent = [
        (one, STATE_TONES[one.state], one.get_state_display())
        for one in Message.objects.of_calls(order.order_no, order.customer_id)
    ]
    context: dict[str, Any] = {
        "order": order, "problem": problem, "done": done, "chosen": chosen, "sent": sent,
        "templates": [] if status == Conflict.status else templates_for(request.user),
    }  # fmt: skip
    if chosen and not request.htmx and not problem:
        context |= _preview(request, order, chosen)
    name = "_message.html" if request.htmx else "message.html"
    return render(request, f"workorders/console/{name}", context, status=status)


def _preview(request: StaffRequest, order: WorkOrder, code: str) -> dict[str, Any]:
    if not code:
        return {}
    now = clock.now()
    call = call_of(order, appointment_at=_appointment(request), now=now)
    template = find_template(request.user, code)
    found = preview_in_call(call=call, template=template, now=now)
    held = found.answer.at if found.answer.at is not None and found.answer.at > now else None
    return {
        "preview": found,
        "language": LANGUAGES[found.language],
        "length": format_length(found.length),
        "to": format_address(template.channel, found.address),
        "barriers": [text for text in (format_obstacle(found), format_refusal(found)) if text],
        "held_until": moment(held) if held else "",
    }


def _appointment(request: StaffRequest) -> datetime | None:
    """The time in the call form, which is not saved yet; None while it cannot be read."""
    form = MomentForm(request.POST or request.GET)
    return form.cleaned_data["appointment_at"] if form.is_valid() else None


def _format_sent(sent: Sent, now: datetime) -> str:
    message = sent.message
    if message.due_at is not None and message.due_at > now:
        return _("“%(name)s” is queued and goes out %(when)s.") % {
            "name": message.template.title, "when": moment(message.due_at),
        }  # fmt: skip
    return _("“%(name)s” is on its way.") % {"name": message.template.title}
