"""The tables of the page of one offer."""

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from campaigns.offers.models import Decision, OfferPool
from campaigns.offers.text import (
    DECISION_TONES,
    format_outcome,
)
from retention.core.ui.tables.base import BaseTable
from retention.core.ui.tables.columns import (
    BadgeColumn,
    Column,
    DayColumn,
    MoneyColumn,
    NumberColumn,
    ReferenceColumn,
)
from retention.core.ui.tables.detail import DetailTable


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

    if_saved = MoneyColumn(
        accessor="economics__if_saved",
        verbose_name=gettext_lazy("Brings if it keeps the line"),
        help_text=gettext_lazy(
            "Margin of a line that stays because of the offer, less all that the offer costs, yuan."
        ),
    )
    given = MoneyColumn(
        accessor="economics__given",
        verbose_name=gettext_lazy("Lost on others"),
        help_text=gettext_lazy("What a line pays less that would have stayed anyway, yuan."),
    )
    gain = MoneyColumn(
        accessor="economics__gain",
        verbose_name=gettext_lazy("Expected gain"),
        help_text=gettext_lazy("Of one offer made to a line of the group's mean spend and churn probability, yuan."),
    )

    caption = gettext_lazy("Who may be made this offer now, by plan")
    empty_text = gettext_lazy("No line may be made this offer now.")


class TermMonthTable(DetailTable):
    """An offer month by month; rows are TermMonth."""

    number = NumberColumn(
        verbose_name=gettext_lazy("Month"), help_text=gettext_lazy("Counted from the month of acceptance.")
    )
    saved = MoneyColumn(
        verbose_name=gettext_lazy("Customer saves"),
        help_text=gettext_lazy("What the customer pays less in the month, which is what we lose, in yuan."),
    )
    margin = MoneyColumn(
        verbose_name=gettext_lazy("Margin left"), help_text=gettext_lazy("What the line brings in the month, in yuan.")
    )
    total = MoneyColumn(
        verbose_name=gettext_lazy("Brought so far"),
        help_text=gettext_lazy(
            "Margin left of a line that stays because of the offer, at its chance of being there still and discounted,"
            " less what is spent once, in yuan."
        ),
    )

    caption = gettext_lazy("Month by month")
    css = "rp-mini"


class PoolTable(DetailTable):
    """Stock and budget of an offer; rows are OfferPool."""

    branch = Column(verbose_name=gettext_lazy("Branch"), empty_values=())
    stock = NumberColumn(verbose_name=gettext_lazy("Stock"), default=gettext_lazy("no limit"))
    held_units = NumberColumn(verbose_name=gettext_lazy("Given or reserved"))
    units_left = NumberColumn(verbose_name=gettext_lazy("Stock left"))
    budget = MoneyColumn(verbose_name=gettext_lazy("Budget"), default=gettext_lazy("no limit"))
    held_yuan = MoneyColumn(verbose_name=gettext_lazy("Yuan given or reserved"))
    yuan_left = MoneyColumn(verbose_name=gettext_lazy("Budget left"))

    caption = gettext_lazy("Stock and budget")
    css = "rp-mini"
    empty_text = gettext_lazy("No limit: it may be given as often as its rule allows.")

    def render_branch(self, record: OfferPool) -> str:
        return str(record.branch or gettext("The whole base"))
