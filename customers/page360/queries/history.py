"""History of the customer: tickets, events of the line, contacts."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from customers.contacts import text as contacts_text
from customers.contacts.models import ContactRecord
from customers.facts import text as facts_text
from customers.facts.models import Customer, ServiceContact, StatusEvent, Subscriber
from retention.core.ui.components import TimelineItem

MAX_HISTORY_ITEMS = 30
MAX_TICKETS = 10
EVENT_ICONS: dict[str, tuple[str, str]] = {
    StatusEvent.Kind.ACTIVATE: ("rocket", "good"),
    StatusEvent.Kind.STOP: ("player-pause", "warning"),
    StatusEvent.Kind.RESTORE: ("player-play", "good"),
    StatusEvent.Kind.TERMINATE: ("user-minus", "bad"),
    StatusEvent.Kind.PORT_OUT_INQUIRY: ("arrow-right", "bad"),
    StatusEvent.Kind.TERMINATION_REQUEST: ("hand-stop", "bad"),
    StatusEvent.Kind.PLAN_CHANGE: ("refresh", "info"),
}
TICKET_ICONS: dict[str, tuple[str, str]] = {
    ServiceContact.Kind.COMPLAINT: ("mood-sad", "bad"),
    ServiceContact.Kind.FAULT: ("antenna", "warning"),
    ServiceContact.Kind.INQUIRY: ("help-circle", "info"),
    ServiceContact.Kind.ORDER: ("receipt", ""),
}
CONTACT_ICONS = {"call": "phone", "sms": "message", "email": "mail", "app": "device-mobile"}
Ticket = ServiceContact


def tickets(line: Subscriber) -> list[ServiceContact]:
    """The newest tickets; the timeline contains the same ones."""
    return list(ServiceContact.objects.filter(subscriber=line).order_by("-opened_at")[:MAX_HISTORY_ITEMS])


def contacts(customer: Customer) -> list[ContactRecord]:
    """Every contact with the customer, over all lines."""
    return list(ContactRecord.objects.filter(customer=customer).for_history()[:MAX_HISTORY_ITEMS])


def last_contact(records: list[ContactRecord]) -> ContactRecord | None:
    return next((record for record in records if record.state == ContactRecord.State.USED), None)


def timeline(line: Subscriber, *, opened: list[ServiceContact], made: list[ContactRecord]) -> list[TimelineItem]:
    """The merged history, newest first."""
    events = StatusEvent.objects.filter(subscriber=line).order_by("-at")[:MAX_HISTORY_ITEMS]
    items = [*map(_event, events), *map(_ticket, opened), *(_contact(record, line) for record in made)]
    return sorted(items, key=lambda item: item.at, reverse=True)[:MAX_HISTORY_ITEMS]


def ticket_state(ticket: ServiceContact, today: date) -> tuple[str, str, str]:
    """Closed or open, and since when, as a badge."""
    days = _days(ticket, today)
    if not ticket.closed_at:
        text = ngettext("open for %(days)d day", "open for %(days)d days", days) % {"days": days}
        return text, "warning", "clock"
    closed = ngettext("closed in %(days)d day", "closed in %(days)d days", days) % {"days": days}
    return closed if days else _("closed the same day"), "good", "check"


def _days(ticket: ServiceContact, today: date) -> int:
    end = timezone.localtime(ticket.closed_at).date() if ticket.closed_at else today
    return (end - timezone.localtime(ticket.opened_at).date()).days


def _event(event: StatusEvent) -> TimelineItem:
    icon, tone = EVENT_ICONS.get(event.kind, ("activity", ""))
    known = dict(StatusEvent.Kind.choices)
    title = str(known.get(event.kind, event.kind.replace("_", " ")))
    return TimelineItem(
        at=event.at,
        title=title,
        text=facts_text.format_source_code(event.reason),
        icon=icon,
        tone=tone,
    )


def _ticket(ticket: ServiceContact) -> TimelineItem:
    icon, tone = TICKET_ICONS[ticket.kind]
    state = pgettext("ticket", "closed") if ticket.closed_at else pgettext("ticket", "open")
    return TimelineItem(
        at=ticket.opened_at,
        title=ticket.get_kind_display(),
        text=facts_text.format_source_code(ticket.topic),
        icon=icon,
        tone=tone,
        badge=state,
    )


def _contact(record: ContactRecord, line: Subscriber) -> TimelineItem:
    refused = record.state == ContactRecord.State.REFUSED
    parts = [
        contacts_text.format_contact_code(record.purpose),
        contacts_text.format_contact_code(record.reason if refused else record.outcome),
    ]
    if record.subscriber_id != line.pk:
        parts.append(_("on line %(number)s") % {"number": record.subscriber.subscriber_no})
    return TimelineItem(
        at=record.at,
        title=_("Our contact: %(channel)s") % {"channel": record.get_channel_display()},
        text=" · ".join(part for part in parts if part),
        icon="ban" if refused else CONTACT_ICONS.get(record.channel, "message"),
        tone="warning" if refused else "info",
        badge=record.get_state_display(),
        actor=record.actor.display_name if record.actor else "",
    )
