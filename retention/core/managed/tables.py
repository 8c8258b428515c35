"""The tables inside the pages of a managed row: its history, and two versions side by side."""

from collections.abc import Iterable
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from retention.core.managed.text import Change, FieldText
from retention.core.managed.versions import Version
from retention.core.ui import formats
from retention.core.ui.tables.columns import Column, DayColumn
from retention.core.ui.tables.detail import DetailTable


class HistoryTable(DetailTable):
    """One row a changed field, and one for a change of no field."""

    at = DayColumn(verbose_name=pgettext_lazy("history", "When"))
    who = Column(verbose_name=_("By whom"))
    change = Column(verbose_name=pgettext_lazy("history", "Change"))
    before = Column(verbose_name=_("Before"))
    after = Column(verbose_name=_("After"))

    caption = _("History")
    css = "rp-mini"

    def __init__(self, changes: Iterable[Change]) -> None:
        super().__init__([row for change in changes for row in _rows(change)])


def _rows(change: Change) -> list[dict[str, Any]]:
    fields = change.fields or [(change.what, formats.DASH, formats.DASH)]
    return [
        {"at": change.at, "who": change.who, "change": label, "before": before, "after": after}
        for label, before, after in fields
    ]


class VersionTable(DetailTable):
    """Rows of versions.versions_of; each leads to what it changed."""

    number = Column(verbose_name=_("Version"))
    at = DayColumn(verbose_name=pgettext_lazy("history", "When"))
    who = Column(verbose_name=_("By whom"))
    changed = Column(verbose_name=_("Changed fields"))

    caption = _("Versions")

    def __init__(self, versions: Iterable[Version], *, text: FieldText) -> None:
        super().__init__(list(versions))
        self.text = text

    def row_url(self, record: Version) -> str:
        return f"?old={max(record.number - 1, 1)}&new={record.number}#difference"

    def render_changed(self, value: tuple[str, ...]) -> str:
        return pgettext("between the values of a list", ", ").join(self.text.label(name) for name in value)


class VersionDifferenceTable(DetailTable):
    """Rows are dicts: label, old, new."""

    label = Column(verbose_name=_("Field"))
    old = Column(verbose_name=pgettext_lazy("version", "Old"))
    new = Column(verbose_name=pgettext_lazy("version", "New"))

    caption = _("Differences")
    css = "rp-mini"
    empty_text = _("These versions do not differ.")


class ConflictTable(DetailTable):
    """Rows of text.format_conflict."""

    label = Column(verbose_name=_("Field"))
    sent = Column(verbose_name=_("What you sent"))
    stored = Column(verbose_name=_("What stands now"))
    changed_by = Column(verbose_name=_("Changed meanwhile by"), empty_values=())

    caption = _("Somebody else saved a newer version")
    css = "rp-mini"

    def render_sent(self, value: str, record: dict[str, Any]) -> SafeString | str:
        if record["is_own"]:
            return value
        return format_html('{} <span class="rp-muted rp-small">{}</span>', value, gettext("as you found it"))

    def render_changed_by(self, value: str, record: dict[str, Any]) -> str:
        at = record["changed_at"]
        return f"{value}, {formats.moment(at)}" if at else gettext("only you")
