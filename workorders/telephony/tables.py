"""The calls of one agent on one day."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from retention.core.ui.tables.columns import BadgeColumn, Column, DurationColumn, ReferenceColumn, TimeColumn
from retention.core.ui.tables.detail import DetailTable
from workorders.telephony.models import Call
from workorders.telephony.text import CALL_TONES, recording_address


class CallTable(DetailTable):
    started_at = TimeColumn(verbose_name=_("Began"))
    order = ReferenceColumn(accessor="order__order_no", verbose_name=_("Order"), kind="workorder")
    number = Column(verbose_name=_("Number"))
    state = BadgeColumn(verbose_name=_("Call"), accessor="state", tones=CALL_TONES)
    seconds = DurationColumn(verbose_name=_("Spoken"))
    ended_because = Column(verbose_name=_("Ended because"), accessor="get_ended_because_display")
    recording = Column(verbose_name=_("Recording"))

    caption = _("Calls of the day")
    css = "rp-mini"

    def render_state(self, record: Call, column: BadgeColumn, bound_column: object) -> SafeString:
        return column.render(record.get_state_display(), record, bound_column)

    def render_recording(self, value: str, record: Call) -> SafeString | str:
        address = recording_address(record)
        return format_html('<a href="{}">{}</a>', address, value) if address else value
