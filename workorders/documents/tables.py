from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from retention.core.ui.tables.base import BaseTable
from retention.core.ui.tables.columns import SENTENCE, Column, SwitchColumn
from workorders.documents.models import Document
from workorders.documents.text import format_file, format_types


class DocumentTable(BaseTable):
    title = Column(verbose_name=_("Document"), order_by="name")
    content = Column(verbose_name=_("File"), orderable=False)
    order_types = Column(verbose_name=_("Order types"), orderable=False, empty_values=(), attrs=SENTENCE)
    branch = Column(verbose_name=_("Branch"), accessor="branch__name", empty_values=(), order_by="branch__path")
    enabled = SwitchColumn()

    caption = _("Documents and voice files")
    region_id = "documents"
    empty_title = _("No documents yet")
    empty_text = _("Price lists, instructions, recordings to listen to: agents open them on the call screen.")

    def row_url(self, record: Document) -> str:
        return reverse("documents:document", args=[record.code])

    def render_content(self, value: dict[str, Any]) -> str:
        return format_file(value)

    def render_order_types(self, value: list[str]) -> str:
        return format_types(value)

    def render_branch(self, value: str | None) -> str:
        return value or str(_("The whole base"))
