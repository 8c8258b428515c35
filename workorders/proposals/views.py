"""Offers above the ceiling of their agent: the supervisor's page."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from campaigns.offers.models import ceilings
from retention.core import clock
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.errors import Conflict, Invalid, Refused
from workorders.proposals.queries import offer_requests as waiting_requests
from workorders.proposals.services import approve_offer, deny_offer


@require("work.supervise")
@require_GET
def offer_requests(request: StaffRequest) -> HttpResponse:
    """What waits for an approval, the oldest first, with what it costs and to what it binds."""
    ceiling = ceilings().get(request.user.role)
    rows = waiting_requests(request.user, ceiling=ceiling, now=clock.now())
    context = {"rows": rows, "ceiling": ceiling}
    return render(request, "workorders/proposals/requests.html", context)


@require("work.supervise")
@require_POST
def decide(request: StaffRequest, decision: int) -> HttpResponse:
    """`approve`, or `deny` with `note`; back to the page, with what happened."""
    now = clock.now()
    try:
        if "approve" in request.POST:
            approve_offer(decision=decision, actor=request.user, now=now)
            messages.success(request, _("Approved: the agent is told."))
        else:
            deny_offer(decision=decision, actor=request.user, note=request.POST.get("note", ""), now=now)
            messages.success(request, _("Not approved: the agent is told."))
    except (Conflict, Invalid, Refused) as error:
        messages.warning(request, error.message)
    return redirect("workorders:offer-requests")
