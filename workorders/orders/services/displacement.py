"""A more urgent request for a customer whose open order nobody has begun takes that order over."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from campaigns import outreach
from campaigns.outreach.models import ContactPurpose
from workorders.order_types.models import OrderType
from workorders.orders.models import Transition, WorkOrder
from workorders.orders.services.follow_ups import Changed, follow
from workorders.orders.services.order_requests import OpeningResult, OrderRequest, WhenOpen, evidence_of
from workorders.orders.states import TAKEN_OVER, State

Claim = tuple[WorkOrder, Sequence[OpeningResult]]

_TAKE_OVER = f"""
WITH taken AS (
    UPDATE {WorkOrder._meta.db_table} o SET
        type_id = e.type_id, purpose = e.purpose, origin_kind = e.origin_kind, origin_key = e.origin_key,
        priority = least(o.priority, e.priority), due_at = least(o.due_at, e.due_at), not_before = NULL,
        evidence = e.evidence::jsonb || o.evidence, expected_gain = coalesce(e.expected_gain, o.expected_gain),
        version = o.version + 1, step = '',
        stage = coalesce((SELECT t.routes -> '' -> o.state ->> 0
                          FROM {OrderType._meta.db_table} t WHERE t.id = e.type_id), '')
    FROM unnest(%(id)s::bigint[], %(type_id)s::bigint[], %(purpose)s::text[], %(origin_kind)s::text[],
                %(origin_key)s::text[], %(priority)s::smallint[], %(due_at)s::timestamptz[], %(evidence)s::text[],
                %(expected_gain)s::numeric[], %(source)s::text[], %(displaced)s::text[], %(due_minutes)s::integer[])
        AS e(id, type_id, purpose, origin_kind, origin_key, priority, due_at, evidence, expected_gain, source,
             displaced, due_minutes)
    WHERE o.id = e.id
    RETURNING o.id, o.version, o.state, o.stage, e.source, e.displaced, e.due_minutes
)
INSERT INTO {Transition._meta.db_table} (order_id, version, at, actor_name, move, from_state, to_state, detail, stage)
SELECT id, version, %(now)s, 'system', '{TAKEN_OVER}', state, state,
       jsonb_build_object('source', source, 'displaced', displaced, 'due_minutes', due_minutes), stage
FROM taken
"""


def take_over_orders(claims: Sequence[Claim], *, now: datetime) -> set[int]:
    """Give each locked open order to the first of its requests that goes first, is for the same line, and that the
    contact gate allows; returns the ids of the orders. All requests of such an order are merged into it, and it is
    worked as what the request asks for; group and number stay."""
    asked = {order.order_no: (order, first, theirs) for order, theirs in claims if (first := _taker(order, theirs))}
    contacts = [first.contact(order.customer_id, order.order_no) for order, first, _theirs in asked.values()]
    taken = [asked[order_no] for order_no in outreach.take_over(requests=contacts, now=now)]
    for order, _first, theirs in taken:
        for result in theirs:
            result.stands_for(order.order_no)
    if taken:
        rows = [_row(*one, now) for one in taken]
        with connection.cursor() as cursor:
            cursor.execute(_TAKE_OVER, {name: [row[name] for row in rows] for name in rows[0]} | {"now": now})
        changed = [Changed(order.pk, first.type.pk, TAKEN_OVER, order.state, order.state) for order, first, _ in taken]
        follow(changed, now=now)
    return {order.pk for order, _first, _theirs in taken}


def raises(request: OrderRequest) -> bool:
    """Whether an order that is begun already stands for the request. What the customer asked for is never refused
    because of an order."""
    return request.when_open == WhenOpen.RAISE or request.contact_purpose == ContactPurpose.SERVICE


def _taker(order: WorkOrder, results: Sequence[OpeningResult]) -> OrderRequest | None:
    if order.state != State.QUEUED or order.attempts:
        return None
    requests = (result.request for result in results)
    return next((one for one in requests if one.subscriber_id == order.subscriber_id and _goes_first(one, order)), None)


def _goes_first(request: OrderRequest, order: WorkOrder) -> bool:
    """More urgent, and for something else: a request for the same is what the order is about already."""
    if (request.type.code, request.contact_purpose) == (order.type.code, order.purpose):
        return False
    asked_for = ContactPurpose.SERVICE
    if asked_for in (order.purpose, request.contact_purpose):
        return order.purpose != asked_for
    return request.order_priority < order.priority


def _row(order: WorkOrder, request: OrderRequest, results: Sequence[OpeningResult], now: datetime) -> dict[str, object]:
    first = sorted(results, key=lambda result: result.request is not request)  # stable: the others keep their order
    return {
        "id": order.pk,
        "type_id": request.type.pk,
        "purpose": request.contact_purpose,
        "origin_kind": request.origin.kind.value,
        "origin_key": request.origin.key,
        "priority": request.order_priority,
        "due_at": request.due_at(now),
        "evidence": evidence_of(first),
        "expected_gain": request.expected_gain,
        "source": request.origin.source,
        "displaced": order.source,
        "due_minutes": request.due_minutes,
    }
