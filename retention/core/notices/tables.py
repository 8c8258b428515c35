"""The list of one's own notices."""

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from retention.core.notices.models import Notice, Urgency
from retention.core.ui import components
from retention.core.ui.tables.base import BaseTable
from retention.core.ui.tables.columns import BadgeColumn, DayColumn

URGENCY_TONES = {
    Urgency.NORMAL: ("info", "info-circle"),
    Urgency.IMPORTANT: ("warning", "alert-triangle"),
    Urgency.URGENT: ("bad", "alert-circle"),
}


class NoticeTable(BaseTable):
    text = tables.Column(verbose_name=gettext_lazy("Notice"), orderable=False, attrs={"td": {"class": "rp-wrap"}})
    urgency = BadgeColumn(verbose_name=gettext_lazy("Urgency"), tones=URGENCY_TONES)
    read_at = tables.Column(verbose_name=gettext_lazy("State"), empty_values=())
    created_at = DayColumn(verbose_name=gettext_lazy("Received"))

    caption = gettext_lazy("Notices")
    region_id = "notices"
    empty_title = gettext_lazy("No notices yet")
    empty_text = gettext_lazy("Alarms and other things that need your attention are reported here.")
    exportable = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.bulk_url = reverse("core:notices-read")
        self.bulk_actions = ({"value": "read", "label": _("Mark as read"), "icon": "check"},)

    def row_url(self, record: Notice) -> str:
        return reverse("core:notice", args=[record.pk])

    def render_read_at(self, record: Notice) -> SafeString:
        return (
            components.badge(_("Read"), "neutral", "check")
            if record.read_at
            else components.badge(_("Unread"), "info", "mail")
        )
