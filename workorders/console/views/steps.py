"""Moves of the order's type beside the end of a contact, and the exceptions that every order may need."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from retention.core import clock
from retention.core.accounts.models import User
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.errors import Conflict, Invalid
from retention.core.managed.views.editing import attach_errors
from workorders.console.forms import StepForm
from workorders.console.steps import offered_steps
from workorders.console.views.call_screen import visible_order
from workorders.orders.models import WorkOrder
from workorders.orders.services.exceptions import chase, split
from workorders.orders.services.steps import make_step
from workorders.orders.states import CHASED, SPLIT


@require("customers.view")
@require_http_methods(["GET", "HEAD", "POST"])
def step_page(request: StaffRequest, order_no: str, key: str) -> HttpResponse:
    """What the move asks for; then the move. 404 for one that is not offered (any more)."""
    order = visible_order(request, order_no)
    offered = next((one for one in offered_steps(order, request.user) if one.key == key), None)
    if offered is None:
        raise Http404(key)
    form = StepForm(request.POST or None, order=order, needs=offered.needs)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                _do(key, form, order_no, request.user)
            except (Invalid, Conflict) as error:
                attach_errors(form, error)
                status = error.status
            else:
                messages.success(request, _("%(order)s: %(move)s.") % {"order": order_no, "move": offered.title})
                seen = WorkOrder.objects.visible_to(request.user).filter(order_no=order_no).exists()
                return redirect("workorders:order", order_no) if seen else redirect("workorders:console")
    context = {"order": order, "offered": offered, "form": form}
    return render(request, "workorders/console/step.html", context, status=status)


def _do(key: str, form: StepForm, order_no: str, actor: User) -> None:
    given, now = form.given(), clock.now()
    if key == CHASED:
        chase(order_no=order_no, actor=actor, reason=given.reason, now=now)
    elif key == SPLIT:
        kind = form.cleaned_data["order_type"]
        split(order_no=order_no, order_type=kind, actor=actor, reason=given.reason, now=now)
    else:
        version = form.cleaned_data["version"]
        make_step(order_no=order_no, step=key, actor=actor, now=now, given=given, version=version)
