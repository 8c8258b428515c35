"""A contact that was saved with the wrong key is opened again."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from retention.core import clock
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.errors import Conflict
from workorders.orders.services.reopening import reopen, requeue
from workorders.pauses.services import end_wrap_up


@require("work.do")
@require_POST
def reopen_order(request: StaffRequest, order_no: str) -> HttpResponse:
    """The agent's own contact of today, back on the desk with what was typed."""
    try:
        reopen(order_no=order_no, agent=request.user, now=clock.now())
        end_wrap_up(agent=request.user, now=clock.now())
    except Conflict as error:
        messages.warning(request, error.message)
        return redirect("workorders:console")
    messages.info(request, _("Opened again: nothing of the last save counts. Correct it and save."))
    return redirect("workorders:order", order_no)


@require("work.supervise")
@require_POST
def requeue_order(request: StaffRequest, order_no: str) -> HttpResponse:
    """A closed order, back in the queue of its group."""
    try:
        requeue(order_no=order_no, actor=request.user, now=clock.now())
        messages.success(request, _("The order is in its group's queue again."))
    except Conflict as error:
        messages.warning(request, error.message)
    return redirect("workorders:order", order_no)
