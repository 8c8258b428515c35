"""Calling the customer from the call screen: dial, hang up, and how the call stands."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from retention.core import clock
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.errors import Conflict
from workorders.console import queries
from workorders.console.steps import desk_rights
from workorders.console.views.call_screen import known_order, visible_order
from workorders.telephony.models import Call
from workorders.telephony.queries import newest_call
from workorders.telephony.services.calling import dial, hang_up
from workorders.telephony.services.following import follow


@require("work.do")
@require_POST
def dial_customer(request: StaffRequest, order_no: str) -> HttpResponse:
    order = visible_order(request, order_no)
    try:
        dial(order_no=order.order_no, agent=request.user, now=clock.now())
    except Conflict as error:
        messages.warning(request, error.message)
    return redirect("workorders:order", order_no)


@require("work.do")
@require_POST
def hang_up_call(request: StaffRequest, order_no: str) -> HttpResponse:
    """Back to the call screen, or to the desk where the order has left during the call."""
    order = known_order(request, order_no)
    try:
        hang_up(agent=request.user, now=clock.now())
    except Conflict as error:
        messages.warning(request, error.message)
    if order.assignee_id != request.user.pk:
        return redirect("workorders:console")
    return redirect("workorders:order", order_no)


@require("work.do")
@require_GET
def call_state(request: StaffRequest, order_no: str) -> HttpResponse:
    """The call as it stands; 204 while it stands as the page has it (`seen`)."""
    order = known_order(request, order_no)
    calls = Call.objects.of_order(order)
    call = newest_call(calls, request.user, since=queries.call_started(order))
    if call is not None and call.is_open:
        call = follow(call=call, now=clock.now())
    if call is not None and call.state == request.GET.get("seen"):
        return HttpResponse(status=204)
    context = {"order": order, "can_dial": desk_rights(order, request.user)["can_save"]}
    return render(request, "workorders/telephony/_call.html", context | queries.call_pane(order, call))
