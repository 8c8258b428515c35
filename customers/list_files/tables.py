"""The rows of a list file that did not land."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from retention.core.ui.tables.columns import Column, NumberColumn
from retention.core.ui.tables.detail import DetailTable

REASONS = {
    "required": _("is missing"), "unknown": _("no such customer"), "invalid": _("cannot be read"),
    "before_start": _("lies before the start"), "too_long": _("is too long"),
    "repeated": _("stands in the file before, for the same channel"), "already_listed": _("is on the list already"),
    "unreadable": _("the row cannot be taken apart"),
}  # fmt: skip


class RejectedTable(DetailTable):
    """Rows of services.LoadedList.rejections."""

    row = NumberColumn(verbose_name=_("Row"))
    value = Column(verbose_name=_("Customer number"))
    field = Column(verbose_name=_("Field"))
    code = Column(verbose_name=_("What is wrong"))

    caption = _("Rows that did not land")

    def render_code(self, value: str) -> Any:
        return REASONS[value]
