"""TMF681: messages planned and sent to the customer."""

from typing import Any

from django.db.models import Q, QuerySet

from campaigns.outreach.models import ContactOutcome
from customers.contacts.models import ContactRecord
from customers.lists.models import ListEntry
from retention.core.masking import mask_email, mask_phone
from retention.tmf import filters
from retention.tmf.fields import attributes, references, schemas, values
from retention.tmf.fields.base import Call, Resource
from retention.tmf.queries import rows_of_visible_lines

State, Channel = ContactRecord.State, ListEntry.Channel
FAILED = Q(state=State.USED, outcome=ContactOutcome.FAILED)
STATES = {
    "initial": Q(state=State.RESERVED),
    "completed": Q(state=State.USED) & ~FAILED,
    "failed": FAILED,
    "cancelled": Q(state=State.RELEASED),
}
TYPES = {"SMS": Channel.SMS, "Email": Channel.EMAIL, "MobileAppPush": Channel.APP}
TYPE_OF = {channel: name for name, channel in TYPES.items()}
RECEIVER = schemas.object_of(
    phoneNumber=schemas.TEXT, email=schemas.TEXT, appUserId=schemas.TEXT, party=schemas.REFERENCE
)


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
    party = {"party": references.related_party(line, call)}
    if record.channel == Channel.EMAIL:
        return [{"email": mask_email(line.account.customer.email)}]
    if record.channel == Channel.APP:
        return [{"appUserId": line.subscriber_no} | party]
    return [{"phoneNumber": mask_phone(line.phone_number)} | party]


def sent_at(record: ContactRecord, _call: Call) -> str | None:
    return values.moment(record.at) if record.state == State.USED else None


def planned_at(record: ContactRecord, _call: Call) -> str | None:
    return values.moment(record.at) if record.state == State.RESERVED else None


MESSAGE = Resource(
    path="communicationManagement/v4/communicationMessage",
    number=681,
    type="CommunicationMessage",
    description=(
        "SMS, e-mail and app messages of the contact ledger, to masked addresses. The text of a message is not kept"
        " there, so there is no `content`."
    ),
    rows=rows,
    joined=joined,
    id_of=lambda record: str(record.pk),
    by_id=filters.equals_number("pk"),
    attributes={
        "messageType": attributes.word(TYPES, lambda row, _call: TYPE_OF[Channel(row.channel)]),
        "subject": attributes.text("purpose"),
        "state": attributes.word(STATES, state),
        "scheduledSendTime": attributes.instant(planned_at),
        "sendTime": attributes.instant(sent_at),
        "receiver": attributes.array(RECEIVER, receiver),
        "characteristic": attributes.characteristics(lambda row, _call: [values.characteristic("source", row.source)]),
    },
    filters={
        "id": filters.ids(filters.equals_number("pk"), column="id"),
        "messageType": filters.choice({name: Q(channel=channel) for name, channel in TYPES.items()}),
        "state": filters.choice(STATES, standard=("inProgress",)),
        "receiver.party.id": filters.keys("subscriber__account__customer__customer_no"),
        **filters.only(Q(state=State.USED), filters.instants("sendTime", "at")),
        **filters.only(Q(state=State.RESERVED), filters.instants("scheduledSendTime", "at")),
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
