"""Tables of the what-if page."""

from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from retention.core.ui import components, formats
from retention.core.ui.tables.columns import Column, NumberColumn
from retention.core.ui.tables.detail import DetailTable


class PictureTable(DetailTable):
    """The churn probability in several kinds of numbers; kind, change: formats of a value and of a difference."""

    what = Column(verbose_name="")
    was = NumberColumn(verbose_name=_("As it is"))
    will = NumberColumn(verbose_name=_("As asked for"))
    difference = NumberColumn(verbose_name=_("Difference"), empty_values=())

    caption = _("As it is, and as asked for")
    css = "rp-mini mt-3"

    def render_was(self, value: float, record: dict[str, Any]) -> str:
        return formats.show(value, record["kind"])

    def render_will(self, value: float, record: dict[str, Any]) -> str:
        return formats.show(value, record["kind"])

    def render_difference(self, record: dict[str, Any]) -> SafeString:
        return components.delta(record["will"] - record["was"], better="down", kind=record["change"])


class MovedTable(DetailTable):
    """Changed factors. alone: difference of the churn probability that the change makes by itself."""

    factor = Column(verbose_name=_("Moved"))
    was = Column(verbose_name=_("As it is"))
    will = Column(verbose_name=_("As asked for"))
    alone = NumberColumn(verbose_name=_("This alone does"))

    caption = _("Moved")
    css = "rp-mini mt-3"

    def render_alone(self, value: float) -> SafeString:
        return components.delta(value, better="down", kind="points")
