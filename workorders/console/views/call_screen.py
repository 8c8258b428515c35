"""The call screen of one order, and what an agent does on it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from customers.facts.models import Subscriber
from customers.page360.panels import render_panels
from customers.page360.queries import RiskHistory, risk_history
from retention.core import clock
from retention.core.accounts.models import User
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.audit import services as audit
from retention.core.errors import Conflict, Invalid
from retention.core.ui.formats import moment
from retention.core.ui.references import references, sentence
from workorders.appointments.forms import MomentForm
from workorders.appointments.queries import load_at
from workorders.clocks.models import OrderClock
from workorders.clocks.text import clock_lines
from workorders.console import queries
from workorders.console.forms import OutcomeForm
from workorders.console.steps import desk_rights, offered_steps
from workorders.console.views.desk import go_to_next, queue_pane
from workorders.orders.models import WorkOrder
from workorders.orders.services.appointments import CLASH
from workorders.orders.services.barring import gate_reason
from workorders.orders.services.claiming import heartbeat, take
from workorders.orders.services.drafts import draft_of, save_draft
from workorders.orders.services.locks import changes_since, may_know
from workorders.orders.services.outcomes import record_outcome, start
from workorders.orders.services.skipping import may_skip
from workorders.orders.skips import SkipReason
from workorders.orders.states import WORKED
from workorders.pauses.services import end_wrap_up
from workorders.proposals import queries as proposals_queries
from workorders.telephony.models import Call
from workorders.telephony.queries import newest_call
from workorders.telephony.text import call_trail


@require("customers.view")
@require_GET
def order_page(request: StaffRequest, order_no: str) -> HttpResponse:
    order = visible_order(request, order_no)
    return call_screen(request, order, draft_of(order, request.user).content)


@require("work.do")
@require_POST
def save_outcome(request: StaffRequest, order_no: str) -> HttpResponse:
    """Save and go to the next order; `then=stop` goes back to the desk instead, and so does a wrap-up at first."""
    form = OutcomeForm(request.POST)
    try:
        if not form.is_valid():
            raise Invalid(_("Some fields cannot be read."), details=form.problems)
        given = form.cleaned_data
        saved = record_outcome(
            order_no=order_no,
            agent=request.user,
            disposition=given["disposition"],
            note=given["note"],
            appointment_at=given["appointment_at"],
            answers=form.answers,
            version=given["version"],
            known_draft=form.known,
            anyway=form.anyway,
            now=clock.now(),
        )
    except Invalid as error:
        return call_screen(request, visible_order(request, order_no), form.typed, error=error)
    except Conflict as error:
        return conflict(request, order_no, form.typed, error)
    messages.success(request, _format_saved(saved, request.user))
    if request.POST.get("then") == "stop":
        return redirect("workorders:console")
    return redirect(reverse("workorders:console") + "?then=next") if saved.type.wrap_up_seconds else go_to_next(request)


@require("work.do")
@require_POST
def start_call(request: StaffRequest, order_no: str) -> HttpResponse:
    order = visible_order(request, order_no)
    form = OutcomeForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else None
    now = clock.now()
    try:
        save_draft(order=order, user=request.user, content=form.typed, now=now, known=form.known)
        start(order_no=order_no, agent=request.user, version=version, now=now)
    except Conflict as error:
        return conflict(request, order_no, form.typed, error)
    return redirect("workorders:order", order_no)


@require("work.do")
@require_POST
def take_order(request: StaffRequest, order_no: str) -> HttpResponse:
    """Put an order of one's own on the desk, e.g. an appointment before its time."""
    order = visible_order(request, order_no)
    try:
        take(order_no=order.order_no, agent=request.user, now=clock.now())
        end_wrap_up(agent=request.user, now=clock.now())
    except Conflict as error:
        messages.warning(request, error.message)
    return redirect("workorders:order", order_no)


@require("work.do")
@require_POST
def keep_draft(request: StaffRequest, order_no: str) -> HttpResponse:
    """Keep what is typed: 204 for the page's own saving, a word for the button, the page again without script.

    X-Draft-Revision: what the window sends as `known_draft` from now on.
    """
    order, form = known_order(request, order_no), OutcomeForm(request.POST)
    now = clock.now()
    draft = save_draft(order=order, user=request.user, content=form.typed, now=now, known=form.known)
    if request.htmx:
        answer = HttpResponse(_("Draft saved %(time)s") % {"time": time_format(timezone.localtime(now))})
    elif "text/html" in request.headers.get("Accept", ""):
        return redirect("workorders:order", order_no)
    else:
        answer = HttpResponse(status=204)
    answer["X-Draft-Revision"] = str(draft.revision)
    return answer


@require("work.do")
@require_POST
def beat(request: StaffRequest, order_no: str) -> HttpResponse:
    """The page is still open. 204 while the agent has the order and may call; 200 with the reason when the customer may
    not be called any more; 409 with the order's changes once it was taken away.
    """
    order, now = known_order(request, order_no), clock.now()
    if heartbeat(order=order, agent=request.user, now=now):
        barred = gate_reason(order=order, now=now)
        if barred is None:
            return HttpResponse(status=204)
        return render(request, "workorders/console/_barred.html", {"barred": barred})
    context = {"changes": changes_since(order, order.version - 1)}
    return render(request, "workorders/console/_left.html", context, status=409)


