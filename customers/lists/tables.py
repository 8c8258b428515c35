"""The lists of customers and their entries."""

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from customers.lists.models import ListEntry
from customers.lists.queries import ListKind
from customers.lists.services import MARK_KINDS
from retention.core.ui.tables.base import BaseTable
from retention.core.ui.tables.columns import Column, DayColumn, NumberColumn
from retention.core.ui.tables.detail import DetailTable

Kind = ListEntry.Kind
PURPOSES = {
    Kind.BLACKLIST: _("Not contacted for any purpose, over any channel, nor anybody else at the number."),
    Kind.DO_NOT_DISTURB: _("Asked for peace: not contacted over the channel named, by default over every one."),
    Kind.FALSE_USER: _("A line that nobody really uses: not contacted, not a customer to retain."),
    Kind.RED_LIST: _("Never dunned nor stopped for arrears; contacts are not restricted."),
}


class KindTable(DetailTable):
    """Rows of queries.kinds_for."""

    name = Column(verbose_name=_("List"), accessor="kind__label")
    purpose = Column(verbose_name=_("What it does"), empty_values=())
    who = Column(verbose_name=_("Set by"), empty_values=())
    entries = NumberColumn(
        verbose_name=_("Customers on it now"), help_text=_("Entries in force today, of customers you may see.")
    )

    caption = _("Customer lists")

    def render_purpose(self, record: ListKind) -> str:
        return str(PURPOSES[record.kind])

    def render_who(self, record: ListKind) -> str:
        if record.kind in MARK_KINDS:
            return gettext("Agents during a call, supervisors, managers, administrators")
        return gettext("Managers and administrators")

    def render_entries(self, value: int, record: ListKind) -> SafeString:
        address = f"{reverse('customer_lists:entries')}?kind={record.kind}"
        return format_html('<a href="{}">{}</a>', address, NumberColumn().render(value))


class EntryTable(BaseTable):
    customer = Column(verbose_name=_("Customer"), accessor="customer__customer_no")
    kind = Column(verbose_name=_("List"))
    channel = Column(verbose_name=_("Channel"))
    starts_on = DayColumn(verbose_name=_("From"))
    ends_on = DayColumn(verbose_name=_("Until"), default="–")
    reason = Column(verbose_name=_("Reason"))
    created_by = Column(verbose_name=_("By whom"), accessor="created_by__display_name", orderable=False)
    created_at = DayColumn(verbose_name=_("Added"))

    caption = _("List entries")
    region_id = "list-entries"
    empty_title = _("Nobody is on a list")
    empty_text = _("Customers are put on a list on their own page or by the end of a call.")

    def row_url(self, record: ListEntry) -> str | None:
        number = record.subscriber_no  # type: ignore[attr-defined]  # annotated by for_list
        return f"{reverse('customers:detail', args=[number])}#lists" if number else None
