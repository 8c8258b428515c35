"""The page for an agent whom a customer calls, what follows on the customer's page, and the supervisors' list."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from retention.core import clock
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.errors import Conflict, DomainError, Invalid, NotFound, Refused
from workorders.inbound.forms import CallerForm, CallerMessageForm, LookupFilter
from workorders.inbound.models import CallerLookup
from workorders.inbound.queries import lookups_for
from workorders.inbound.rules import GRANT_LENGTH, MAX_LOOKUPS_A_DAY
from workorders.inbound.services import look_up_caller, lookups_left, take_order_of_caller, write_about_caller
from workorders.inbound.tables import LookupTable
from workorders.pauses.services import end_wrap_up
from workorders.supervision.views.board import PeriodPage


@require("work.do")
@require_http_methods(["GET", "HEAD", "POST"])
def look_up(request: StaffRequest) -> HttpResponse:
    """To the customer's page; the form again where no line has the number, and with what is wrong."""
    form, status = CallerForm(), 200
    if request.method == "POST":
        form, status = CallerForm(request.POST), 422
        if form.is_valid():
            try:
                found = look_up_caller(agent=request.user, now=clock.now(), **form.cleaned_data)
                if found.subscriber is not None:
                    return redirect("customers:detail", found.subscriber.subscriber_no)
                form.add_error("number", _("No line of your branch has exactly this number."))
            except (Invalid, Refused) as error:
                status = error.status
                _attach(form, error)
    context = {
        "form": form, "left": max(0, lookups_left(request.user, now=clock.now())), "most": MAX_LOOKUPS_A_DAY,
        "minutes": int(GRANT_LENGTH.total_seconds()) // 60,
    }  # fmt: skip
    return render(request, "workorders/inbound/look_up.html", context, status=status)


def _attach(form: CallerForm, error: DomainError) -> None:
    for one in error.details:
        form.add_error(one["field"], one["message"])
    if not error.details:
        form.add_error(None, str(error))


@require("work.do")
@require_POST
def take(request: StaffRequest, order_no: str) -> HttpResponse:
    """To the call screen with the caller's order on the desk; back to where one was with the reason why not."""
    try:
        order = take_order_of_caller(order_no=order_no, agent=request.user, now=clock.now())
    except NotFound as error:
        raise Http404(order_no) from error
    except Conflict as error:
        messages.warning(request, error.message)
        return _back(request, order_no)
    end_wrap_up(agent=request.user, now=clock.now())
    return redirect("workorders:order", order.order_no)


@require("work.do")
@require_POST
def write(request: StaffRequest, order_no: str) -> HttpResponse:
    """A message to whoever has the caller's order; back to the customer's page."""
    form = CallerMessageForm(request.POST)
    if not form.is_valid():
        messages.warning(request, " ".join(str(one) for one in form.errors["text"]))
        return _back(request, order_no)
    try:
        write_about_caller(order_no=order_no, agent=request.user, text=form.cleaned_data["text"], now=clock.now())
        messages.success(request, _("The message is on the desks."))
    except NotFound as error:
        raise Http404(order_no) from error
    except Invalid as error:
        messages.warning(request, error.message)
    return _back(request, order_no)


def _back(request: StaffRequest, order_no: str) -> HttpResponse:
    """The page of the caller whose order it is, as long as the agent is shown the caller; else the desk."""
    found = CallerLookup.objects.filter(
        agent=request.user, until__gt=clock.now(), subscriber__account__customer__work_orders__order_no=order_no
    )
    line = found.order_by("-until", "-pk").values_list("subscriber__subscriber_no", flat=True).first()
    return redirect("customers:detail", line) if line else redirect("workorders:console")


class Lookups(PeriodPage):
    """Who has looked up which caller, and why."""

    name = "callers"
    subtitle = gettext_lazy(
        "Customers whom agents were shown for a while because they called, and numbers that no line of the branch has."
    )
    parent = ("workorders:supervise", gettext_lazy("Supervise"))
    table_class = LookupTable
    form_class = LookupFilter
    form: LookupFilter

    def get_queryset(self) -> QuerySet[CallerLookup]:
        return lookups_for(self.user, self.period, self.cleaned).for_list()
