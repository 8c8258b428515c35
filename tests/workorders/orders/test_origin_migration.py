"""Orders of an older database keep what they were opened for."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.factories import NOW, TODAY
from tests.workorders.rows import make_line
from workorders.order_types.models import OrderType
from workorders.order_types.services import install_order_types
from workorders.orders.models import WorkOrder
from workorders.orders.origins import Origin, OriginKind
from workorders.orders.services.opening import open_orders
from workorders.orders.services.order_requests import OrderRequest

BEFORE = [("workorders", "0001_initial")]
ORIGINS = [
    (Origin(OriginKind.SCENARIO, "S4"), {"bill_change": -0.4}, "S4"),
    (Origin(OriginKind.EVENT, "S23"), {"event": "termination_request"}, "S23"),
    (Origin(OriginKind.WARNING_LIST), {}, "warning-list"),
    (Origin(OriginKind.GROUP), {}, "group"),
    (Origin(OriginKind.SECOND_SIM), {}, "second-sim"),
]


def migrate(target):
    executor = MigrationExecutor(connection)
    executor.migrate(target)
    return MigrationExecutor(connection).loader.project_state(target).apps


@pytest.mark.django_db(transaction=True)
def test_the_source_of_old_orders_becomes_kind_and_key_and_back():
    install_order_types()
    kind = OrderType.objects.get(code="renewal")
    requests = [
        OrderRequest(subscriber_id=make_line().pk, type=kind, origin=origin, found_on=TODAY, facts=facts)
        for origin, facts, _source in ORIGINS
    ]
    numbers = [one.order_no for one in open_orders(requests=requests, on=TODAY, now=NOW)]
    try:
        old = migrate(BEFORE).get_model("workorders", "WorkOrder")
        found = dict(old.objects.values_list("order_no", "source"))
    finally:
        migrate(MigrationExecutor(connection).loader.graph.leaf_nodes("workorders"))
    assert [found[number] for number in numbers] == [source for _origin, _facts, source in ORIGINS]
    orders = {order.order_no: order for order in WorkOrder.objects.all()}
    for number, (origin, _facts, source) in zip(numbers, ORIGINS, strict=True):
        order = orders[number]
        assert (order.origin_kind, order.origin_key, order.source) == (origin.kind, origin.key, source)
        assert order.purpose == "renewal"
