"""The field catalogue, the branches of one field, and who uses it."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from customers.fields.uses import Use
from retention.core.ui.tables.base import BaseTable
from retention.core.ui.tables.columns import Column, NumberColumn, PercentColumn
from retention.core.ui.tables.detail import DetailTable


class FieldTable(BaseTable):
    """Rows are dicts, made by views.FieldList."""

    label = Column(verbose_name=_("Field"))
    area = Column(verbose_name=_("Part of the data"))
    kind = Column(verbose_name=_("Type"))
    unit = Column(verbose_name=_("Unit"), default="")
    allowed = Column(verbose_name=_("May be used in"), orderable=False)
    key = Column(verbose_name=_("Key"))

    caption = _("Field catalogue")
    region_id = "fields"

    def row_url(self, record: dict[str, Any]) -> str:
        return reverse("glossary:field", args=[record["key"]])


class BranchValuesTable(DetailTable):
    """Rows are dicts: branch, lines, unknown (a share), typical."""

    branch = Column(verbose_name=_("Branch"))
    lines = NumberColumn(verbose_name=_("Lines"))
    unknown = PercentColumn(verbose_name=_("Not known"))
    typical = Column(verbose_name=_("Typical value"))

    caption = _("By branch")
    css = "rp-mini"


class UseTable(DetailTable):
    """Rows are (kind, Use)."""

    kind = Column(verbose_name=_("Kind"), accessor="0")
    title = Column(verbose_name=_("Used by"), accessor="1__title")

    caption = _("Who uses it")
    css = "rp-mini"

    def row_url(self, record: tuple[str, Use]) -> str:
        return record[1].href
