"""Tables of the monthly lists."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import chain
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from analytics.warnings.models import ListDelivery, WarningEntry, month_slug
from analytics.warnings.services.monthly import EntryOutcome, entry_outcomes
from customers.directory.tables import ClippedColumn, DirectoryData
from customers.fields.choices import VOLUNTARY_REASONS
from retention.core.ui import components, formats
from retention.core.ui.tables.base import BaseTable
from retention.core.ui.tables.columns import (
    BarColumn,
    Column,
    DayColumn,
    GainColumn,
    MoneyColumn,
    NumberColumn,
    PercentColumn,
    RiskColumn,
)
from retention.core.ui.tables.detail import DetailTable

ONE_LINE = {"td": {"class": "text-nowrap"}}


class ListsTable(BaseTable):
    month = Column(verbose_name=_("Month"), orderable=False)
    as_of = DayColumn(verbose_name=_("Scored on"), orderable=False)
    lines = NumberColumn(verbose_name=_("Lines"), orderable=False)
    expected = NumberColumn(
        verbose_name=_("Predicted leavers"),
        help_text=_("Churn probabilities added up, for about a month"),
        orderable=False,
    )
    left = NumberColumn(verbose_name=_("Left"), help_text=_("Ported out or terminated voluntarily"), orderable=False)
    share = PercentColumn(verbose_name=_("Share that left"), orderable=False)
    other_left = NumberColumn(verbose_name=_("Left for other reasons"), orderable=False)
    contacted = NumberColumn(verbose_name=_("Contacted"), orderable=False)
    contacted_left = NumberColumn(verbose_name=_("Contacted and left"), orderable=False)
    counted_on = DayColumn(verbose_name=_("Counted on"), orderable=False)

    caption = _("Monthly lists")
    region_id = "lists"
    empty_title = _("No list yet")
    empty_text = _("On the first of each month the warned lines are frozen into a list.")

    def row_url(self, record: dict[str, Any]) -> str | None:
        return None if record.get("missing") else reverse("analytics:list", args=[month_slug(record["dated"])])

    def row_value(self, record: dict[str, Any]) -> object:
        return record["dated"]


EXPORT_CHUNK_LINES = 2_000


@dataclass(frozen=True)
class EntryPages:
    """The entries of a list by pages, for DirectoryData. A page far down costs its places first, from the index alone,
    then its rows."""

    entries: QuerySet[WarningEntry]

    @cached_property
    def count(self) -> int:
        return self.entries.count()

    def lines(self, start: int, stop: int) -> list[WarningEntry]:
        places = list(self.entries.order_by("place").values_list("place", flat=True)[start:stop])
        return list(self.entries.for_page().filter(place__in=places))

    def chunks(self) -> Iterator[list[WarningEntry]]:
        """Every entry, EXPORT_CHUNK_LINES at a time."""
        last = 0
        while chunk := list(self.entries.for_page().filter(place__gt=last)[:EXPORT_CHUNK_LINES]):
            yield chunk
            last = chunk[-1].place

    def every_line(self) -> Iterator[WarningEntry]:
        return chain.from_iterable(self.chunks())


STAYED, LEFT, OTHERWISE = "stayed", "left", "otherwise"


OUTCOME_TONES = {STAYED: ("good", "circle-check"), LEFT: ("bad", "user-minus"), OTHERWISE: ("neutral", "user-minus")}


OUTCOME_LABELS = {STAYED: _("Still here"), LEFT: pgettext_lazy("line", "Left"), OTHERWISE: _("Left for other reasons")}


class EntryTable(BaseTable):
    place = NumberColumn(
        verbose_name=_("Place"), help_text=_("1 is the contact that was expected to bring most."), orderable=False
    )
    subscriber_no = Column(accessor="subscriber__subscriber_no", verbose_name=_("Subscriber"), orderable=False)
    customer = ClippedColumn(
        accessor="subscriber__account__customer__name", verbose_name=_("Customer"), orderable=False
    )
    branch = ClippedColumn(accessor="branch__name", verbose_name=_("Branch"), orderable=False)
    tier = RiskColumn(verbose_name=_("Risk tier"), orderable=False)
    probability = BarColumn(verbose_name=_("Churn probability"), orderable=False, tone=lambda entry: entry.tier)
    reason = Column(empty_values=(), verbose_name=_("Main reason"), orderable=False)
    monthly_spend = MoneyColumn(verbose_name=_("Monthly spend"), orderable=False)
    expected_gain = GainColumn(verbose_name=_("Expected gain"), orderable=False)
    fate = Column(empty_values=(), verbose_name=_("Outcome since"), orderable=False, attrs=ONE_LINE)
    left_on = DayColumn(empty_values=(), verbose_name=_("Left on"), orderable=False, attrs=ONE_LINE)
    contacted_on = DayColumn(empty_values=(), verbose_name=_("Contacted on"), orderable=False, attrs=ONE_LINE)

    caption = _("Lines of the list")
    region_id = "entries"
    empty_title = _("No lines")
    empty_text = _("No line of your branch was warned of in this month.")

    class Meta(BaseTable.Meta):
        fields = ()

    def __init__(self, entries: QuerySet[WarningEntry], *, dated: date, **kwargs: Any) -> None:
        super().__init__(DirectoryData(EntryPages(entries)), **kwargs)
        self.dated = dated

    def row_url(self, record: WarningEntry) -> str:
        return reverse("customers:detail", args=[record.subscriber.subscriber_no])

    def render_reason(self, record: WarningEntry) -> SafeString | str:
        text = capfirst(first_reason(self.fate_of(record)))
        return format_html('<span class="rp-clip rp-clip-long" title="{0}">{0}</span>', text) if text else formats.DASH

    def render_fate(self, record: WarningEntry) -> SafeString:
        key = outcome_key(self.fate_of(record))
        return components.badge(str(OUTCOME_LABELS[key]), *OUTCOME_TONES[key])

    def value_reason(self, record: WarningEntry) -> str:
        return first_reason(self.fate_of(record))

    def value_fate(self, record: WarningEntry) -> str:
        return str(OUTCOME_LABELS[outcome_key(self.fate_of(record))])

    def render_left_on(self, record: WarningEntry) -> str:
        return formats.moment(self.value_left_on(record))

    def value_left_on(self, record: WarningEntry) -> date | None:
        return self.fate_of(record).left_on

    def render_contacted_on(self, record: WarningEntry) -> str:
        return formats.moment(self.value_contacted_on(record))

    def value_contacted_on(self, record: WarningEntry) -> date | None:
        return self.fate_of(record).contacted_on

    def exceeds(self, limit: int) -> bool:
        return len(self.data.directory.entries.values("place")[: limit + 1]) > limit

    def records(self) -> Iterator[WarningEntry]:
        for chunk in self.data.directory.chunks():
            self._fates = entry_outcomes(chunk, self.dated)
            yield from chunk

    def fate_of(self, record: WarningEntry) -> EntryOutcome:
        if not hasattr(self, "_fates"):
            self._fates = entry_outcomes([row.record for row in self.paginated_rows], self.dated)
        return self._fates[record.subscriber_id]


def outcome_key(fate: EntryOutcome) -> str:
    if fate.left_on is None:
        return STAYED
    return LEFT if fate.why in VOLUNTARY_REASONS else OTHERWISE


def first_reason(fate: EntryOutcome) -> str:
    return fate.reasons[0].text if fate.reasons else ""


class DeliveryTable(DetailTable):
    """To whom a monthly list was sent."""

    user = Column(accessor="user__display_name", verbose_name=_("Manager"))
    branch = Column(accessor="branch__name", verbose_name=_("Branch"))
    lines = NumberColumn(verbose_name=_("Lines"))
    opened_at = DayColumn(verbose_name=_("First opened"))
    mail = Column(accessor="get_mail_display", verbose_name=_("E-mail"))

    caption = _("Sent to")

    def render_mail(self, value: str, record: ListDelivery) -> SafeString | str:
        return (
            format_html('{} <span class="rp-muted">({})</span>', value, record.mail_error)
            if record.mail_error
            else value
        )
