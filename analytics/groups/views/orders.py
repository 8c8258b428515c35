"""Orders for members of a group, or for lines that look like a second SIM."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from analytics.groups.forms import SpendFilter
from analytics.groups.views.listing import visible_group
from analytics.warnings.views.opening import ask_or_open, require_churn_view, selected_ids
from customers.facts.models import Subscriber
from customers.profile.models import SubscriberProfile
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.ui.filters import parse_query
from workorders.orders.origins import Origin, OriginKind

# The facts of the line that the agent sees, by origin.
FACTS = {
    OriginKind.GROUP: ["use_change", "bill_change"],
    OriginKind.SECOND_SIM: ["in_share_change", "calls_out_change"],
}


@require_POST
@require("work.supervise")
def group_orders(request: StaffRequest, group_no: str) -> HttpResponse:
    """For ticked members, or all that are still there and may be seen; 404 as the group's page."""
    require_churn_view(request)
    _group, members = visible_group(request.user, group_no)
    every = members.exclude(status=Subscriber.Status.TERMINATED).values_list("pk", flat=True)
    query = parse_query(request.POST.get("query", ""))
    back = reverse("analytics:group", args=[group_no]) + (f"?{query.urlencode()}" if query else "")
    return _asked(request, every, origin=Origin(OriginKind.GROUP, group_no), back=back)


@require_POST
@require("work.supervise")
def second_sim_orders(request: StaffRequest) -> HttpResponse:
    """For ticked lines, or the first of the list as it was filtered."""
    require_churn_view(request)
    query = parse_query(request.POST.get("query", ""))
    lines = SubscriberProfile.objects.visible_to(request.user)
    every = lines.for_second_sim_list(least_spend=SpendFilter(query).least).values_list("pk", flat=True)
    back = reverse("analytics:second-sims") + (f"?{query.urlencode()}" if query else "")
    return _asked(request, every, origin=Origin(OriginKind.SECOND_SIM), back=back)


def _asked(request: StaffRequest, every: Any, *, origin: Origin, back: str) -> HttpResponse:
    return ask_or_open(
        request,
        selected_ids(request, every),
        origin=origin,
        facts=lambda ids: _facts(request, ids, FACTS[origin.kind]),
        back=back,
        back_label=_("Groups and second SIMs"),
    )


def _facts(request: StaffRequest, ids: Sequence[int], names: Sequence[str]) -> dict[int, dict[str, Any]]:
    rows = SubscriberProfile.objects.visible_to(request.user).filter(pk__in=ids).values("pk", *names)
    numbers = ((row.pop("pk"), row) for row in rows)
    return {pk: {name: value for name, value in row.items() if value is not None} for pk, row in numbers}
