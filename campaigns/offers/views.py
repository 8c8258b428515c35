"""The offer library: list, one offer with its decisions, making, changing and switching offers."""

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.generic import DetailView

from campaigns.audiences.builder.views import RuleEditing, RuleWords
from campaigns.audiences.text import format_stored_rule
from campaigns.offers.filters import DecisionFilter
from campaigns.offers.forms import OfferForm
from campaigns.offers.models import Decision, Offer
from campaigns.offers.queries import eligible_by_plan
from campaigns.offers.tables import DecisionTable, OfferTable, PlanGroupTable
from campaigns.offers.tariffs import amounts
from campaigns.offers.text import format_benefits
from retention.core.errors import Invalid
from retention.core.managed.queries import find_row
from retention.core.managed.views.base import ManagedPage
from retention.core.managed.views.detail import ManagedDetail
from retention.core.managed.views.editing import ManagedCopy, ManagedCreate, ManagedSwitch, ManagedUpdate
from retention.core.managed.views.listing import ManagedList
from retention.core.ui import formats
from retention.core.ui.listing import ListPage


class OfferList(ManagedList):
    model = Offer
    name = "offers"
    permission = "offers.view"
    subtitle = gettext_lazy("What agents may give to keep a customer, and to whom.")
    table_class = OfferTable

    def get_queryset(self) -> QuerySet[Offer]:
        return Offer.objects.visible_to(self.user).for_list().counted(Decision.objects.visible_to(self.user))


class DecisionList(ListPage):
    """Decisions of customers and billing about one offer."""

    name = "offer-decisions"
    permission = "offers.view"
    table_class = DecisionTable
    filterset_class = DecisionFilter

    def get_queryset(self) -> QuerySet[Decision]:
        offer = find_row(model=Offer, actor=self.user, code=self.kwargs["code"])
        decisions = Decision.objects.visible_to(self.user).filter(offer=offer)
        return decisions.for_history().select_related("subscriber")

    def get_export_name(self) -> str:
        return f"offer-{self.kwargs['code']}"


class OfferPages(RuleWords, ManagedPage):
    """Base of all pages of offers."""

    model = Offer
    kind_form = OfferForm
    templates = "campaigns/offers"


class OfferPage(OfferPages, ManagedDetail):
    list_page = DecisionList
    switch_off_question = gettext_lazy("Switch this offer off? It can be proposed to nobody until it is on again.")

    def get_queryset(self) -> QuerySet[Offer]:
        return super().get_queryset().counted(Decision.objects.visible_to(self.user))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "rule": format_stored_rule(self.object.rule, self.rule_fields),
            "cards": _cards(self.object),
            "settings": _settings(self.object),
        }


class EligibleLines(OfferPages, DetailView):
    """The part of the offer's page that counts the base: who may be made it now, and what it costs by their plan."""

    page_name = "_eligible"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        try:
            groups = eligible_by_plan(offer=self.object, user=self.user)
        except Invalid as problem:
            return super().get_context_data(problem=problem.message, **kwargs)
        lines = sum(one.lines for one in groups)
        cost = sum(one.lines * one.amounts.cost for one in groups)
        return super().get_context_data(
            table=PlanGroupTable(groups), lines=lines, mean_cost=cost / lines if lines else None, **kwargs
        )


class OfferEditing(RuleEditing, OfferPages):
    who = gettext_lazy("Eligible customers")
    finds = gettext_lazy("Eligible now")


class NewOffer(OfferEditing, ManagedCreate):
    pass


class EditOffer(OfferEditing, ManagedUpdate):
    pass


class CopyOffer(OfferPages, ManagedCopy):
    pass


class SwitchOffer(OfferPages, ManagedSwitch):
    pass


def _cards(offer: Any) -> list[dict[str, Any]]:
    rate = offer.accepted / offer.proposed if offer.proposed else None
    return [
        {"label": pgettext("count", "Proposed"), "value": offer.proposed, "measure": "OfferTable.proposed"},
        {"label": _("Take rate"), "value": rate, "kind": "percent", "hint": _("Accepted of those proposed.")},
        {
            "label": _("Carried out"), "value": offer.confirmed, "measure": "offer_confirmed",
            "href": "?state=confirmed#decisions",
        },
        {
            "label": _("Refused by billing"), "value": offer.refused, "measure": "OfferTable.refused",
            "href": "?state=refused#decisions",
        },
    ]  # fmt: skip


def _settings(offer: Offer) -> list[tuple[Any, Any]]:
    days = [date_format(day) if day else "…" for day in (offer.valid_from, offer.valid_until)]
    return [
        (_("Kind"), offer.get_kind_display()),
        (_("What the customer gets"), format_benefits(offer.kind, offer.terms()) or "–"),
        *_amounts(offer),
        (_("Valid"), " – ".join(days) if offer.valid_from or offer.valid_until else _("always")),
        (_("Branch"), offer.branch or _("The whole base")),
        (_("Version"), offer.version),
    ]


def _amounts(offer: Offer) -> list[tuple[Any, Any]]:
    if offer.plan is not None:
        return [
            (_("Term in months"), offer.months),
            (_("One-off worth to the customer"), formats.money(offer.value)),
            (_("One-off cost"), formats.money(offer.cost)),
        ]
    found = amounts(offer, fee=Decimal(0))
    return [(_("Worth to the customer"), formats.money(found.worth)), (_("Cost"), formats.money(found.cost))]
