"""Orders for lines chosen from the warning list."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from analytics.views.warnings import warned_by
from analytics.warned import Warned, with_reasons
from customers.models import SubscriberProfile
from retention.core import clock
from retention.core.access import require
from retention.core.errors import Invalid
from workorders.evidence import WARNING_LIST
from workorders.models import OrderType
from workorders.services import OpenedByHand, open_by_hand
from workorders.services.by_hand import AT_ONCE


class OpenForm(forms.Form):
    order_type = forms.ChoiceField(label=_("Order type"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["order_type"].choices = [(one.code, one.title) for one in OrderType.objects.current()]


@require_POST
@require("work.supervise")
def open_orders(request: HttpRequest) -> HttpResponse:
    """Orders for ticked lines: asks for the type, then opens. A POST with `confirmed` is the second step."""
    if not request.user.may("churn.view"):
        raise PermissionDenied("churn.view")
    query = QueryDict(request.POST.get("query", ""))
    warned = warned_by(request.user, query, query.get("sort", ""))[1]
    ids = _ticked(request, warned)
    back = reverse("analytics:churn") + (f"?{query.urlencode()}" if query else "")
    if not ids:
        messages.warning(request, _("No lines are selected."))
        return redirect(back)
    form = OpenForm(request.POST if request.POST.get("confirmed") else None, initial={"order_type": "churn_retention"})
    if not (request.POST.get("confirmed") and form.is_valid()):
        context = {
            "form": form,
            "count": len(ids),
            "at_once": AT_ONCE,
            "is_cut": bool(request.POST.get("all")) and len(ids) == AT_ONCE,
            "ticked": [] if request.POST.get("all") else ids,
            "all": request.POST.get("all", ""),
            "query": request.POST.get("query", ""),
            "back": back,
        }
        return render(request, "analytics/open_orders.html", context, status=422 if form.is_bound else 200)
    try:
        done = open_by_hand(
            subscriber_ids=ids,
            order_type=form.cleaned_data["order_type"],
            actor=request.user,
            now=clock.now(),
            source=WARNING_LIST,
            facts=_facts(warned, ids),
        )
    except Invalid as error:
        messages.error(request, error.message)
    else:
        tell(request, done)
    return redirect(back)


def _ticked(request: HttpRequest, warned: Warned) -> list[int]:
    """The chosen lines in the order of the list: the ticked rows, or the first AT_ONCE of all that match."""
    if request.POST.get("all"):
        return warned.first_ids[:AT_ONCE]
    return [int(row) for row in request.POST.getlist("row")[:AT_ONCE] if row.isascii() and row.isdigit()]


def _facts(warned: Warned, ids: list[int]) -> dict[int, dict[str, Any]]:
    """What the agent is to know of each line: the factors behind the two reasons of the list."""
    seen = set(SubscriberProfile.objects.visible_to(warned.user).filter(pk__in=ids).values_list("pk", flat=True))
    lines = with_reasons([pk for pk in ids if pk in seen])
    return {line.pk: {one.factor: one.value for one in line.reasons[:2]} for line in lines}


def tell(request: HttpRequest, done: OpenedByHand) -> None:
    """What became of the choice: how many opened, and every reason why others were not."""
    opened = ngettext("%(count)d order opened.", "%(count)d orders opened.", len(done.opened))
    (messages.success if done.opened else messages.warning)(request, opened % {"count": len(done.opened)})
    why = [f"{reason.label}: {count}" for reason, count in sorted(done.refused.items(), key=lambda one: -one[1])]
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
        messages.info(request, said % {"count": done.gone})
