"""The one door to open work orders: asks the contact gate, opens or merges, reports each refusal with its reason."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from django.db import transaction

from campaigns import outreach
from campaigns.outreach.models import RefusalReason
from customers.facts.models import Subscriber
from workorders.orders.services.insertion import NewOrder, insert_orders, new_numbers
from workorders.orders.services.merging import merge_into_open_orders
from workorders.orders.services.order_requests import ByCustomer, OpeningResult, OrderRequest, evidence_of

Numbers = Mapping[int, tuple[int, str]]  # {customer id: (order id, order number)}


@transaction.atomic(savepoint=False)
def open_orders(*, requests: Sequence[OrderRequest], on: date, now: datetime) -> list[OpeningResult]:
    """Open one order a customer, queued for the nearest group; one result for each request, in their order.

    Requests of one customer are asked for in the order given: the first that the gate allows opens the order, those
    after it are merged into it. A customer has at most one open order: the request's `when_open` decides about it.
    Requests that are not `one_open` open an order each, beside it, and without a reservation of the gate.
    on: the day that numbers and dates of the orders name. One transaction, a fixed number of statements for any number
    of customers; it holds the gate's lock, so callers with many thousands call it in chunks.
    """
    results = [OpeningResult(request) for request in requests]
    customer_of = _customers_of(requests)
    contacts = [result for result in results if result.request.one_open]
    waiting = _by_customer(contacts, customer_of)
    merge_into_open_orders(waiting, now=now)
    numbers: Numbers = dict(zip(waiting, new_numbers(len(waiting), on=on), strict=True))
    orders: list[NewOrder] = []
    while waiting:
        allowed, waiting = _ask_gate(waiting, numbers, now)
        orders += [_new_order(numbers[customer], theirs, on) for customer, theirs in allowed.items()]
    # Another process opened the order between the read and the gate: it exists now.
    late = (result for result in contacts if result.reason == RefusalReason.ALREADY_RESERVED)
    merge_into_open_orders(_by_customer(late, customer_of), now=now)
    beside = [one for one in results if not one.request.one_open and one.request.subscriber_id in customer_of]
    for numbered, result in zip(new_numbers(len(beside), on=on), beside, strict=True):
        orders.append(_new_order(numbered, [result], on))
    insert_orders(orders, now=now)
    return results


def _customers_of(requests: Iterable[OrderRequest]) -> dict[int, int]:
    lines = Subscriber.objects.filter(pk__in={request.subscriber_id for request in requests})
    return dict(lines.values_list("pk", "account__customer_id"))


def _by_customer(results: Iterable[OpeningResult], customer_of: Mapping[int, int]) -> ByCustomer:
    found: ByCustomer = {}
    for result in results:
        if customer := customer_of.get(result.request.subscriber_id):
            found.setdefault(customer, []).append(result)
    return found


def _ask_gate(waiting: ByCustomer, numbers: Numbers, now: datetime) -> tuple[ByCustomer, ByCustomer]:
    """Ask the gate once per customer, with the first request: (allowed, refused but with further requests)."""
    requests = [theirs[0].request.contact(customer, numbers[customer][1]) for customer, theirs in waiting.items()]
    allowed, left = {}, {}
    for verdict in outreach.reserve(requests=requests, now=now):
        customer = verdict.request.customer_id
        theirs = waiting[customer]
        if verdict.allowed:
            allowed[customer] = theirs
            continue
        theirs[0].reason = verdict.reason
        if theirs[1:]:
            left[customer] = theirs[1:]
    return allowed, left


def _new_order(numbered: tuple[int, str], results: Sequence[OpeningResult], on: date) -> NewOrder:
    pk, order_no = numbered
    first = results[0]
    for result in results:
        result.stands_for(order_no)
    first.opened = True
    request = first.request
    return NewOrder(
        id=pk,
        order_no=order_no,
        type_id=request.type.pk,
        subscriber_id=request.subscriber_id,
        purpose=request.contact_purpose,
        priority=request.order_priority,
        origin_kind=request.origin.kind.value,
        origin_key=request.origin.key,
        evidence=evidence_of(results),
        expected_gain=request.expected_gain,
        opened_on=on,
        due_minutes=request.due_minutes,
        one_open=request.one_open,
        own_team=request.team,
    )
