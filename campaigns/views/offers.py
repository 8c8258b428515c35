"""The offer library: the list with what came of each offer, and one offer."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from campaigns.models import Decision, Offer
from campaigns.offers.forms import DecisionFilter
from campaigns.offers.tables import DecisionTable, OfferTable
from campaigns.offers.words import gets
from campaigns.rules import rule_catalogue
from campaigns.services.offers import may_edit_offers
from campaigns.wording import worded
from retention.core import audit
from retention.core.access import require
from retention.core.exports import export_response, wants_export
from retention.core.models import User
from retention.core.templatetags import formats


@require("offers.view")
@require_GET
def offer_list(request: HttpRequest) -> HttpResponseBase:
    decisions = Decision.objects.visible_to(request.user)
    offers = Offer.objects.visible_to(request.user).for_list().counted(decisions)
    table = OfferTable(offers, request=request)
    table.exportable = request.user.may("export")
    if wants_export(request) and table.exportable:
        audit.record(actor=request.user, action="export", target="offers")
        return export_response(request, table, "offers")
    context = {"table": table.paged(), "may_make": request.user.may("offers.edit")}
    return render(request, "campaigns/offers.html", context)


@require("offers.view")
@require_GET
def offer_page(request: HttpRequest, code: str) -> HttpResponseBase:
    offer = visible_offer(request.user, code)
    form = DecisionFilter(request.GET)
    table = DecisionTable(_decisions(offer, request.user, form), request=request)
    table.exportable = request.user.may("export")
    if wants_export(request) and table.exportable:
        audit.record(actor=request.user, action="export", target=offer)
        return export_response(request, table, f"offer-{offer.code}")
    rule = worded(offer.rule, rule_catalogue())
    context = {
        "offer": offer,
        "rule": rule,
        "form": form,
        "table": table.paged(),
        "cards": _cards(offer),
        "settings": _settings(offer),
        "may_edit": may_edit_offers(actor=request.user, branch=offer.branch),
    }
    return render(request, "campaigns/offer.html", context)


def visible_offer(user: User, code: str) -> Offer:
    decisions = Decision.objects.visible_to(user)
    return get_object_or_404(Offer.objects.visible_to(user).for_list().counted(decisions), code=code)


def _decisions(offer: Offer, user: User, form: DecisionFilter) -> QuerySet[Decision]:
    found = Decision.objects.visible_to(user).filter(offer=offer).for_history().select_related("subscriber")
    state = form.cleaned_data["state"] if form.is_valid() else ""
    return found.filter(state=state) if state else found


def _cards(offer: Any) -> list[dict[str, Any]]:
    rate = offer.accepted / offer.proposed if offer.proposed else None
    return [
        {"label": pgettext("count", "Proposed"), "value": offer.proposed},
        {"label": _("Take rate"), "value": rate, "kind": "percent", "hint": _("Accepted of those proposed.")},
        {"label": _("Carried out"), "value": offer.confirmed, "href": "?state=confirmed#decisions"},
        {"label": _("Refused by billing"), "value": offer.refused, "href": "?state=refused#decisions"},
    ]


def _settings(offer: Offer) -> list[tuple[Any, Any]]:
    days = [date_format(day) if day else "…" for day in (offer.valid_from, offer.valid_until)]
    return [
        (_("Kind"), offer.get_kind_display()),
        (_("What the customer gets"), gets(offer.kind, offer.terms()) or "–"),
        (_("Worth to the customer"), formats.money(offer.value)),
        (_("Cost"), formats.money(offer.cost)),
        (_("Valid"), " – ".join(days) if offer.valid_from or offer.valid_until else _("always")),
        (_("Branch"), offer.branch or _("The whole base")),
        (_("Version"), offer.version),
    ]
