"""The list of batches."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from customers.batches.models import IngestBatch
from customers.imports.tables import BadRowTable, ResourceColumn
from customers.imports.text import code_title
from retention.core.ui.tables.base import BaseTable
from retention.core.ui.tables.columns import BadgeColumn, Column, DayColumn, NumberColumn
from retention.core.ui.tables.detail import DetailTable

TONES = {
    IngestBatch.State.QUEUED: ("info", "hourglass"),
    IngestBatch.State.LOADED: ("good", "check"),
    IngestBatch.State.HELD: ("warning", "hand-stop"),
    IngestBatch.State.FAILED: ("bad", "alert-circle"),
}


class BatchTable(BaseTable):
    created_at = DayColumn(verbose_name=gettext_lazy("Received"))
    client = Column(verbose_name=gettext_lazy("Client"))
    resource = ResourceColumn()
    state = BadgeColumn(verbose_name=gettext_lazy("State"), tones=TONES)
    received = NumberColumn(verbose_name=gettext_lazy("Rows"))
    applied = NumberColumn(
        verbose_name=gettext_lazy("Applied"), help_text=gettext_lazy("Rows that are new or changed something.")
    )
    unchanged = NumberColumn(
        verbose_name=gettext_lazy("Unchanged"), help_text=gettext_lazy("Rows that said what was known already.")
    )
    waiting = NumberColumn(verbose_name=gettext_lazy("Waiting for others"))
    rejected = NumberColumn(
        verbose_name=gettext_lazy("Rejected"), help_text=gettext_lazy("Rows that cannot land as they are.")
    )

    caption = gettext_lazy("Billing batches")
    region_id = "batches"
    empty_title = gettext_lazy("Nothing has been sent yet")
    empty_text = gettext_lazy("Every batch that a billing system sends over the API is listed here.")

    def row_url(self, record: IngestBatch) -> str:
        return reverse("batches:batch", args=[record.number])


class WaitingTable(BaseTable):
    """Groups of rows as `QuarantinedRowQuerySet.in_groups` makes them."""

    waits_key = Column(verbose_name=gettext_lazy("Needs data"))
    waits_for = ResourceColumn(verbose_name=gettext_lazy("Which is one of"), orderable=False)
    resource = ResourceColumn()
    rows = NumberColumn(verbose_name=gettext_lazy("Rows"))
    since = DayColumn(verbose_name=gettext_lazy("Since"))
    circular = Column(verbose_name=gettext_lazy("Note"), orderable=False)

    caption = gettext_lazy("Rows that wait for others")
    region_id = "waiting-rows"
    empty_title = gettext_lazy("No row waits")
    empty_text = gettext_lazy("Everything that the rows sent so far refer to has come.")

    def row_value(self, record: dict) -> object:
        return f"{record['resource']}:{record['waits_key']}"

    def render_circular(self, value: int) -> str:
        return gettext("They wait for each other: send one of them corrected.") if value else ""


class WaitingGroupTable(DetailTable):
    """The same for one batch."""

    waits_key = Column(verbose_name=gettext_lazy("Needs data"))
    waits_for = ResourceColumn(verbose_name=gettext_lazy("Which is one of"))
    rows_waiting = NumberColumn(accessor="rows", verbose_name=gettext_lazy("Rows"))
    since = DayColumn(verbose_name=gettext_lazy("Since"))
    circular = Column(verbose_name=gettext_lazy("Note"))

    caption = gettext_lazy("What rows wait for")
    css = "rp-mini"

    def render_circular(self, value: int) -> str:
        if value:
            return gettext("They wait for each other: send one of them corrected.")
        return gettext("They land by themselves when it comes.")


class BatchRowTable(BadRowTable):
    """Rejected rows of a batch, without what was sent."""

    class Meta(BadRowTable.Meta):
        exclude = ("raw",)


class ReasonTable(DetailTable):
    """Why rows of one batch were rejected; with_links: each leads to its rows in the list below."""

    field = Column(accessor="field_title", verbose_name=gettext_lazy("Field"))
    reason = Column(accessor="code", verbose_name=gettext_lazy("Reason"))
    rows_wrong = NumberColumn(accessor="rows", verbose_name=gettext_lazy("Rows"))

    caption = gettext_lazy("Why rows were rejected")
    css = "rp-mini"

    def __init__(self, *args: Any, with_links: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.with_links = with_links

    def row_url(self, record: dict) -> str | None:
        wanted = {name: record[name] for name in ("field", "code") if record[name]}
        return f"?{urlencode(wanted)}#bad-rows" if self.with_links else None

    def render_reason(self, value: str) -> str:
        return code_title(value)
