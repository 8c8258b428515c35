"""The list of the offer library."""

from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from campaigns.offers.economics import rounded
from campaigns.offers.models import Offer
from campaigns.offers.queries.library import TypicalLine
from campaigns.offers.tariffs import amounts
from campaigns.offers.text import (
    format_benefits,
    format_rate,
)
from retention.core.ui import formats
from retention.core.ui.tables.base import BaseTable
from retention.core.ui.tables.columns import (
    Column,
    DayColumn,
    MoneyColumn,
    NumberColumn,
    SwitchColumn,
)


class OfferTable(BaseTable):
    """Offers of the library, see campaigns.offers.queries.library."""

    name = Column(verbose_name=gettext_lazy("Offer"), order_by="code", attrs={"td": {"class": "text-nowrap"}})
    family = Column(verbose_name=pgettext_lazy("offer", "Family"), attrs={"td": {"class": "text-nowrap"}})
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
    gain = Column(
        verbose_name=gettext_lazy("Gain, typical line"),
        help_text=gettext_lazy("What one offer to a typical line is expected to bring over all months, in yuan."),
        empty_values=(),
        orderable=False,
        attrs={"td": {"class": "text-end"}, "th": {"class": "text-end"}},
    )
    valid_until = DayColumn(verbose_name=gettext_lazy("Valid until"), default="–")
    proposed = NumberColumn(verbose_name=pgettext_lazy("count", "Proposed"))
    accepted = NumberColumn(verbose_name=pgettext_lazy("count", "Accepted"))
    take_rate = Column(
        verbose_name=gettext_lazy("Take rate"),
        help_text=gettext_lazy("Accepted of those proposed."),
        empty_values=(),
        orderable=False,
        attrs={"td": {"class": "text-end"}, "th": {"class": "text-end"}},
    )
    confirmed = NumberColumn(
        verbose_name=gettext_lazy("Carried out"),
        help_text=gettext_lazy("Accepted and confirmed by the billing system."),
    )
    refused = NumberColumn(verbose_name=gettext_lazy("Refused by billing"))
    kept_rate = Column(
        verbose_name=gettext_lazy("Kept after 90 days"),
        help_text=gettext_lazy("Of the lines that accepted it at least 90 days ago, those still there after 90 days."),
        empty_values=(),
        orderable=False,
        attrs={"td": {"class": "text-end"}, "th": {"class": "text-end"}},
    )
    spent = MoneyColumn(verbose_name=gettext_lazy("Cost so far"))
    stock_left = NumberColumn(verbose_name=gettext_lazy("Stock left"), default=gettext_lazy("no limit"))
    budget_left = MoneyColumn(verbose_name=gettext_lazy("Budget left"), default=gettext_lazy("no limit"))

    caption = gettext_lazy("Offers")
    region_id = "offers"
    empty_title = gettext_lazy("No offers yet")
    empty_text = gettext_lazy("An offer is what an agent may give to keep a customer; its rule says to whom.")

    def __init__(self, offers: Any, *, typical: TypicalLine | None = None, **kwargs: Any) -> None:
        super().__init__(offers, **kwargs)
        self.typical = typical

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

    def render_gain(self, record: Offer) -> str:
        gain = self.value_gain(record)
        return formats.DASH if gain is None else formats.money(gain)

    def value_gain(self, record: Offer) -> Decimal | None:
        found = self.typical.economics(record) if self.typical else None
        return None if found is None or found.gain is None else rounded(found.gain)

    def render_take_rate(self, record: Any) -> str:
        return format_rate(record.accepted, record.proposed)

    def value_take_rate(self, record: Any) -> float | None:
        return record.accepted / record.proposed if record.proposed else None

    def render_kept_rate(self, record: Any) -> str:
        return format_rate(record.kept, record.kept_of)

    def value_kept_rate(self, record: Any) -> float | None:
        return record.kept / record.kept_of if record.kept_of else None
