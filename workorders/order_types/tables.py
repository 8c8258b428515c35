"""The lists of order types and dispositions."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from retention.core.ui.tables.base import BaseTable
from retention.core.ui.tables.columns import Column, NumberColumn, SwitchColumn
from retention.core.ui.tables.detail import DetailTable, YesNoColumn
from workorders.order_types.models import Disposition
from workorders.order_types.queries import TypeRow
from workorders.order_types.text import format_effect, format_purpose


class OrderTypeTable(BaseTable):
    """Rows of queries.types_for."""

    name = Column(verbose_name=_("Order type"), accessor="type__title")
    code = Column(verbose_name=_("Code"), accessor="type__code")
    active = SwitchColumn(accessor="type__active")
    version = NumberColumn(
        verbose_name=_("Version"), accessor="type__version", help_text=_("The version that new orders are opened with.")
    )
    purpose = Column(verbose_name=_("Purpose"), accessor="type__purpose")
    priority = NumberColumn(verbose_name=_("Priority"), accessor="type__priority")
    due_hours = NumberColumn(
        verbose_name=_("Hours until due"),
        accessor="type__due_hours",
        help_text=_("Hours from opening until an order is overdue."),
    )
    open_orders = NumberColumn(
        verbose_name=_("Open orders"), help_text=_("Open orders of all versions, of those you may see.")
    )
    draft = NumberColumn(verbose_name=pgettext_lazy("order type", "Draft"), help_text=_("The version being edited."))
    scenarios = Column(verbose_name=_("Scenarios that are on"), empty_values=(), orderable=False)

    caption = _("Order types")
    region_id = "order-types"
    empty_title = _("No order types yet")

    def row_url(self, record: TypeRow) -> str:
        return reverse("order_types:type", args=[record.type.code])

    def render_purpose(self, value: str) -> str:
        return format_purpose(value)

    def render_open_orders(self, value: int, record: TypeRow) -> SafeString | str:
        shown = NumberColumn().render(value)
        return format_html('<a href="/supervise/?type={}">{}</a>', record.type.code, shown) if value else shown

    def render_scenarios(self, record: TypeRow) -> str:
        return ", ".join(record.scenarios) or "–"


class DispositionTable(BaseTable):
    name = Column(verbose_name=_("Disposition"), accessor="title", order_by="code")
    code = Column(verbose_name=_("Code"))
    parent = Column(verbose_name=_("Heading"), order_by="parent__position")
    hotkey = NumberColumn(
        verbose_name=pgettext_lazy("keyboard", "Key"),
        help_text=_("Alt and this digit on the call screen, where the order type names no other key."),
    )
    result = Column(verbose_name=_("Counts as"))
    reached = YesNoColumn(verbose_name=_("Reached"))
    effect = Column(verbose_name=_("What it does"), empty_values=(), orderable=False)
    active = SwitchColumn()

    caption = _("Dispositions")
    region_id = "dispositions"
    empty_title = _("No dispositions yet")

    def __init__(self, *args: Any, may_edit: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.may_edit = may_edit

    def row_url(self, record: Disposition) -> str | None:
        return reverse("order_types:disposition-edit", args=[record.code]) if self.may_edit else None

    def render_effect(self, record: Disposition) -> str:
        return format_effect(record)

    def value_effect(self, record: Disposition) -> str:
        return format_effect(record)


class QuestionTable(DetailTable):
    """Rows of text.question_rows."""

    title = Column(verbose_name=_("Question"))
    answers = Column(verbose_name=_("Answers"))
    required = YesNoColumn(verbose_name=_("Required"))

    caption = _("Questions on the call screen")
    empty_text = _("This type asks nothing.")
