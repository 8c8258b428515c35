"""Orders for members of a group, or for lines that look like a second SIM: asks for the type, then opens."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from analytics.groups.views import SpendFilter, visible_group
from analytics.views.open_orders import OpenForm, tell
from customers.models import Subscriber, SubscriberProfile
from retention.core import clock
from retention.core.access import require
from retention.core.errors import Invalid
from workorders.evidence import GROUP, SECOND_SIM
from workorders.services import open_by_hand
from workorders.services.by_hand import AT_ONCE

# What the agent is told of the line, by source.
FACTS = {GROUP: ["use_change", "bill_change"], SECOND_SIM: ["in_share_change", "calls_out_change"]}


@require_POST
@require("work.supervise")
def group_orders(request: HttpRequest, group_no: str) -> HttpResponse:
    """For ticked members, or all that are still there and may be seen; 404 as the group's page."""
    _check(request)
    _group, members = visible_group(request.user, group_no)
    back = reverse("analytics:group", args=[group_no])
    every = members.exclude(status=Subscriber.Status.TERMINATED).values_list("pk", flat=True)
    return _opened(request, _chosen(request, every), source=GROUP, back=back)


@require_POST
@require("work.supervise")
def second_sim_orders(request: HttpRequest) -> HttpResponse:
    """For ticked lines, or the first AT_ONCE of the list as it was filtered."""
    _check(request)
    query = QueryDict(request.POST.get("query", ""))
    lines = SubscriberProfile.objects.visible_to(request.user)
    every = lines.for_second_sim_list(least_spend=SpendFilter(query).least).values_list("pk", flat=True)
    back = reverse("analytics:second-sims") + (f"?{query.urlencode()}" if query else "")
    return _opened(request, _chosen(request, every), source=SECOND_SIM, back=back)


def _check(request: HttpRequest) -> None:
    if not request.user.may("churn.view"):
        raise PermissionDenied("churn.view")


def _chosen(request: HttpRequest, every: Any) -> list[int]:
    if request.POST.get("all"):
        return list(every[:AT_ONCE])
    return [int(row) for row in request.POST.getlist("row")[:AT_ONCE] if row.isascii() and row.isdigit()]


def _opened(request: HttpRequest, ids: list[int], *, source: str, back: str) -> HttpResponse:
    """The question for the type, or with `confirmed` the orders and the way back."""
    if not ids:
        messages.warning(request, _("No lines are selected."))
        return redirect(back)
    confirmed = request.POST.get("confirmed")
    form = OpenForm(request.POST if confirmed else None, initial={"order_type": "churn_retention"})
    if not (confirmed and form.is_valid()):
        context = {"form": form, "ids": ids, "query": request.POST.get("query", ""), "back": back}
        return render(request, "analytics/group_orders.html", context, status=422 if form.is_bound else 200)
    try:
        done = open_by_hand(
            subscriber_ids=ids,
            order_type=form.cleaned_data["order_type"],
            actor=request.user,
            now=clock.now(),
            source=source,
            facts=_facts(request, ids, FACTS[source]),
        )
    except Invalid as error:
        messages.error(request, error.message)
    else:
        tell(request, done)
    return redirect(back)


def _facts(request: HttpRequest, ids: Sequence[int], names: Sequence[str]) -> dict[int, dict[str, Any]]:
    rows = SubscriberProfile.objects.visible_to(request.user).filter(pk__in=ids).values("pk", *names)
    numbers = ((row.pop("pk"), row) for row in rows)
    return {pk: {name: value for name, value in row.items() if value is not None} for pk, row in numbers}
