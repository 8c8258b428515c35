"""The offers of one line."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy

from campaigns.offers.economics import rounded
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
    ReferenceColumn,
)
from retention.core.ui.tables.detail import DetailTable

# So many offers are shown before the others are asked for.
BEST_OFFERS = 3


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
    gain = Column(verbose_name=gettext_lazy("Expected gain"), empty_values=())
    answer = Column(verbose_name=gettext_lazy("May be made"), empty_values=())

    caption = gettext_lazy("Offers for this customer")
    css = "rp-mini"

    def render_gets(self, record: Judged[Offer]) -> str:
        return format_benefits(record.offer.kind, record.offer.terms())

    def render_worth(self, record: Judged[Offer]) -> str:
        return (record.is_eligible and record.amounts and format_worth(record.amounts)) or formats.DASH

    def render_cost(self, record: Judged[Offer]) -> str:
        return format_cost(record.amounts) if record.is_eligible and record.amounts else formats.DASH

    def render_gain(self, record: Judged[Offer]) -> str:
        known = record.economics and record.economics.gain is not None
        return formats.money(rounded(record.economics.gain)) if known else formats.DASH  # type: ignore[union-attr,arg-type]

    def render_answer(self, record: Judged[Offer]) -> SafeString:
        if record.is_eligible:
            reason = format_gain_reason(record.economics)
            yes = components.badge(gettext("yes"), "good", "circle-check")
            return format_html('{} <span class="rp-small rp-muted">{}</span>', yes, reason)
        return format_html('<span class="rp-small rp-muted">{}</span>', " ".join(record.reasons))
