"""Orders opened before there was any retention group."""

import pytest

from customers.grants.models import CustomerGrant
from tests.factories import NOW, make_branch, make_team, make_user
from tests.workorders.rows import make_hit, make_line, open_orders
from workorders.orders.models import Transition
from workorders.orders.services.claiming import next_order
from workorders.orders.services.insertion import adopt_orphans

pytestmark = pytest.mark.django_db


def orphan(branch):
    (order,) = open_orders(make_hit(subscriber=make_line(branch=branch)))
    assert order.team is None
    return order


def test_the_first_group_gets_them_with_trail_and_grant():
    branch = make_branch()
    order = orphan(branch)
    assert adopt_orphans(now=NOW) == 0
    team = make_team(branch=branch)
    assert adopt_orphans(now=NOW) == 1
    order.refresh_from_db()
    assert (order.team, order.version) == (team, 2)
    assert CustomerGrant.objects.get(order_no=order.order_no).team == team
    assert Transition.objects.get(order=order, version=2).move == "adopt"
    assert adopt_orphans(now=NOW) == 0


def test_a_group_elsewhere_does_not_get_them():
    orphan(make_branch())
    make_team(branch=make_branch())
    assert adopt_orphans(now=NOW) == 0


def test_an_agent_of_the_new_group_finds_them_at_once():
    branch = make_branch()
    order = orphan(branch)
    agent = make_user(role="agent", branch=branch, teams=(make_team(branch=branch),))
    assert next_order(agent=agent, now=NOW) == order
    assert next_order(agent=agent, now=NOW) == order
