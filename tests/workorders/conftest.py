import pytest

from tests.factories import NOW, make_user
from tests.workorders.rows import make_floor, make_orders
from workorders.orders.models import WorkOrder
from workorders.orders.services.claiming import claim_next


@pytest.fixture
def floor():
    """A group and its two agents."""
    return make_floor(2)


@pytest.fixture
def boss(floor):
    """The supervisor of the group."""
    return make_user(role="supervisor", branch=floor[0].branch, teams=(floor[0],))


@pytest.fixture
def order(floor) -> WorkOrder:
    """An order that the first agent has taken."""
    make_orders(1, team=floor[0])
    return claim_next(agent=floor[1][0], now=NOW)
