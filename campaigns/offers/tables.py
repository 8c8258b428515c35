"""The lists of the offer pages."""

from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from campaigns.offers.eligibility import Judged
from campaigns.offers.models import Decision, Offer
from campaigns.offers.tariffs import amounts
from campaigns.offers.text import (
    DECISION_TONES,
    DecisionText,
    format_benefits,
    format_cost,
    format_outcome,
    format_worth,
)
from retention.core.accounts.models import User
from retention.core.ui import components, formats
from retention.core.ui.tables.base import BaseTable
from retention.core.ui.tables.columns import (
    BadgeColumn,
    Column,
    DayColumn,
    MoneyColumn,
    NumberColumn,
    PercentColumn,
    ReferenceColumn,
    SwitchColumn,
)
from retention.core.ui.tables.detail import DetailTable


class OfferTable(BaseTable):
    """Offers of `for_list().counted(...)`."""

    name = Column(verbose_name=gettext_lazy("Offer"), order_by="code", attrs={"td": {"class": "text-nowrap"}})
    kind = Column(verbose_name=gettext_lazy("Kind"), attrs={"td": {"class": "text-nowrap"}})
    gets = Column(verbose_name=gettext_lazy("What the customer gets"), empty_values=(), orderable=False)
    enabled = SwitchColumn()
    value = Column(
        verbose_name=gettext_lazy("Worth"),
        help_text=gettext_lazy("What it is worth to the customer over the whole term, in yuan."),
        empty_values=(),
        orderable=False,
        attrs={"td": {"class": "text-end"}, "th": {"class": "text-end"}},
    )
    cost = Column(
        verbose_name=gettext_lazy("Cost"),
        help_text=gettext_lazy("What it costs us over the whole term, in yuan."),
        empty_values=(),
        orderable=False,
        attrs={"td": {"class": "text-end"}, "th": {"class": "text-end"}},
    )
    valid_until = DayColumn(verbose_name=gettext_lazy("Valid until"), default="–")
    proposed = NumberColumn(verbose_name=pgettext_lazy("count", "Proposed"))
    accepted = NumberColumn(verbose_name=pgettext_lazy("count", "Accepted"))
    take_rate = PercentColumn(
        verbose_name=gettext_lazy("Take rate"),
        help_text=gettext_lazy("Accepted of those proposed."),
        empty_values=(),
        orderable=False,
    )
    confirmed = NumberColumn(
        verbose_name=gettext_lazy("Carried out"),
        help_text=gettext_lazy("Accepted and confirmed by the billing system."),
    )
    refused = NumberColumn(verbose_name=gettext_lazy("Refused by billing"))

    caption = gettext_lazy("Offers")
    region_id = "offers"
    empty_title = gettext_lazy("No offers yet")
    empty_text = gettext_lazy("An offer is what an agent may give to keep a customer; its rule says to whom.")

    def row_url(self, record: Offer) -> str:
        return reverse("offers:offer", args=[record.code])

    def render_name(self, record: Offer) -> SafeString:
        return format_html('{} <span class="rp-muted rp-small">{}</span>', record.title, record.code)

    def value_name(self, record: Offer) -> str:
        return f"{record.code} {record.title}"

    def render_gets(self, record: Offer) -> str:
        return format_benefits(record.kind, record.terms()) or "–"

    def render_value(self, record: Offer) -> str:
        return self._by_plan(record) or formats.money(self.value_value(record))

    def value_value(self, record: Offer) -> Decimal | None:
        return None if record.plan else amounts(record, fee=Decimal(0)).worth

    def render_cost(self, record: Offer) -> str:
        return self._by_plan(record) or formats.money(self.value_cost(record))

    def value_cost(self, record: Offer) -> Decimal | None:
        return None if record.plan else amounts(record, fee=Decimal(0)).cost

    def _by_plan(self, record: Offer) -> str:
        return gettext("depends on the plan") if record.plan else ""

    def render_take_rate(self, record: Any, bound_column: Any) -> str:
        rate = self.value_take_rate(record)
        return PercentColumn.render(bound_column.column, rate) if rate is not None else "–"

    def value_take_rate(self, record: Any) -> float | None:
        return record.accepted / record.proposed if record.proposed else None


