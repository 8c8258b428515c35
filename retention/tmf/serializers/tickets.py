"""TMF621: complaints, faults and inquiries of the customer."""

from typing import Any

from django.db.models import Q, QuerySet

from customers.facts.models import ServiceContact
from retention.tmf import filters
from retention.tmf.fields import attributes, references, schemas, values
from retention.tmf.fields.base import Call, Resource
from retention.tmf.queries import rows_of_visible_lines

STATUSES = {"inProgress": Q(closed_at=None), "closed": Q(closed_at__isnull=False)}
OTHER_STATUSES = ("acknowledged", "rejected", "pending", "held", "resolved", "cancelled")
CUSTOMER, LINE = "subscriber__account__customer__customer_no", "subscriber__subscriber_no"
CHANGE = schemas.object_of(status=schemas.enum("acknowledged", "closed"), statusChangeDate=schemas.INSTANT)


def joined(rows: QuerySet, _call: Call) -> QuerySet:
    return rows.select_related("subscriber__account__customer")


def changes(ticket: ServiceContact, _call: Call) -> list[dict[str, Any]]:
    """Billing sends only when it was opened and closed."""
    steps = {"acknowledged": ticket.opened_at, "closed": ticket.closed_at}
    return [
        {"@type": "StatusChange", "status": status, "statusChangeDate": values.moment(at)}
        for status, at in steps.items()
        if at
    ]


def describe(ticket: ServiceContact, _call: Call) -> str:
    topic = ticket.topic.replace("_", " ")
    return f"{ticket.kind}: {topic}" if topic else ticket.kind


def satisfaction(ticket: ServiceContact, _call: Call) -> list[dict[str, Any]]:
    return [] if ticket.satisfaction is None else [values.characteristic("satisfaction", ticket.satisfaction)]


TICKET = Resource(
    path="troubleTicket/v5/troubleTicket",
    number=621,
    type="TroubleTicket",
    description=(
        "`severity` is what billing sent, 1 to 4; `satisfaction` (1 to 10) is a `troubleTicketCharacteristic`."
    ),
    rows=lambda client: rows_of_visible_lines(ServiceContact.objects.all(), client),
    joined=joined,
    id_of=lambda ticket: ticket.ticket_no,
    by_id=filters.equals_text("ticket_no"),
    attributes={
        "name": attributes.text("topic"),
        "description": attributes.text(describe),
        "ticketType": attributes.word(ServiceContact.Kind.values, "kind"),
        "severity": attributes.text(lambda ticket, _call: str(ticket.severity or "")),
        "status": attributes.word(STATUSES, lambda ticket, _call: "closed" if ticket.closed_at else "inProgress"),
        "creationDate": attributes.moment("opened_at"),
        "resolutionDate": attributes.moment("closed_at"),
        "statusChangeHistory": attributes.array(CHANGE, changes),
        "troubleTicketCharacteristic": attributes.characteristics(satisfaction),
        "relatedParty": attributes.array(
            schemas.RELATED_PARTY_V5, lambda ticket, call: [references.related_party_v5(ticket.subscriber, call)]
        ),
        "relatedEntity": attributes.array(
            schemas.RELATED_ENTITY_V5, lambda ticket, call: [references.related_line_v5(ticket.subscriber, call)]
        ),
    },
    filters={
        "id": filters.keys("ticket_no"),
        "name": filters.text("topic"),
        "status": filters.choice(STATUSES, standard=OTHER_STATUSES),
        "ticketType": filters.choice({kind: Q(kind=kind) for kind in ServiceContact.Kind.values}),
        "severity": filters.choice({str(level): Q(severity=level) for level in range(1, 5)}),
        "relatedParty.partyOrPartyRole.id": filters.keys(CUSTOMER),
        "relatedParty.id": filters.keys(CUSTOMER),
        "relatedEntity.entity.id": filters.keys(LINE),
        "relatedEntity.id": filters.keys(LINE),
        **filters.instants("creationDate", "opened_at"),
        **filters.instants("resolutionDate", "closed_at"),
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
