from django.utils.translation import gettext_lazy as _

from customers.facts.models import ServiceContact, StatusEvent
from customers.ingest.resources.base import Fields, Resource
from customers.ingest.resources.checks import Order

event, contact = Fields(StatusEvent), Fields(ServiceContact)

# `kind` is free: operators send kinds of their own beside those that the product reads.
STATUS_EVENTS = Resource(
    "status-events",
    StatusEvent,
    _("Status events"),
    key=("event_no",),
    fields=(
        event.key("event_no"),
        event.subscriber(),
        event.instant("at", past=True),
        event.open_choice("kind", StatusEvent.Kind),
        event.text("reason", ""),
        event.json_object("detail", "{}"),
    ),
)

SERVICE_CONTACTS = Resource(
    "service-contacts",
    ServiceContact,
    _("Complaints, faults and inquiries"),
    key=("ticket_no",),
    fields=(
        contact.key("ticket_no"),
        contact.subscriber(),
        contact.instant("opened_at", past=True),
        contact.choice("kind"),
        contact.text("topic", ""),
        contact.count("severity", None, low=1, high=4),
        contact.instant("closed_at", None, past=True),
        contact.count("satisfaction", None, low=1, high=10),
    ),
    checks=(Order("opened_at", "closed_at"),),
)
