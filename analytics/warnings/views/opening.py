"""Orders for chosen lines, in two steps: the type, then the result per line. Shared by all lists with selection."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext

from analytics.warnings.forms import OrderTypeForm
from retention.core import clock
from retention.core.accounts.permissions import StaffRequest
from retention.core.errors import Invalid
from retention.core.ui import formats
from retention.core.ui.filters import parse_numbers
from retention.core.ui.references import sentence
from workorders.orders.origins import Origin
from workorders.orders.services.manual_opening import MAX_LINES, OpenedByHand, open_by_hand

Facts = Callable[[list[int]], Mapping[int, Mapping[str, Any]]]


def require_churn_view(request: StaffRequest) -> None:
    """Opening orders from a churn list also requires permission to see the list."""
    if not request.user.may("churn.view"):
        raise PermissionDenied("churn.view")


def selected_ids(request: StaffRequest, every: Sequence[int]) -> list[int]:
    """The ticked rows, or the first MAX_LINES of `every`: a list, or a queryset that is cut before it is read."""
    if request.POST.get("all"):
        return list(every[:MAX_LINES])
    return parse_numbers(request.POST.getlist("row")[:MAX_LINES])


def ask_or_open(
    request: StaffRequest, ids: list[int], *, origin: Origin, facts: Facts, back: str, back_label: str,
    order_type: str = "churn_retention", after_leaving: bool = False,
) -> HttpResponse:  # fmt: skip
    """The question for the order type, or with `confirmed` the orders and the way back.

    origin: what the lines are chosen from. facts: what the agent sees about the lines, read when orders open.
    order_type: the one that is proposed. after_leaving: whether the lines have left.
    All of a list travels as `all` and its query, never as thousands of fields.
    """
    if not ids:
        messages.warning(request, gettext("No lines are selected."))
        return redirect(back)
    confirmed, every = request.POST.get("confirmed"), request.POST.get("all", "")
    form = OrderTypeForm(
        request.POST if confirmed else None, initial={"order_type": order_type}, after_leaving=after_leaving
    )
    if not (confirmed and form.is_valid()):
        context = {
            "form": form,
            "count": len(ids),
            "at_once": MAX_LINES,
            "is_cut": bool(every) and len(ids) == MAX_LINES,
            "ticked": [] if every else ids,
            "all": every,
            "query": request.POST.get("query", ""),
            "back": back,
            "back_label": back_label,
        }
        return render(request, "analytics/warnings/open_orders.html", context, status=422 if form.is_bound else 200)
    try:
        done = open_by_hand(
            subscriber_ids=ids,
            order_type=form.cleaned_data["order_type"],
            actor=request.user,
            now=clock.now(),
            origin=origin,
            facts=facts(ids),
            despite_holdout=form.cleaned_data["despite_holdout"],
        )
    except Invalid as error:
        messages.error(request, error.message)
    else:
        _report(request, done, origin, after_leaving=after_leaving)
    return redirect(back)


def _report(request: StaffRequest, done: OpenedByHand, origin: Origin, *, after_leaving: bool) -> None:
    """The result: how many orders were opened, with the way to them, and the reasons for the others."""
    opened = ngettext("%(count)d order opened.", "%(count)d orders opened.", len(done.opened))
    told = sentence(opened, count=len(done.opened))
    if done.opened:
        batch = {"opened_at": done.at.isoformat(), "source": origin.source, "state": "any"}
        way = f"{reverse('workorders:supervise')}?{urlencode(batch)}"
        show = ngettext("Show the order", "Show these orders", len(done.opened))
        told = format_html('{} <a href="{}">{}</a>', told, way, show)
    (messages.success if done.opened else messages.warning)(request, told)
    why = [
        formats.labelled(reason.label, count) for reason, count in sorted(done.refused.items(), key=lambda one: -one[1])
    ]
    if why:
        total = sum(done.refused.values())
        said = ngettext(
            "%(count)d customer may not be contacted now (%(why)s).",
            "%(count)d customers may not be contacted now (%(why)s).",
            total,
        )
        messages.warning(request, said % {"count": total, "why": ", ".join(why)})
    if done.same:
        said = ngettext(
            "%(count)d line belongs to a customer who was chosen with another line.",
            "%(count)d lines belong to customers who were chosen with another line.",
            done.same,
        )
        messages.info(request, said % {"count": done.same})
    if done.gone:
        said = gettext("%(count)d of the lines chosen are not in use any more.")
        if after_leaving:
            said = gettext("%(count)d of the lines chosen are not to be won back any more.")
        messages.info(request, said % {"count": done.gone})
