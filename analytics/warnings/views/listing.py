"""The warning list: warned lines with why, in the order in which a call is expected to pay."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import render

from analytics.navigation.tabs import churn_tabs
from analytics.warnings.forms import WarningFilter
from analytics.warnings.queries import DEFAULT_ORDER, LIST_LIMIT, ORDERS, WarnedLines
from analytics.warnings.tables import WarningTable
from retention.core import clock
from retention.core.accounts.models import Branch, User
from retention.core.accounts.permissions import require
from retention.core.audit import services as audit
from retention.core.ui.tables.exports import export_response, wants_export


def lines_of_query(user: User, query: QueryDict, sort: str = "") -> tuple[WarningFilter, WarnedLines]:
    """The filter form of an address and the lines it asks for; all that are warned when it cannot be understood."""
    form = WarningFilter(query, branches=Branch.objects.visible_to(user))
    asked = form.cleaned_data if form.is_valid() else {}
    order = sort if sort.removeprefix("-") in ORDERS else DEFAULT_ORDER
    return form, WarnedLines(user, asked, clock.today(), order)


@require("churn.view")
def warning_list(request: HttpRequest) -> HttpResponseBase:
    """Who is warned of, why, and what a contact would bring; `?export=` gives the same as a file."""
    form, warned = lines_of_query(request.user, request.GET, request.GET.get("sort", ""))
    table = WarningTable(warned, request=request)
    if kind := wants_export(request):
        if not table.exportable:
            raise PermissionDenied("export")
        asked = {key: value for key, value in request.GET.items() if value and key != "export"}
        audit.record(actor=request.user, action="export", target="churn warnings", kind=kind, filters=asked)
        return export_response(request, table, "churn-warnings")
    context = {
        "form": form,
        "table": table.paged(),
        "tabs": churn_tabs(request),
        "is_cut": warned.is_cut,
        "listed": LIST_LIMIT,
    }
    return render(request, "analytics/warnings/list.html", context)
