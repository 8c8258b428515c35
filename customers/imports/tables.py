"""The lists of the import pages."""

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.imports.models import Upload
from customers.imports.rules.choices import fields_of
from customers.imports.services.quarantine import format_quarantined_row
from customers.imports.services.suggestions import PHONE_FIELDS
from customers.imports.text import BAD_ROW_STATES, field_label, field_title, resource_label
from customers.ingest.models import QuarantinedRow
from customers.ingest.resources import resource_named
from retention.core.jobs import text as jobs_text
from retention.core.jobs.models import Job
from retention.core.masking import mask_phone
from retention.core.ui import components, formats
from retention.core.ui.tables.base import BaseTable
from retention.core.ui.tables.columns import BadgeColumn, Column, DayColumn, NumberColumn

NOWRAP_ATTRS = {"td": {"class": "text-nowrap"}, "th": {"class": "text-nowrap"}}
MESSAGE_ATTRS = {"td": {"class": "rp-wrap import-said"}}
RAW_ROW_ATTRS = {"td": {"class": "rp-wrap import-raw"}}
DRAFT_LABEL = _("Not started")
BAD_ROW_TONES: dict[str, tuple[str, str]] = {
    QuarantinedRow.State.REJECTED: ("bad", "circle-x"),
    QuarantinedRow.State.WAITING: ("warning", "hourglass"),
    QuarantinedRow.State.KEPT: ("neutral", "arrow-back-up"),
}


class ResourceColumn(Column):
    """The name of a resource as its label, in files too."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("verbose_name", _("Kind of rows"))
        super().__init__(*args, **kwargs)

    def render(self, value: str) -> str:
        return resource_label(value)

    def value(self, value: str) -> str:
        return self.render(value)


class TallyColumn(NumberColumn):
    """A count of an import's tally."""

    def __init__(self, name: str, verbose_name: Any, help_text: Any = "") -> None:
        super().__init__(verbose_name=verbose_name, help_text=help_text, accessor=f"tally__{name}", orderable=False)


class ImportTable(BaseTable):
    name = Column(verbose_name=_("File"))
    resource = ResourceColumn(default="", attrs=NOWRAP_ATTRS)
    state = Column(verbose_name=_("State"), accessor="pk", orderable=False)
    received = TallyColumn("received", _("Rows"))
    applied = TallyColumn("applied", _("Landed"), _("Rows that are new or changed something."))
    unchanged = TallyColumn("unchanged", _("Unchanged"), _("Rows that said what was known already."))
    waiting = TallyColumn(
        "waiting", _("Waiting"), _("Rows that refer to something not known yet; they land by themselves once it is.")
    )
    rejected = TallyColumn("rejected", _("Rejected"), _("Rows that cannot land as they are."))
    created_at = DayColumn(verbose_name=pgettext_lazy("time", "Sent"), attrs=NOWRAP_ATTRS)
    owner = Column(verbose_name=_("By"), accessor="owner__display_name", default="", orderable=False)

    caption = _("Imports")
    region_id = "imports"
    empty_title = _("No file has been imported yet")
    empty_text = _(
        "Send a file of customers, subscribers, bills or other facts; you see what would land before it does."
    )

    def row_url(self, record: Upload) -> str:
        return reverse("imports:detail" if record.job_id else "imports:columns", args=[record.pk])

    def render_state(self, record: Upload) -> Any:
        if not record.state:
            return components.badge(DRAFT_LABEL, "neutral", "edit")
        state = Job.State(record.state)
        return components.badge(str(state.label), *jobs_text.STATE_TONES[state])

    def value_state(self, record: Upload) -> str:
        return str(Job.State(record.state).label if record.state else DRAFT_LABEL)


class BadRowTable(BaseTable):
    row_no = NumberColumn(verbose_name=_("Row"), initial_sort_descending=False)
    state = BadgeColumn(verbose_name=_("State"), tones=BAD_ROW_TONES)
    field = Column(verbose_name=_("Field"), default="", attrs=NOWRAP_ATTRS)
    message = Column(verbose_name=_("What is wrong"), orderable=False, attrs=MESSAGE_ATTRS)
    # Not in files: a line that is no row may hold a number that nothing masks.
    raw = Column(verbose_name=_("The row as read"), orderable=False, exclude_from_export=True, attrs=RAW_ROW_ATTRS)

    caption = _("Rows that did not land")
    region_id = "bad-rows"
    empty_title = _("Every row has landed")

    def render_state(self, record: QuarantinedRow) -> Any:
        return components.badge(BAD_ROW_STATES[record.state], *BAD_ROW_TONES[record.state])

    def value_state(self, record: QuarantinedRow) -> str:
        return str(BAD_ROW_STATES[record.state])

    def render_field(self, value: str, record: QuarantinedRow) -> str:
        return field_title(record.resource, value)

    def render_message(self, record: QuarantinedRow) -> str:
        return format_quarantined_row(record)

    def render_raw(self, value: dict, record: QuarantinedRow) -> str:
        """The values in the resource's order; a line that is no row unchanged."""
        known = fields_of(resource_named(record.resource))
        shown = {name: mask_phone(said) if name in PHONE_FIELDS else said for name, said in value.items() if said}
        said = [formats.labelled(field_label(one), shown[name]) for name, one in known.items() if name in shown]
        text = " · ".join(said) or str(value.get("line", ""))
        return f"{text[:237]}…" if len(text) > 238 else text or formats.DASH


class MappingTable(BaseTable):
    name = Column(verbose_name=_("Name"))
    resource = ResourceColumn()
    columns_read = NumberColumn(verbose_name=_("Columns"), accessor="columns", orderable=False)
    created_at = DayColumn(verbose_name=_("Saved"))
    created_by = Column(verbose_name=_("By"), accessor="created_by__display_name", default="", orderable=False)
    remove = tables.TemplateColumn(
        template_name="customers/imports/_forget.html", verbose_name="", orderable=False, exclude_from_export=True
    )

    caption = _("Saved mappings")
    region_id = "mappings"
    empty_title = _("No mapping has been saved yet")
    empty_text = _(
        "Save the choices of an import under a name: files with the same columns are then mapped by themselves."
    )

    def render_columns_read(self, value: list) -> str:
        return formats.number(len(value))

    def value_columns_read(self, value: list) -> int:
        return len(value)
