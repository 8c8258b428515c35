"""TMF621: complaints, faults and inquiries of the customer."""

from typing import Any

from django.db.models import Q, QuerySet

from customers.facts.models import ServiceContact
from retention.tmf import filters
from retention.tmf.fields import (
    CHARACTERISTIC,
    INSTANT,
    REFERENCE,
    TEXT,
    Attribute,
    Call,
    Resource,
    array_of,
    characteristic,
    customer_ref,
    enum,
    line_ref,
    moment,
)
from retention.tmf.queries import rows_of_visible_lines

PATH = "troubleTicket/v5/troubleTicket"
STATUSES = {"inProgress": Q(closed_at=None), "closed": Q(closed_at__isnull=False)}
CHANGE = {"type": "object", "properties": {"status": enum("acknowledged", "closed"), "changeDate": INSTANT}}


def joined(rows: QuerySet, _call: Call) -> QuerySet:
    return rows.select_related("subscriber__account__customer")


def changes(ticket: ServiceContact, _call: Call) -> list[dict[str, Any]]:
    found = [{"status": "acknowledged", "changeDate": moment(ticket.opened_at)}]
    if ticket.closed_at:
        found.append({"status": "closed", "changeDate": moment(ticket.closed_at)})
    return found


def describe(ticket: ServiceContact, _call: Call) -> str:
    topic = ticket.topic.replace("_", " ")
    return f"{ticket.kind}: {topic}" if topic else ticket.kind


def satisfaction(ticket: ServiceContact, _call: Call) -> list[dict[str, Any]]:
    return [] if ticket.satisfaction is None else [characteristic("satisfaction", ticket.satisfaction)]


TICKET = Resource(
    path=PATH,
    number=621,
    type="TroubleTicket",
    description="`severity` is what billing sent, 1 to 4; `satisfaction` (1 to 10) is a `ticketCharacteristic`.",
    rows=lambda client: rows_of_visible_lines(ServiceContact.objects.all(), client),
    joined=joined,
    id_of=lambda ticket: ticket.ticket_no,
    by_id=filters.equals_text("ticket_no"),
    attributes={
        "name": Attribute(TEXT, "topic"),
        "description": Attribute(TEXT, describe),
        "ticketType": Attribute(enum(*ServiceContact.Kind.values), "kind"),
        "severity": Attribute(TEXT, lambda ticket, _call: None if ticket.severity is None else str(ticket.severity)),
        "status": Attribute(enum(*STATUSES), lambda ticket, _call: "closed" if ticket.closed_at else "inProgress"),
        "creationDate": Attribute(INSTANT, lambda ticket, _call: moment(ticket.opened_at)),
        "resolutionDate": Attribute(INSTANT, lambda ticket, _call: moment(ticket.closed_at)),
        "statusChangeHistory": Attribute(array_of(CHANGE), changes),
        "ticketCharacteristic": Attribute(array_of(CHARACTERISTIC), satisfaction),
        "relatedParty": Attribute(array_of(REFERENCE), lambda ticket, call: [customer_ref(ticket.subscriber, call)]),
        "relatedEntity": Attribute(array_of(REFERENCE), lambda ticket, call: [line_ref(ticket.subscriber, call)]),
    },
    filters={
        "id": filters.text("ticket_no"),
        "status": filters.choice(STATUSES),
        "ticketType": filters.choice({kind: Q(kind=kind) for kind in ServiceContact.Kind.values}),
        "severity": filters.choice({str(level): Q(severity=level) for level in range(1, 5)}),
        "relatedParty.id": filters.text("subscriber__account__customer__customer_no"),
        "relatedEntity.id": filters.text("subscriber__subscriber_no"),
        **filters.days("creationDate", "opened_at", instants=True),
    },
    example={
        "id": "Q0000456",
        "name": "network",
        "description": "complaint: network",
        "ticketType": "complaint",
        "severity": "2",
        "status": "closed",
        "creationDate": "2026-11-12T09:30:00+08:00",
        "resolutionDate": "2026-11-13T17:00:00+08:00",
    },
)
