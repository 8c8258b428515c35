"""TMF681: messages planned and sent to the customer."""

from typing import Any

from django.db.models import Q, QuerySet

from campaigns.outreach.models import ContactOutcome
from customers.contacts.models import ContactRecord
from customers.lists.models import ListEntry
from retention.core.masking import mask_email, mask_phone
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
    moment,
)
from retention.tmf.queries import rows_of_visible_lines

PATH = "communicationManagement/v4/communicationMessage"
State, Channel = ContactRecord.State, ListEntry.Channel
FAILED = Q(state=State.USED, outcome=ContactOutcome.FAILED)
STATES = {
    "initial": Q(state=State.RESERVED),
    "completed": Q(state=State.USED) & ~FAILED,
    "failed": FAILED,
    "cancelled": Q(state=State.RELEASED),
}
TYPES = {"SMS": Channel.SMS, "Email": Channel.EMAIL}
RECEIVER = {
    "type": "object",
    "properties": {"phoneNumber": TEXT, "email": TEXT, "party": REFERENCE},
    "description": "Masked.",
}


def rows(client: Any) -> QuerySet:
    messages = ContactRecord.objects.filter(channel__in=TYPES.values()).exclude(state=State.REFUSED)
    return rows_of_visible_lines(messages, client)


def joined(records: QuerySet, _call: Call) -> QuerySet:
    return records.select_related("subscriber__account__customer")


def state(record: ContactRecord, _call: Call) -> str:
    if record.state == State.USED:
        return "failed" if record.outcome == ContactOutcome.FAILED else "completed"
    return "initial" if record.state == State.RESERVED else "cancelled"


def receiver(record: ContactRecord, call: Call) -> list[dict[str, Any]]:
    line = record.subscriber
    by_mail = record.channel == Channel.EMAIL
    address = {"email": mask_email(line.account.customer.email)} if by_mail else {}
    return [address or {"phoneNumber": mask_phone(line.phone_number)} | {"party": customer_ref(line, call)}]


MESSAGE = Resource(
    path=PATH,
    number=681,
    type="CommunicationMessage",
    description=(
        "SMS and e-mail of the contact ledger. The text of a message is not kept there, so there is no `content`."
    ),
    rows=rows,
    joined=joined,
    id_of=lambda record: str(record.pk),
    by_id=filters.equals_number("pk"),
    attributes={
        "messageType": Attribute(
            enum(*TYPES), lambda record, _call: "SMS" if record.channel == Channel.SMS else "Email"
        ),
        "subject": Attribute(TEXT, "purpose"),
        "state": Attribute(enum(*STATES), state),
        "scheduledSendTime": Attribute(
            INSTANT, lambda record, _call: moment(record.at) if record.state == State.RESERVED else None
        ),
        "sendTime": Attribute(INSTANT, lambda record, _call: moment(record.at) if record.state == State.USED else None),
        "receiver": Attribute(array_of(RECEIVER), receiver),
        "characteristic": Attribute(
            array_of(CHARACTERISTIC), lambda record, _call: [characteristic("source", record.source)]
        ),
    },
    filters={
        "messageType": filters.choice({name: Q(channel=channel) for name, channel in TYPES.items()}),
        "state": filters.choice(STATES),
        "receiver.party.id": filters.text("subscriber__account__customer__customer_no"),
        **filters.days("sendTime", "at", instants=True),
    },
    example={
        "id": "9813",
        "messageType": "SMS",
        "subject": "retention",
        "state": "completed",
        "sendTime": "2026-11-20T10:12:00+08:00",
        "receiver": [{"phoneNumber": "138****5678"}],
    },
)
