"""The own appointments by day and week."""

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from retention.core import clock
from retention.core.accounts.permissions import StaffRequest, require
from workorders.appointments.forms import DaysForm
from workorders.appointments.queries import DAYS_OF_WEEK, days_of


@require("work.do")
@require_GET
def days(request: StaffRequest) -> HttpResponse:
    """`view=day|week`, `day=YYYY-MM-DD`: the week of a day, from its Monday; what cannot be read is today."""
    form = DaysForm(request.GET)
    form.is_valid()
    day = form.cleaned_data.get("day") or clock.today()
    view = form.cleaned_data.get("view") or "week"
    count = 1 if view == "day" else DAYS_OF_WEEK
    first = day if view == "day" else day - timedelta(days=day.weekday())
    shown = days_of(request.user, first=first, days=count)
    context = {
        "view": view,
        "day": day,
        "days": shown,
        "before": first - timedelta(days=count),
        "after": first + timedelta(days=count),
        "today": clock.today(),
        "now": clock.now(),
        "count": sum(len(one.orders) for one in shown),
    }
    return render(request, "workorders/appointments/days.html", context)
