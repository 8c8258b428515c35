"""The agent's desk: the queue, the day so far, and the button that brings the next customer."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from retention.core import clock
from retention.core.access import require
from retention.core.models import User
from workorders import workload
from workorders.models import WorkOrder
from workorders.services import next_order


@require("work.do")
@require_GET
def console(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    context = queue_pane(request.user) | {
        "today": workload.of_day(request.user, day=timezone.localtime(now).date()),
        "waiting": workload.waiting_in_teams(request.user, now=now),
        "teams": request.user.teams.all(),
        "now": now,
    }
    context["due_appointments"] = [one for one in context["queue"] if one.appointment_at and one.appointment_at <= now]
    context["appointments"] = [one for one in context["queue"] if one.appointment_at]
    return render(request, "workorders/console.html", context)


@require("work.do")
@require_POST
def take_next(request: HttpRequest) -> HttpResponse:
    return go_to_next(request)


def go_to_next(request: HttpRequest) -> HttpResponse:
    """To the call screen of the agent's next order, or back to the desk when nothing waits."""
    order = next_order(agent=request.user, now=clock.now())
    if order is None:
        messages.info(request, _("Nothing waits in your groups at the moment."))
        return redirect("workorders:console")
    return redirect("workorders:order", order.order_no)


def queue_pane(agent: User) -> dict[str, Any]:
    """The left pane: the agent's own open orders."""
    return {"queue": list(WorkOrder.objects.for_queue(agent)[:50])}
