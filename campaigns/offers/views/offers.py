"""The offer library: list, one offer with its decisions, making, changing and switching offers."""

from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext
from django.views.generic import DetailView

from campaigns.audiences.builder.views import RuleEditing, RuleWords
from campaigns.audiences.text import format_stored_rule
from campaigns.offers.filters import DecisionFilter
from campaigns.offers.forms import OfferForm
from campaigns.offers.models import Decision, Offer
from campaigns.offers.queries.eligible import eligible_by_plan
from campaigns.offers.queries.library import TypicalLine, library, typical_line, with_kept
from campaigns.offers.tables.library import OfferTable
from campaigns.offers.tables.offer import DecisionTable, PlanGroupTable, PoolTable, TermMonthTable
from campaigns.offers.tariffs import amounts
from campaigns.offers.text import format_benefits, format_binding, format_rate, format_typical
from retention.core import clock
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
    template_name = "campaigns/offers/list.html"

    @cached_property
    def typical(self) -> TypicalLine | None:
        return typical_line(self.user)

    def get_queryset(self) -> QuerySet[Offer]:
        return library(self.user, now=clock.now())

    def get_table_kwargs(self) -> dict[str, Any]:
        return {"typical": self.typical}

    def get_notes(self) -> Sequence[tuple[str, str]]:
        return [(_("Typical line"), format_typical(self.typical))] if self.typical else ()

    def get_context_data(self) -> dict[str, Any]:
        return super().get_context_data() | {"typical": format_typical(self.typical) if self.typical else ""}


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
        decisions = Decision.objects.visible_to(self.user)
        return with_kept(super().get_queryset().counted(decisions), decisions, now=clock.now())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "rule": format_stored_rule(self.object.rule, self.rule_fields),
            "cards": _cards(self.object),
            "pools": PoolTable(self.object.pools.select_related("branch").order_by("branch__path")),
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
        first = groups[0] if groups and groups[0].economics else None
        return super().get_context_data(
            table=PlanGroupTable(groups),
            lines=lines,
            mean_cost=cost / lines if lines else None,
            months=TermMonthTable(first.economics.months) if first and first.economics else None,
            months_plan=first.plan if first else "",
            **kwargs,
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
    rate = format_rate(offer.accepted, offer.proposed)
    return [
        {"label": pgettext("count", "Proposed"), "value": offer.proposed, "measure": "OfferTable.proposed"},
        {"label": _("Take rate"), "value": rate, "kind": "text", "hint": _("Accepted of those proposed.")},
        {
            "label": _("Carried out"), "value": offer.confirmed, "measure": "offer_confirmed",
            "href": "?state=confirmed#decisions",
        },
        {
            "label": _("Refused by billing"), "value": offer.refused, "measure": "OfferTable.refused",
            "href": "?state=refused#decisions",
        },
        {
            "label": _("Kept after 90 days"), "value": format_rate(offer.kept, offer.kept_of), "kind": "text",
            "hint": _("Of the lines that accepted it at least 90 days ago, those still there after 90 days."),
        },
        {"label": _("Cost so far"), "value": offer.spent, "kind": "money", "measure": "OfferTable.spent"},
    ]  # fmt: skip


def _settings(offer: Offer) -> list[tuple[Any, Any]]:
    days = [date_format(day) if day else "…" for day in (offer.valid_from, offer.valid_until)]
    return [
        (pgettext("offer", "Family"), offer.get_family_display()),
        (_("What the customer gets"), format_benefits(offer.kind, offer.terms()) or "–"),
        *_amounts(offer),
        (_("Handling cost"), formats.money(offer.handling_cost)),
        *([(_("Deposit"), formats.money(offer.deposit))] if offer.deposit else []),
        *([(_("Binding"), format_binding(offer.terms()))] if offer.bound_months else []),
        (_("Not again within"), _months_or_none(offer.repeat_months)),
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


def _months_or_none(months: int) -> str:
    return ngettext("%(n)d month", "%(n)d months", months) % {"n": months} if months else _("no limit")
