"""Orders for lines chosen from the warning list."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from analytics.warnings.queries import reason_facts
from analytics.warnings.views.listing import WarnedList
from analytics.warnings.views.opening import ask_or_open, require_churn_view, selected_ids
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.ui.filters import parse_query
from workorders.orders.origins import Origin, OriginKind


@require_POST
@require("work.supervise")
def open_orders(request: StaffRequest) -> HttpResponse:
    """For ticked lines, or the first of all that match the filters."""
    require_churn_view(request)
    query = parse_query(request.POST.get("query", ""))
    warned = WarnedList.of_query(user=request.user, query=query.urlencode()).get_queryset()
    return ask_or_open(
        request,
        selected_ids(request, warned.first_ids if request.POST.get("all") else ()),
        origin=Origin(OriginKind.WARNING_LIST),
        facts=lambda ids: reason_facts(user=request.user, ids=ids),
        back=reverse("analytics:churn") + (f"?{query.urlencode()}" if query else ""),
        back_label=_("Churn warning"),
    )
