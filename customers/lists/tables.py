"""The lists of customers and their entries."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from customers.lists.forms import OWN
from customers.lists.models import ListEntry, OwnList
from customers.lists.purposes import PURPOSES
from customers.lists.queries import ListKind
from customers.lists.services import MARK_KINDS
from retention.core.audit.models import AuditEntry
from retention.core.managed.queries import actor_of
from retention.core.managed.text import FieldText
from retention.core.ui import formats
from retention.core.ui.tables.base import BaseTable
from retention.core.ui.tables.columns import Column, DayColumn, DueColumn, NumberColumn, SwitchColumn
from retention.core.ui.tables.detail import DetailTable

Kind = ListEntry.Kind
MEANINGS = {
    Kind.BLACKLIST: _("Not contacted for any purpose, over any channel, nor anybody else at the number."),
    Kind.DO_NOT_DISTURB: _("Asked for peace: not contacted over the channel named, by default over every one."),
    Kind.FALSE_USER: _("A line that nobody really uses: not contacted, not a customer to retain."),
    Kind.RED_LIST: _("Never dunned nor stopped for arrears; contacts are not restricted."),
}


def entries_url(value: str, **more: str) -> str:
    """The entries of a list: a shipped kind, or `own:CODE`."""
    rest = "".join(f"&{name}={one}" for name, one in more.items())
    return f"{reverse('customer_lists:entries')}?kind={value}{rest}"


class KindTable(DetailTable):
    """Rows of queries.kinds_for."""

    name = Column(verbose_name=_("List"), accessor="kind__label")
    purpose = Column(verbose_name=_("What it does"), empty_values=())
    who = Column(verbose_name=_("Set by"), empty_values=())
    entries = NumberColumn(
        verbose_name=_("Customers on it now"), help_text=_("Entries in force today, of customers you may see.")
    )
    expiring = NumberColumn(verbose_name=_("Ends within 30 days"))

    caption = _("Customer lists")

    def render_purpose(self, record: ListKind) -> str:
        return str(MEANINGS[record.kind])

    def render_who(self, record: ListKind) -> str:
        if record.kind in MARK_KINDS:
            return gettext("Agents during a call, supervisors, managers, administrators")
        return gettext("Managers and administrators")

    def render_entries(self, value: int, record: ListKind) -> SafeString:
        return _figure(value, entries_url(record.kind))

    def render_expiring(self, value: int, record: ListKind) -> SafeString:
        return _figure(value, entries_url(record.kind, expiring="on"))


class OwnListTable(BaseTable):
    """Rows (own list, entries in force) as dicts."""

    name = Column(verbose_name=_("List"))
    enabled = SwitchColumn()
    branch = Column(verbose_name=_("Branch"))
    says = Column(verbose_name=_("What it does"))
    entries = NumberColumn(
        verbose_name=_("Customers on it now"), help_text=_("Entries in force today, of customers you may see.")
    )

    caption = _("Own lists")
    region_id = "own-lists"
    empty_title = _("No own lists yet")
    empty_text = _("Make one for customers whom you mark, or whom nobody may contact for a purpose.")

    def row_url(self, record: dict[str, Any]) -> str:
        return reverse("customer_lists:ownlist", args=[record["code"]])

    def render_entries(self, value: int, record: dict[str, Any]) -> SafeString:
        return _figure(value, entries_url(f"{OWN}{record['code']}"))


def format_effect(own: OwnList) -> str:
    """What an own list does, e.g. `Blocks contact: Calls, SMS; Marketing`."""
    if own.effect == OwnList.Effect.MARK:
        return own.get_effect_display()
    mark = pgettext("between the values of a list", ", ")
    channels = mark.join(str(ListEntry.Channel(one).label) for one in own.channels) or gettext("every channel")
    purposes = mark.join(str(PURPOSES.get(one, one)) for one in own.purposes) or gettext("every purpose")
    return gettext("%(effect)s: %(channels)s; %(purposes)s") % {
        "effect": own.get_effect_display(), "channels": channels, "purposes": purposes
    }  # fmt: skip


class EntryTable(BaseTable):
    customer = Column(verbose_name=_("Customer"), accessor="customer__customer_no")
    kind = Column(verbose_name=_("List"), accessor="list_name", orderable=False)
    channel = Column(verbose_name=_("Channel"))
    starts_on = DayColumn(verbose_name=_("From"))
    ends_on = DueColumn(verbose_name=_("Until"), default="–")
    reason = Column(verbose_name=_("Reason"))
    source = Column(verbose_name=_("Source"))
    proof = Column(verbose_name=_("Proof"), default="–")
    created_by = Column(verbose_name=_("By whom"), accessor="created_by__display_name", orderable=False)
    created_at = DayColumn(verbose_name=_("Added"))

    caption = _("List entries")
    region_id = "list-entries"
    empty_title = _("Nobody is on a list")
    empty_text = _("Customers are put on a list on their own page, by the end of a call or from a file.")

    def row_url(self, record: ListEntry) -> str | None:
        return reverse("customer_lists:entry", args=[record.pk])


class EntryHistoryTable(DetailTable):
    """Entries of the trail about one entry of a list."""

    at = DayColumn(verbose_name=pgettext_lazy("history", "When"))
    who = Column(verbose_name=_("By whom"), empty_values=())
    what = Column(verbose_name=pgettext_lazy("history", "Change"), empty_values=())

    caption = _("History")
    css = "rp-mini"

    def render_who(self, record: AuditEntry) -> str:
        return actor_of(record)

    def render_what(self, record: AuditEntry) -> str:
        if record.action == "customer.list_add":
            return gettext("Added: %(reason)s") % {"reason": record.detail.get("reason", "")}
        if record.action == "customer.list_end":
            return gettext("Ended: %(reason)s") % {"reason": record.detail.get("reason", "")}
        said = FieldText(ListEntry, {})
        changes = record.detail.get("changes", {}).items()
        return "; ".join(
            formats.labelled(said.label(name), f"{said.value(name, old)} → {said.value(name, new)}")
            for name, (old, new) in changes
        )


def _figure(value: int, url: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', url, NumberColumn().render(value))
