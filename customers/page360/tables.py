"""Bills, credit and tickets of a line, as tables of the 360 page."""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.facts.models import ServiceContact
from customers.facts.text import format_source_code
from customers.page360.queries.history import ticket_state
from retention.core.ui import components, formats
from retention.core.ui.tables.columns import Column, DayColumn, MoneyColumn, NumberColumn
from retention.core.ui.tables.detail import DetailTable


class BadgeCell(Column):
    """A (text, tone, icon) as a badge."""

    def render(self, value: tuple[str, str, str]) -> SafeString:
        return components.badge(*value)


class BillTable(DetailTable):
    """Rows of queries.bill_rows."""

    month = Column(verbose_name=_("Month"))
    total = MoneyColumn(verbose_name=_("Total"), attrs={"td": {"class": "rp-strong"}})
    plan_fee = MoneyColumn(verbose_name=_("Plan fee"))
    beyond = MoneyColumn(verbose_name=_("Out of bundle"))
    discount = MoneyColumn(verbose_name=_("Discount"))
    due_on = DayColumn(verbose_name=pgettext_lazy("bill", "Due"))
    payment = BadgeCell(verbose_name=_("Payment"))

    caption = _("Bills")
    css = "rp-mini"


class TopUpTable(DetailTable):
    """Rows of queries.topups_of."""

    label = Column(verbose_name=_("Month"))
    amount = MoneyColumn(verbose_name=_("Topped up"), attrs={"td": {"class": "rp-strong"}})
    count_of = NumberColumn(accessor="count", verbose_name=_("Number of top-ups"))

    caption = _("Top-ups")
    css = "rp-mini"


class CreditTable(DetailTable):
    """Rows of queries.credit_of: the factors of the card, then their sum."""

    factor = Column(verbose_name=_("Factor"))
    value = Column(verbose_name=_("Measured"))
    points = NumberColumn(verbose_name=pgettext_lazy("credit", "Points"), attrs={"td": {"class": "rp-strong"}})
    most = NumberColumn(verbose_name=_("Out of"))

    caption = _("Credit")
    css = "rp-mini"


class CreditChangeTable(DetailTable):
    """Changes of queries.credit_of."""

    as_of = DayColumn(verbose_name=pgettext_lazy("credit", "From"))
    score = NumberColumn(verbose_name=_("Credit score"))
    level = BadgeCell(verbose_name=_("Credit level"))
    moves = Column(verbose_name=_("Points that moved"))

    caption = _("What it was")
    css = "rp-mini"


class TicketTable(DetailTable):
    """Tickets of a line, as they stand on `today`."""

    ticket_no = Column(verbose_name=_("Ticket"), attrs={"td": {"class": "rp-mono"}})
    kind = Column(accessor="get_kind_display", verbose_name=_("Kind"))
    topic = Column(verbose_name=_("Topic"))
    severity = NumberColumn(verbose_name=_("Severity"))
    opened_at = DayColumn(verbose_name=pgettext_lazy("ticket", "Opened"))
    state = BadgeCell(empty_values=(), verbose_name=_("State"))
    satisfaction = NumberColumn(verbose_name=_("Satisfaction"))

    caption = _("Service contacts")
    css = "rp-mini"

    def __init__(self, tickets: list[ServiceContact], *, today: date) -> None:
        super().__init__(tickets)
        self.today = today

    def render_topic(self, value: str) -> str:
        return format_source_code(value) or formats.DASH

    def render_opened_at(self, value: Any) -> str:
        return formats.moment(timezone.localtime(value).date())

    def render_state(self, record: ServiceContact, column: BadgeCell) -> SafeString:
        return column.render(ticket_state(record, self.today))
