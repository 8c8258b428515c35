"""TMF683: contacts planned and made with the customer, and the outcome of their order."""

from typing import Any

from django.db.models import Q, QuerySet

from customers.contacts.models import ContactRecord
from customers.lists.models import ListEntry
from retention.tmf import filters
from retention.tmf.fields import attributes, references, schemas, values
from retention.tmf.fields.base import Call, Resource
from retention.tmf.queries import rows_of_visible_lines
from workorders.orders.models import WorkOrder

PATH = "partyInteraction/v4/partyInteraction"
State, Channel = ContactRecord.State, ListEntry.Channel
STATUSES = {"opened": State.RESERVED, "completed": State.USED}
NAMES = {ours: theirs for theirs, ours in STATUSES.items()}
CHANNELS = [channel for channel in Channel.values if channel != Channel.ANY]
ITEM = schemas.object_of(itemDate=schemas.PERIOD, reason=schemas.TEXT, resolution=schemas.TEXT, item=schemas.REFERENCE)


def rows(client: Any) -> QuerySet:
    """Contacts made or reserved; refused and released ones are left out."""
    return rows_of_visible_lines(ContactRecord.objects.filter(state__in=NAMES), client)


def joined(records: QuerySet, _call: Call) -> QuerySet:
    return records.select_related("subscriber__account__customer")


def with_orders(records: list[ContactRecord]) -> None:
    """`record.order`: the order behind it, or None."""
    numbers = {record.order_no for record in records} - {""}
    found = WorkOrder.objects.filter(order_no__in=numbers).select_related("type", "disposition")
    orders = {order.order_no: order for order in found.defer("evidence", "answers")} if numbers else {}
    for record in records:
        record.order = orders.get(record.order_no)


def channel(record: ContactRecord, call: Call) -> list[dict[str, Any]]:
    """The specification asks for a link. Channels are no resource here: it leads to the interactions over this one."""
    href = f"{call.link(PATH, '').rstrip('/')}?channel.id={record.channel}"
    return [references.reference("Channel", record.channel, as_type="RelatedChannel", href=href, name=record.channel)]


def items(record: ContactRecord, _call: Call) -> list[dict[str, Any]]:
    order = record.order
    if order is None:
        return []
    item = references.reference("WorkOrder", order.order_no, as_type="RelatedEntityRefOrValue", role=order.state)
    when = values.drop_empty(startDateTime=values.moment(order.opened_at), endDateTime=values.moment(order.closed_at))
    found = {"reason": order.type.code, "itemDate": when, "item": item}
    return [found | {"resolution": order.disposition.code} if order.disposition else found]


INTERACTION = Resource(
    path=PATH,
    number=683,
    type="PartyInteraction",
    description=(
        "Every contact the centre has made (`completed`) or reserved (`opened`); `interactionItem` has the work order "
        "behind it with its disposition as `resolution`. `relatedEntity` is the line and `attribute` says who asked "
        "for the contact, both beyond the specification. Contacts refused by the contact policy are not interactions; "
        "`GET /api/v1/subscribers/{subscriber_no}/contacts` lists those too."
    ),
    rows=rows,
    joined=joined,
    complete=with_orders,
    id_of=lambda record: str(record.pk),
    by_id=filters.equals_number("pk"),
    attributes={
        "direction": attributes.constant("outbound"),
        "reason": attributes.text("purpose"),
        "status": attributes.word(STATUSES, lambda record, _call: NAMES[State(record.state)]),
        "interactionDate": attributes.period(lambda record, _call: {"startDateTime": values.moment(record.at)}),
        "channel": attributes.array(schemas.REFERENCE, channel),
        "description": attributes.text("outcome"),
        "relatedParty": attributes.related_party(),
        "relatedEntity": attributes.array(
            schemas.REFERENCE, lambda record, call: [references.line_ref(record.subscriber, call)]
        ),
        "interactionItem": attributes.array(ITEM, items),
        "attribute": attributes.characteristics(lambda row, _call: [values.characteristic("source", row.source)]),
    },
    filters={
        "id": filters.ids(filters.equals_number("pk"), column="id"),
        "status": filters.choice(
            {theirs: Q(state=ours) for theirs, ours in STATUSES.items()}, standard=("inProgress",)
        ),
        "channel.id": filters.choice({channel: Q(channel=channel) for channel in CHANNELS}),
        "reason": filters.keys("purpose"),
        "relatedParty.id": filters.keys("subscriber__account__customer__customer_no"),
        "relatedEntity.id": filters.keys("subscriber__subscriber_no"),
        "interactionItem.item.id": filters.keys("order_no"),
        **filters.instants("interactionDate", "at"),
        **filters.instants("interactionDate.startDateTime", "at"),
    },
    example={
        "id": "9812",
        "direction": "outbound",
        "reason": "retention",
        "status": "completed",
        "interactionDate": {"startDateTime": "2026-11-20T10:12:00+08:00"},
        "interactionItem": [
            {"reason": "churn_retention", "resolution": "renewed", "item": {"id": "W20261120-000017", "role": "done"}}
        ],
    },
)
