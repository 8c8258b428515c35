"""The lists of the webhook pages."""

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from retention.core import clock
from retention.core.ui.tables.base import BaseTable
from retention.core.ui.tables.columns import BadgeColumn, DayColumn, DurationColumn, NumberColumn
from retention.core.webhooks.events import EVENTS
from retention.core.webhooks.models import Delivery, Webhook

NOWRAP = {"td": {"class": "text-nowrap"}, "th": {"class": "text-nowrap"}}
# (tone, icon) of the badge.
CONDITION_TONES = {
    Webhook.Condition.WORKING: ("good", "circle-check"),
    Webhook.Condition.DOWN: ("bad", "plug-connected-x"),
    Webhook.Condition.PAUSED: ("warning", "player-pause"),
    Webhook.Condition.REVOKED: ("neutral", "ban"),
}
STATE_TONES = {
    Delivery.State.PENDING: ("info", "hourglass"),
    Delivery.State.DELIVERED: ("good", "check"),
    Delivery.State.PARKED: ("bad", "hand-stop"),
    Delivery.State.DISCARDED: ("neutral", "trash"),
}


def format_events(names: list[str]) -> str:
    return ", ".join(str(EVENTS[name].label) if name in EVENTS else name for name in names)


class WebhookTable(BaseTable):
    client = tables.Column(verbose_name=_("Client"), accessor="client__name", attrs=NOWRAP)
    host = tables.Column(verbose_name=_("Receiver"), order_by="url")
    events = tables.Column(verbose_name=_("Events"), orderable=False)
    condition = BadgeColumn(verbose_name=_("State"), tones=CONDITION_TONES, orderable=False)
    waiting = NumberColumn(verbose_name=_("Waiting"))
    age = DurationColumn(verbose_name=_("Oldest waiting"), accessor="oldest_at", order_by="oldest_at")
    parked = NumberColumn(verbose_name=_("Parked"))
    last_success_at = DayColumn(verbose_name=_("Last success"), attrs=NOWRAP)
    last_error = tables.Column(verbose_name=_("Last error"), orderable=False, default="–")

    caption = _("Webhooks")
    region_id = "webhooks"
    empty_title = _("No webhooks yet")
    empty_text = _("A client of the API with the scope webhooks:write sets up its webhooks itself.")
    exportable = False

    def row_url(self, record: Webhook) -> str:
        return reverse("core:webhook", args=[record.pk])

    def render_events(self, value: list[str]) -> str:
        return format_events(value)

    def render_condition(self, value: Webhook.Condition, bound_column: Any, record: Webhook) -> Any:
        return bound_column.column.render(value.label, record, bound_column)

    def render_age(self, value: Any, bound_column: Any) -> str:
        return bound_column.column.render((clock.now() - value).total_seconds())


class DeliveryTable(BaseTable):
    """bulk: the webhook whose parked deliveries are listed, to be sent again or discarded."""

    event = tables.Column(verbose_name=_("Event"), accessor="event__name", attrs=NOWRAP)
    subject = tables.Column(verbose_name=_("Subscriber"))
    at = DayColumn(verbose_name=pgettext_lazy("time", "Happened"), accessor="event__created_at", attrs=NOWRAP)
    state = BadgeColumn(verbose_name=_("State"), tones=STATE_TONES)
    attempts = NumberColumn(verbose_name=_("Attempts"))
    next_attempt_at = DayColumn(verbose_name=_("Next attempt"), attrs=NOWRAP)
    delivered_at = DayColumn(verbose_name=pgettext_lazy("time", "Delivered"), attrs=NOWRAP)
    last_status = tables.Column(verbose_name=_("Last answer"), default="–")
    last_error = tables.Column(verbose_name=_("Last error"), default="–")

    caption = _("Deliveries")
    region_id = "deliveries"
    empty_title = _("Nothing has been sent to it yet")

    def __init__(self, *args: Any, bulk: Webhook | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if bulk is not None:
            self.bulk_url = reverse("core:webhook-settle", args=[bulk.pk])
            self.bulk_actions = (
                {"value": "resend", "label": _("Send again"), "icon": "send"},
                {"value": "discard", "label": _("Discard"), "icon": "trash"},
            )

    def render_event(self, value: str) -> str:
        return format_events([value])

    def render_next_attempt_at(self, value: Any, record: Delivery, bound_column: Any) -> str:
        return bound_column.column.render(value) if record.state == Delivery.State.PENDING else "–"

    def value_next_attempt_at(self, value: Any, record: Delivery) -> Any:
        return value if record.state == Delivery.State.PENDING else None
