"""The offers of one line."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy

from campaigns.offers.eligibility import Judged
from campaigns.offers.models import Offer
from campaigns.offers.text import (
    DecisionText,
    format_benefits,
    format_cost,
    format_gain_reason,
    format_worth,
)
from retention.core.accounts.models import User
from retention.core.ui import components, formats
from retention.core.ui.tables.columns import (
    Column,
    DayColumn,
    MoneyColumn,
    ReferenceColumn,
)
from retention.core.ui.tables.detail import DetailTable

# So many offers are shown before the others are asked for.
BEST_OFFERS = 3
WRAPPED = {"td": {"class": "text-wrap"}}


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

    name = Column(accessor="offer__title", verbose_name=gettext_lazy("Offer"), attrs=WRAPPED)
    worth = Column(verbose_name=gettext_lazy("Worth and cost"), empty_values=(), attrs=WRAPPED)
    gain = MoneyColumn(
        accessor="economics__gain",
        verbose_name=gettext_lazy("Expected gain"),
        help_text=gettext_lazy("What the offer made to this customer is expected to bring over all months, in yuan."),
    )
    answer = Column(verbose_name=gettext_lazy("May be made"), empty_values=(), attrs=WRAPPED)

    caption = gettext_lazy("Offers for this customer")
    css = "rp-mini"

    def render_name(self, record: Judged[Offer], value: str) -> SafeString:
        gets = format_benefits(record.offer.kind, record.offer.terms())
        return format_html('{}<div class="rp-small rp-muted">{}</div>', value, gets)

    def render_worth(self, record: Judged[Offer]) -> SafeString | str:
        if not record.is_eligible or record.amounts is None:
            return formats.DASH
        worth, cost = format_worth(record.amounts), format_cost(record.amounts)
        return format_html('<div class="rp-small">{}<div class="rp-muted">{}</div></div>', worth, cost)

    def render_gain(self, record: Judged[Offer], value: float) -> str:
        return formats.money(value) if record.is_eligible else formats.DASH

    def render_answer(self, record: Judged[Offer]) -> SafeString:
        if record.is_eligible:
            reason = format_gain_reason(record.economics)
            yes = components.badge(gettext("yes"), "good", "circle-check")
            return format_html('{}<div class="rp-small rp-muted">{}</div>', yes, reason)
        return format_html('<span class="rp-small rp-muted">{}</span>', " ".join(record.reasons))