class DecisionTable(BaseTable):
    """Decisions with their subscriber and people."""

    subscriber_no = Column(verbose_name=gettext_lazy("Subscriber"), accessor="subscriber__subscriber_no")
    order_no = ReferenceColumn(verbose_name=gettext_lazy("Order"), kind="workorder")
    state = BadgeColumn(verbose_name=gettext_lazy("State"), tones=DECISION_TONES)
    outcome = Column(
        verbose_name=gettext_lazy("Reason or reference"),
        help_text=gettext_lazy("Why it was declined or refused, or the reference of the billing system."),
        empty_values=(),
        orderable=False,
    )
    proposed_at = DayColumn(verbose_name=gettext_lazy("Proposed"))
    accepted_at = DayColumn(verbose_name=pgettext_lazy("time", "Accepted"), default="–")
    settled_at = DayColumn(verbose_name=gettext_lazy("Settled"), default="–")
    agent = Column(
        verbose_name=gettext_lazy("Agent"), accessor="proposed_by__display_name", default="–", orderable=False
    )

    caption = gettext_lazy("Decisions")
    region_id = "decisions"
    empty_title = gettext_lazy("Not proposed to anybody yet")
    empty_text = gettext_lazy("Agents propose it on the call screen to whom its rule allows.")

    def row_url(self, record: Decision) -> str:
        return reverse("customers:detail", args=[record.subscriber.subscriber_no])

    def render_outcome(self, record: Decision) -> str:
        return format_outcome(record) or "–"

    def value_outcome(self, record: Decision) -> str:
        return format_outcome(record)


class LineDecisionTable(DetailTable):
    """Offers made to a line; rows are DecisionText. user: who reads, and follows the orders that they may see."""

    name = Column(verbose_name=gettext_lazy("Offer"))
    gets = Column(verbose_name=gettext_lazy("What the customer gets"))
    badge = Column(verbose_name=gettext_lazy("State"))
    proposed_at = DayColumn(accessor="decision__proposed_at", verbose_name=gettext_lazy("Proposed"))
    order_no = ReferenceColumn(accessor="decision__order_no", verbose_name=gettext_lazy("Order"), kind="workorder")

    caption = gettext_lazy("Offers")
    css = "rp-mini"

    def __init__(self, decisions: list[DecisionText], *, user: User) -> None:
        super().__init__(decisions)
        self.user = user

    def render_badge(self, value: tuple[str, str, str], record: DecisionText) -> SafeString:
        return format_html('{} <span class="rp-small rp-muted">{}</span>', components.badge(*value), record.outcome)


class LineOfferTable(DetailTable):
    """Offers on sale and one line; rows are Judged."""

    name = Column(accessor="offer__title", verbose_name=gettext_lazy("Offer"))
    gets = Column(verbose_name=gettext_lazy("What the customer gets"), empty_values=())
    worth = Column(verbose_name=gettext_lazy("Worth"), empty_values=())
    cost = Column(verbose_name=gettext_lazy("Cost"), empty_values=())
    answer = Column(verbose_name=gettext_lazy("May be made"), empty_values=())

    caption = gettext_lazy("Offers for this customer")
    css = "rp-mini"

    def render_gets(self, record: Judged[Offer]) -> str:
        return format_benefits(record.offer.kind, record.offer.terms())

    def render_worth(self, record: Judged[Offer]) -> str:
        return (record.is_eligible and record.amounts and format_worth(record.amounts)) or formats.DASH

    def render_cost(self, record: Judged[Offer]) -> str:
        return format_cost(record.amounts) if record.is_eligible and record.amounts else formats.DASH

    def render_answer(self, record: Judged[Offer]) -> SafeString:
        if record.is_eligible:
            return components.badge(gettext("yes"), "good", "circle-check")
        return format_html('<span class="rp-small rp-muted">{}</span>', " ".join(record.reasons))


class PlanGroupTable(DetailTable):
    """Whom an offer may be made, by plan; rows are PlanGroup."""

    plan = Column(verbose_name=gettext_lazy("Plan today"))
    lines = NumberColumn(verbose_name=gettext_lazy("Lines"))
    monthly = MoneyColumn(
        accessor="amounts__monthly",
        verbose_name=gettext_lazy("Saves a month"),
        help_text=gettext_lazy("Fee of the plan of today less that of the new plan, in yuan; below zero: more to pay."),
    )
    worth = MoneyColumn(
        accessor="amounts__worth",
        verbose_name=gettext_lazy("Worth"),
        help_text=gettext_lazy("What it is worth to the customer over the whole term, in yuan."),
    )
    cost = MoneyColumn(
        accessor="amounts__cost",
        verbose_name=gettext_lazy("Cost"),
        help_text=gettext_lazy("What one line costs us over the whole term, in yuan; below zero: what it brings."),
    )

    caption = gettext_lazy("Who may be made this offer now, by plan")
    empty_text = gettext_lazy("No line may be made this offer now.")
