"""TMF683: contacts planned and made with the customer, and the outcome of their order."""

from typing import Any

from django.db.models import Q, QuerySet

from customers.contacts.models import ContactRecord
from customers.lists.models import ListEntry
from retention.tmf import filters
from retention.tmf.fields import (
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
    reference,
)
from retention.tmf.queries import rows_of_visible_lines
from workorders.orders.models import WorkOrder

PATH = "partyInteraction/v4/partyInteraction"
State, Channel = ContactRecord.State, ListEntry.Channel
STATUSES = {"opened": State.RESERVED, "completed": State.USED}
NAMES = {ours: theirs for theirs, ours in STATUSES.items()}
CHANNELS = [channel for channel in Channel.values if channel != Channel.ANY]
ITEM = {
    "type": "object",
    "properties": {"itemDate": INSTANT, "reason": TEXT, "resolution": TEXT, "item": REFERENCE},
}


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


def items(record: ContactRecord, _call: Call) -> list[dict[str, Any]]:
    order = record.order
    if order is None:
        return []
    found = {"reason": order.type.code, "item": reference("WorkOrder", order.order_no, role=order.state)}
    if order.disposition:
        found["resolution"] = order.disposition.code
    if order.closed_at:
        found["itemDate"] = moment(order.closed_at)
    return [found]


INTERACTION = Resource(
    path=PATH,
    number=683,
    type="PartyInteraction",
    description=(
        "Every contact the centre has made (`completed`) or reserved (`opened`); `interactionItem` has the work order "
        "behind it with its disposition as `resolution`. Contacts refused by the contact policy are not interactions; "
        "`GET /api/v1/subscribers/{subscriber_no}/contacts` lists those too."
    ),
    rows=rows,
    joined=joined,
    complete=with_orders,
    id_of=lambda record: str(record.pk),
    by_id=filters.equals_number("pk"),
    attributes={
        "direction": Attribute(enum("outbound"), lambda _record, _call: "outbound"),
        "reason": Attribute(TEXT, "purpose"),
        "status": Attribute(enum(*STATUSES), lambda record, _call: NAMES[State(record.state)]),
        "interactionDate": Attribute(
            {"type": "object", "properties": {"startDateTime": INSTANT}},
            lambda record, _call: {"startDateTime": moment(record.at)},
        ),
        "channel": Attribute(
            array_of(REFERENCE), lambda record, _call: [reference("Channel", record.channel, name=record.channel)]
        ),
        "description": Attribute(TEXT, "outcome"),
        "relatedParty": Attribute(array_of(REFERENCE), lambda record, call: [customer_ref(record.subscriber, call)]),
        "relatedEntity": Attribute(array_of(REFERENCE), lambda record, call: [line_ref(record.subscriber, call)]),
        "interactionItem": Attribute(array_of(ITEM), items),
        "attribute": Attribute(
            array_of({"type": "object"}), lambda record, _call: [characteristic("source", record.source)]
        ),
    },
    filters={
        "status": filters.choice({theirs: Q(state=ours) for theirs, ours in STATUSES.items()}),
        "channel.id": filters.choice({channel: Q(channel=channel) for channel in CHANNELS}),
        "reason": filters.text("purpose"),
        "relatedParty.id": filters.text("subscriber__account__customer__customer_no"),
        "relatedEntity.id": filters.text("subscriber__subscriber_no"),
        **filters.days("interactionDate", "at", instants=True),
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
