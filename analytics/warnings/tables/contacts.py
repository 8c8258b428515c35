"""What every list of lines to call shows of their customers: the open order, the last contact, the gate's answer."""

from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from campaigns.outreach.text import format_next_call
from customers.contacts.text import format_contact_code
from retention.core.ui import formats
from retention.core.ui.tables.base import BaseTable
from retention.core.ui.tables.columns import Column, DayColumn

ONE_LINE = {"td": {"class": "text-nowrap"}}


class ContactTable(BaseTable):
    """Rows have been through analytics.warnings.queries.with_contacts. today, now: of the list."""

    today: date
    now: datetime

    open_order = Column(empty_values=(), verbose_name=_("Open order"), orderable=False, attrs=ONE_LINE)
    last_contact = DayColumn(empty_values=(), verbose_name=_("Last contact"), orderable=False, attrs=ONE_LINE)
    next_call = Column(
        empty_values=(),
        verbose_name=_("May be called"),
        help_text=_("The contact rules' answer to a retention order for the line, and from when it is another one."),
        orderable=False,
        attrs=ONE_LINE,
    )

    class Meta(BaseTable.Meta):
        fields = ()
        sequence: tuple[str, ...] = ("...", "open_order", "last_contact", "next_call")

    def render_open_order(self, record: Any) -> SafeString | str:
        if record.open_order is None or not record.may_open:
            return self.value_open_order(record) or formats.DASH
        number = record.open_order.order_no
        return format_html('<a href="{}">{}</a>', reverse("workorders:order", args=[number]), number)

    def value_open_order(self, record: Any) -> str:
        return record.open_order.order_no if record.open_order else ""

    def render_last_contact(self, record: Any) -> SafeString | str:
        contact = record.last_contact
        if contact is None:
            return formats.DASH
        how = format_contact_code(contact.outcome) if contact.outcome else ""
        when = formats.relative_days(contact.at, self.today)
        return format_html('{} <span class="rp-muted rp-small">{}</span>', when, how)

    def value_last_contact(self, record: Any) -> datetime | None:
        return record.last_contact.at if record.last_contact else None

    def render_next_call(self, record: Any) -> SafeString:
        answer = record.next_call
        why = str(answer.reason.label) if answer.reason else ""
        css = "rp-good" if answer.reason is None else "rp-muted"
        return format_html('<span class="{}" title="{}">{}</span>', css, why, self.value_next_call(record))

    def value_next_call(self, record: Any) -> str:
        return format_next_call(record.next_call, now=self.now)
