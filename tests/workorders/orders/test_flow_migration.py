"""Orders and types of a database without stages go on where they stood."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.factories import NOW
from tests.workorders.orders.test_origin_migration import migrate
from tests.workorders.rows import make_floor, make_orders
from workorders.order_types.models import OrderType
from workorders.order_types.stages import DEFAULT_MOVES, DEFAULT_STAGES, read_stages
from workorders.orders.flow import routes
from workorders.orders.models import WorkOrder
from workorders.orders.services.claiming import claim_next
from workorders.orders.services.outcomes import record_outcome


@pytest.mark.django_db(transaction=True)
def test_types_get_the_life_that_their_orders_had_and_orders_go_on():
    team, (ana,) = make_floor()
    make_orders(2, team=team)
    taken = claim_next(agent=ana, now=NOW)
    try:
        migrate([("workorders", "0011_surveys")])
    finally:
        migrate(MigrationExecutor(connection).loader.graph.leaf_nodes("workorders"))
    for kind in OrderType.objects.all():
        assert (kind.stages, kind.moves) == (DEFAULT_STAGES, DEFAULT_MOVES)
        assert kind.routes == routes(read_stages(kind.stages, kind.moves))
        assert (kind.status, kind.one_open, kind.lease_seconds) == ("published", True, 70)
    assert set(WorkOrder.objects.values_list("stage", "one_open")) == {("", True)}
    order = WorkOrder.objects.get(pk=taken.pk)
    assert (order.state, order.stage_title) == ("assigned", "Assigned")
    saved = record_outcome(order_no=order.order_no, agent=ana, disposition="retained", version=2, now=NOW)
    assert (saved.state, saved.stage, saved.step) == ("done", "done", "complete")
    assert claim_next(agent=ana, now=NOW).stage == "assigned"
