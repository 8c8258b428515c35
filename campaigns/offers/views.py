"""The offer library: list, one offer with its decisions, making, changing and switching offers."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_GET

from campaigns.audiences.builder.views import RuleEditing, RuleWords
from campaigns.audiences.text import format_stored_rule
from campaigns.offers.forms import DecisionFilter, OfferForm
from campaigns.offers.models import Decision, Offer
from campaigns.offers.tables import DecisionTable, OfferTable
from campaigns.offers.text import format_benefits
from retention.core.accounts.models import User
from retention.core.accounts.permissions import require
from retention.core.audit import services as audit
from retention.core.managed.views.base import ManagedPage
from retention.core.managed.views.detail import ManagedDetail
from retention.core.managed.views.editing import ManagedCopy, ManagedCreate, ManagedSwitch, ManagedUpdate
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


class OfferPages(RuleWords, ManagedPage):
    """What all pages of offers share."""

    model = Offer
    kind_form = OfferForm
    templates = "campaigns/offers"


class OfferPage(OfferPages, ManagedDetail):
    switch_off_question = gettext_lazy("Switch this offer off? It can be proposed to nobody until it is on again.")

    def get_queryset(self) -> QuerySet[Offer]:
        return super().get_queryset().counted(Decision.objects.visible_to(self.request.user))

    def get(  # type: ignore[override]
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        offer = self.object = self.get_object()
        form = DecisionFilter(request.GET)
        table = DecisionTable(_decisions(offer, request.user, form), request=request)
        table.exportable = request.user.may("export")
        if wants_export(request) and table.exportable:
            audit.record(actor=request.user, action="export", target=offer)
            return export_response(request, table, f"offer-{offer.code}")
        return self.render_to_response(self.get_context_data(form=form, table=table.paged()))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "rule": format_stored_rule(self.object.rule, self.rule_fields),
            "cards": _cards(self.object),
            "settings": _settings(self.object),
        }


class OfferEditing(RuleEditing, OfferPages):
    who = gettext_lazy("Who may be made this offer")
    finds = gettext_lazy("Whom that means now")


class NewOffer(OfferEditing, ManagedCreate):
    pass


class EditOffer(OfferEditing, ManagedUpdate):
    pass


class CopyOffer(OfferPages, ManagedCopy):
    pass


class SwitchOffer(OfferPages, ManagedSwitch):
    pass


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
