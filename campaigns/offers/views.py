"""The offer library: list, one offer with its decisions, making, changing and switching offers."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campaigns.audiences.builder.views import RuleForm
from campaigns.audiences.rules import rule_catalogue
from campaigns.audiences.text import format_stored_rule
from campaigns.offers.forms import DecisionFilter, OfferForm
from campaigns.offers.models import Decision, Offer
from campaigns.offers.services.editing import create_offer, may_edit_offers, switch_offer, update_offer
from campaigns.offers.tables import DecisionTable, OfferTable
from campaigns.offers.text import format_benefits
from retention.core.accounts.models import User
from retention.core.accounts.permissions import require
from retention.core.audit import services as audit
from retention.core.errors import Invalid, Refused
from retention.core.ui import formats
from retention.core.ui.tables.exports import export_response, wants_export


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
    return render(request, "campaigns/offers/list.html", context)


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
    rule = format_stored_rule(offer.rule, rule_catalogue())
    context = {
        "offer": offer,
        "rule": rule,
        "form": form,
        "table": table.paged(),
        "cards": _cards(offer),
        "settings": _settings(offer),
        "may_edit": may_edit_offers(actor=request.user, branch=offer.branch),
    }
    return render(request, "campaigns/offers/detail.html", context)


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
        (_("What the customer gets"), format_benefits(offer.kind, offer.terms()) or "–"),
        (_("Worth to the customer"), formats.money(offer.value)),
        (_("Cost"), formats.money(offer.cost)),
        (_("Valid"), " – ".join(days) if offer.valid_from or offer.valid_until else _("always")),
        (_("Branch"), offer.branch or _("The whole base")),
        (_("Version"), offer.version),
    ]


@require("offers.edit")
@require_http_methods(["GET", "POST"])
def new_offer(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return PAGE.take(request, OfferForm(request.POST, user=request.user), None)
    return PAGE.show(request, OfferForm(user=request.user), None)


@require("offers.edit")
@require_http_methods(["GET", "POST"])
def edit_offer(request: HttpRequest, code: str) -> HttpResponse:
    offer = visible_offer(request.user, code)
    if not may_edit_offers(actor=request.user, branch=offer.branch):
        raise Refused(_("This offer is also made outside your branch."), code="outside_branch")
    if request.method == "POST":
        return PAGE.take(request, OfferForm(request.POST, user=request.user, offer=offer), offer)
    return PAGE.show(request, OfferForm(user=request.user, offer=offer), offer)


@require("offers.edit")
@require_POST
def switch(request: HttpRequest, code: str) -> HttpResponse:
    try:
        offer = switch_offer(actor=request.user, code=code, enabled=request.POST.get("to") == "on")
    except Invalid as problem:
        messages.error(request, str(problem))
    else:
        word = _("%(name)s is on.") if offer.enabled else _("%(name)s is off.")
        messages.success(request, word % {"name": offer.title})
    return redirect("offers:offer", code)


def _save(request: HttpRequest, form: OfferForm, values: dict[str, Any], offer: Offer | None) -> Offer:
    if offer is None:
        return create_offer(actor=request.user, code=form.cleaned_data["code"], values=values)
    version = form.cleaned_data["version"] or 0
    return update_offer(actor=request.user, code=offer.code, version=version, values=values)


PAGE = RuleForm(
    template="campaigns/offers/edit.html",
    subject="offer",
    who=gettext_lazy("Who may be made this offer"),
    finds=gettext_lazy("Whom that means now"),
    list="offers:offers",
    detail="offers:offer",
    save=_save,
)
