"""A customer who opted out of profiling is not contacted because of a risk score, whichever source asks."""

import pytest

from campaigns.outreach.models import RefusalReason
from campaigns.scenarios.models import ScenarioHit
from customers.contacts.models import ContactRecord
from customers.facts.models import Customer
from tests.factories import NOW, TODAY
from tests.workorders.rows import make_floor, make_hit, make_line
from workorders.order_types.models import OrderType
from workorders.order_types.services import install_order_types
from workorders.orders.models import WorkOrder
from workorders.orders.origins import Origin, OriginKind
from workorders.orders.services.barring import gate_reason
from workorders.orders.services.claiming import next_order
from workorders.orders.services.opening import open_orders
from workorders.orders.services.order_requests import OrderRequest
from workorders.orders.services.scenario_opening import open_from_hits

pytestmark = pytest.mark.django_db


@pytest.fixture
def line():
    install_order_types()
    return make_line()


def opt_out():
    Customer.objects.update(profiling_opt_out=True)


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (OriginKind.WARNING_LIST, RefusalReason.PROFILING_OPT_OUT),
        (OriginKind.PLANNER, RefusalReason.PROFILING_OPT_OUT),
        (OriginKind.GROUP, None),
        (OriginKind.SECOND_SIM, None),
        (OriginKind.SCENARIO, None),
    ],
)
def test_lists_that_a_risk_score_makes(line, kind, reason):
    opt_out()
    request = OrderRequest(
        subscriber_id=line.pk, type=OrderType.objects.get(code="churn_retention"), origin=Origin(kind, "S4"),
        found_on=TODAY,
    )  # fmt: skip
    (done,) = open_orders(requests=[request], on=TODAY, now=NOW)
    assert done.reason == reason
    assert ContactRecord.objects.get().by_risk == (kind in {OriginKind.WARNING_LIST, OriginKind.PLANNER})


@pytest.mark.parametrize(
    ("evidence", "state"),
    [({"risk_probability": 0.8, "arpu": "90.00"}, "refused"), ({"bill_change": -0.4, "arpu": "90.00"}, "opened")],
)
def test_hits_of_a_rule_that_asked_for_the_risk(line, evidence, state):
    hit = make_hit(subscriber=line, evidence=evidence)
    opt_out()
    open_from_hits(as_of=TODAY, now=NOW)
    hit.refresh_from_db()
    assert (hit.state, hit.reason) == (state, "profiling_opt_out" if state == "refused" else "")


def test_the_order_is_not_called_after_an_opt_out(line):
    make_hit(subscriber=line, evidence={"risk_probability": 0.8})
    open_from_hits(as_of=TODAY, now=NOW)
    order = line.work_orders.get()
    assert gate_reason(order=order, now=NOW) is None
    opt_out()
    assert gate_reason(order=order, now=NOW) == RefusalReason.PROFILING_OPT_OUT
    assert ScenarioHit.objects.get().state == ScenarioHit.State.OPENED


def test_it_is_withdrawn_when_its_agent_would_get_it():
    install_order_types()
    team, (ana,) = make_floor()
    make_hit(subscriber=make_line(branch=team.branch), evidence={"risk_probability": 0.8})
    open_from_hits(as_of=TODAY, now=NOW)
    opt_out()
    assert next_order(agent=ana, now=NOW) is None
    assert WorkOrder.objects.get().state == "cancelled"
    assert ContactRecord.objects.get().state == ContactRecord.State.RELEASED
