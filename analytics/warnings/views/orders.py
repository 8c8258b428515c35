"""Orders for lines chosen from the warning list."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from analytics.warnings.queries import WarnedLines, with_reasons
from analytics.warnings.views.listing import WarnedList
from analytics.warnings.views.opening import ask_or_open, require_churn_view, selected_ids
from customers.profile.models import SubscriberProfile
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
        facts=lambda ids: _facts(warned, ids),
        back=reverse("analytics:churn") + (f"?{query.urlencode()}" if query else ""),
        back_label=_("Churn warning"),
    )


def _facts(warned: WarnedLines, ids: list[int]) -> dict[int, dict[str, Any]]:
    """Facts shown to the agent for each line: the factors behind the two reasons of the list."""
    seen = set(SubscriberProfile.objects.visible_to(warned.user).filter(pk__in=ids).values_list("pk", flat=True))
    lines = with_reasons([pk for pk in ids if pk in seen])
    return {line.pk: {one.factor: one.value for one in line.reasons[:2]} for line in lines}
