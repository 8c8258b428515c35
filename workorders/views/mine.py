"""My workload: today, and day by day."""

from datetime import timedelta

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from retention.core import audit, clock
from retention.core.access import require
from retention.core.exports import export_response, wants_export
from workorders import workload
from workorders.forms import HistoryFilter
from workorders.tables import DayTable


@require("work.do")
@require_GET
def my_work(request: HttpRequest) -> HttpResponseBase:
    form = HistoryFilter(request.GET)
    last = clock.today()
    first = last - timedelta(days=form.days - 1)
    days = [
        row | {"reach_rate": _rate(row["reached"], row["contacts"]), "good_rate": _rate(row["good"], row["reached"])}
        for row in workload.by_day(request.user, first=first, last=last)
    ]
    table = DayTable(days, request=request)
    if kind := wants_export(request):
        audit.record(actor=request.user, action="export", target="my-work", kind=kind, days=form.days)
        notes = [(_("Retained or accepted"), _("Contacts that ended with the customer staying or taking an offer."))]
        return export_response(request, table, "my-work", notes=notes)
    context = {
        "form": form,
        "table": table.paged(),
        "today": workload.of_day(request.user, day=last),
        "ended": workload.ended_on(request.user, day=last),
        "endings": workload.by_disposition(request.user, first=first, last=last),
        "days": form.days,
    }
    return render(request, "workorders/mine.html", context)


def _rate(part: int, whole: int) -> float | None:
    return part / whole if whole else None