@require("work.do")
@require_GET
def appointment_load(request: StaffRequest, order_no: str) -> HttpResponse:
    """How the hour of the time that is typed stands; nothing while it cannot be read."""
    order, form = visible_order(request, order_no), MomentForm(request.GET)
    if not form.is_valid():
        return HttpResponse()
    load = load_at(order, request.user, at=form.cleaned_data["appointment_at"])
    return render(request, "workorders/appointments/_load.html", {"load": load})


@require("work.do")
@require_GET
def customer_background(request: StaffRequest, order_no: str) -> HttpResponse:
    """What the middle pane has below why and offers. A call screen asks for it once it can be used: the next order
    is on the screen that much sooner."""
    order, now = visible_order(request, order_no), clock.now()
    line = queries.line_of(order)
    risk = risk_history(line, today=timezone.localtime(now).date(), for_agent=True)
    return render(request, "workorders/console/_background.html", _background(request, order, line, risk=risk, now=now))


def _background(
    request: StaffRequest, order: WorkOrder, line: Subscriber, *, risk: RiskHistory, now: datetime
) -> dict[str, Any]:
    panels = render_panels(request, line, on_call=True)
    return queries.background_pane(order, line, risk=risk, now=now) | {"panels": panels}


def visible_order(request: StaffRequest, order_no: str) -> WorkOrder:
    order = WorkOrder.objects.visible_to(request.user).for_call().filter(order_no=order_no).first()
    if order is None:
        raise Http404(order_no)
    return order


def known_order(request: StaffRequest, order_no: str) -> WorkOrder:
    """As visible_order, and those that were the person's a moment ago."""
    order = WorkOrder.objects.select_related("type").filter(order_no=order_no).first()
    if order is None or not may_know(order, request.user):
        raise Http404(order_no)
    return order


def call_screen(
    request: StaffRequest,
    order: WorkOrder,
    typed: Mapping[str, str],
    *,
    error: Invalid | Conflict | None = None,
) -> HttpResponse:
    """The page, with what is typed in the form; after an error with the error's status."""
    now = clock.now()
    line = queries.line_of(order)
    rights = desk_rights(order, request.user)
    audit.record(actor=request.user, action="customer.view", target=line, order=order.order_no)
    context: dict[str, Any] = (
        rights
        | {
            "order": order,
            "now": now,
            "error": error,
            "problems": {one["field"]: one["message"] for one in error.details if "message" in one} if error else {},
            "clashes": error is not None and any(one["code"] == CLASH for one in error.details),
            "steps": offered_steps(order, request.user),
            "may_supervise": request.user.may("work.supervise"),
            "barred": gate_reason(order=order, now=now) if rights["own"] else None,
            "skip_reasons": SkipReason.choices if rights["on_desk"] and may_skip(order, request.user) else [],
        }
        | queries.customer_pane(order, line, now=now)
    )
    context |= queue_pane(request.user) if rights["own"] else {}
    context |= proposals_queries.offers_pane(order, now=now, may_propose=context["can_save"])
    if context["promised"]:
        context["promised_order"] = references("workorder", request.user, [context["promised"].order_no])
    context["clocks"] = clock_lines(OrderClock.objects.of_order(order), now=now)
    calls = list(Call.objects.of_order(order))
    made = [*call_trail(calls, request.user), *queries.message_trail(order)]
    context |= queries.order_pane(order, context["decisions"], made)
    if context["can_save"]:
        context["since"] = queries.call_started(order)
        context["number"] = "" if context["barred"] else queries.number_on_screen(order, line, request.user)
        context["draft_revision"] = draft_of(order, request.user).revision
        context |= queries.call_pane(order, newest_call(calls, request.user, since=context["since"])) | {
            "can_dial": True
        }
        names = queries.script_names(order, line, request.user)
        context |= queries.form_pane(
            order, typed, now=now, decisions=context["decisions"], names=names, problems=context["problems"],
            proposed=context["proposed"],
        )  # fmt: skip
    else:
        context |= _background(request, order, line, risk=context["risk"], now=now)
    return render(request, "workorders/console/order.html", context, status=error.status if error else 200)


def conflict(request: StaffRequest, order_no: str, typed: Mapping[str, str], error: Conflict) -> HttpResponse:
    """The conflict page: others' changes and the typed text; on the call screen while the agent has the order."""
    order = known_order(request, order_no)
    if order.assignee_id == request.user.pk and order.state in WORKED and order.lease_until is not None:
        return call_screen(request, visible_order(request, order_no), typed, error=error)
    context = {"order": order, "error": error, "note": typed.get("note", ""), "now": clock.now()}
    context["order_link"] = references("workorder", request.user, [order_no])
    context |= queue_pane(request.user)
    return render(request, "workorders/console/conflict.html", context, status=error.status)


def _format_saved(order: WorkOrder, user: User) -> SafeString:
    """`W261120-000012: No answer. Comes back 20 Nov 14:00.`"""
    ending = order.disposition.title if order.disposition else ""
    when = moment(order.appointment_at or order.not_before)
    said = _("%(order)s: %(ending)s. Closed.")
    if order.appointment_at:
        said = _("%(order)s: %(ending)s. Appointment %(when)s.")
    elif order.not_before:
        said = _("%(order)s: %(ending)s. Comes back %(when)s.")
    return sentence(said, order=references("workorder", user, [order.order_no]), ending=ending, when=when)
