"""Tables of the what-if page."""

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from retention.core.ui import components
from retention.core.ui.tables.columns import Column, NumberColumn
from retention.core.ui.tables.detail import DetailTable


class MovedTable(DetailTable):
    """Changed factors. alone: difference of the chance of leaving that the change makes by itself."""

    factor = Column(verbose_name=_("Moved"))
    was = Column(verbose_name=_("As it is"))
    will = Column(verbose_name=_("As asked for"))
    alone = NumberColumn(verbose_name=_("This alone does"))

    caption = _("Moved")
    css = "rp-mini mt-3"

    def render_alone(self, value: float) -> SafeString:
        return components.delta(value, better="down", kind="points")
