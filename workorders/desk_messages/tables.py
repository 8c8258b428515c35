"""Messages that one has sent, and who has read them."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from retention.core.ui.tables.base import BaseTable
from retention.core.ui.tables.columns import Column, DayColumn, NumberColumn
from workorders.desk_messages.models import DeskMessage


class DeskMessageTable(BaseTable):
    sent_at = DayColumn(verbose_name=_("Sent"))
    text = Column(verbose_name=_("Message"), orderable=False)
    asked = NumberColumn(verbose_name=_("Sent to"), help_text=_("People to whose desks it went."))
    seen = NumberColumn(verbose_name=_("Read by"), help_text=_("People who have said that they have read it."))

    caption = _("Messages to desks")
    region_id = "desk-messages"
    empty_title = _("You have sent no message yet")

    class Meta(BaseTable.Meta):
        order_by = ("-sent_at",)

    def row_url(self, record: DeskMessage) -> str:
        return reverse("desk_messages:receipts", args=[record.pk])


class ReceiptTable(BaseTable):
    person = Column(verbose_name=_("Agent"), accessor="person__display_name", order_by="person__username")
    read_at = DayColumn(verbose_name=_("Read"))

    caption = _("Receipts")
    region_id = "receipts"
