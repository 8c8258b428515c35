"""`order.closed` for the webhooks: whoever ends the order, and in the transaction that ends it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from retention.core.webhooks.models import Delivery, OutboxEvent
from tests.core.webhooks.hooks import make_api_client, make_hook
from tests.factories import NOW, make_user
from tests.workorders.rows import make_floor, make_orders
from workorders.orders.services.claiming import claim_next
from workorders.orders.services.outcomes import record_outcome, start
from workorders.supervision.services import cancel

pytestmark = pytest.mark.django_db


@pytest.fixture
def floor():
    return make_floor(2)


def test_a_completed_order_is_told_with_its_outcome(floor):
    hook = make_hook()
    team, (ana, _ben) = floor
    make_orders(1, team=team)
    order = claim_next(agent=ana, now=NOW)
    order = start(order_no=order.order_no, agent=ana, version=order.version, now=NOW)
    assert OutboxEvent.objects.count() == 0
    record_outcome(order_no=order.order_no, agent=ana, disposition="retained", version=order.version, now=NOW)
    event = hook.webhook.deliveries.get().event
    line = order.subscriber.subscriber_no
    assert (event.name, event.subject, event.branch_id) == ("order.closed", line, order.branch_id)
    closed_at = event.payload.pop("closed_at")
    assert closed_at == NOW.isoformat()
    assert event.payload == {
        "order_no": order.order_no, "subscriber_no": line, "state": "done", "disposition": "retained",
    }  # fmt: skip


def test_many_cancelled_orders_are_told_in_one_statement(floor):
    hook = make_hook()
    make_hook(client=make_api_client(branch=make_floor()[0].branch))
    team, _agents = floor
    orders = make_orders(4, team=team)
    boss = make_user(role="manager", branch=team.branch)
    with CaptureQueriesContext(connection) as queries:
        cancel(order_nos=[order.order_no for order in orders[:3]], actor=boss, reason="test", now=NOW)
    assert sum("core_outboxevent" in query["sql"] for query in queries) == 1
    told = [event.payload for event in OutboxEvent.objects.order_by("deliveries__pk")]
    assert [(one["order_no"], one["state"], one["disposition"]) for one in told] == [
        (order.order_no, "cancelled", None) for order in orders[:3]
    ]
    assert Delivery.objects.count() == hook.webhook.deliveries.count() == 3


def test_nobody_listens_and_nothing_is_written(floor):
    make_hook(events=["warning.raised"])
    team, _agents = floor
    (order,) = make_orders(1, team=team)
    cancel(order_nos=[order.order_no], actor=make_user(role="manager", branch=team.branch), reason="test", now=NOW)
    assert OutboxEvent.objects.count() == 0
