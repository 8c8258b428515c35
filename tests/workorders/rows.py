"""Rows of the work: orders as the night opens them, through the contact gate. `make_hit` is what a scenario found."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from campaigns.scenarios.models import Scenario, ScenarioHit
from customers.facts.models import Subscriber
from retention.core.accounts.models import Team, User
from tests.factories import NOW, TODAY, make_branch, make_profile, make_subscriber, make_team, make_user, number
from workorders.order_types.models import OrderType
from workorders.order_types.services import install_order_types
from workorders.orders.models import WorkOrder
from workorders.orders.services.scenario_opening import open_from_hits

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def make_scenario(*, code: str = "", **given: Any) -> Scenario:
    values = {
        "code": code or number("X"), "name": "Spend fell", "name_zh": "话费突减", "order_type": "churn_retention",
        "rule": {"combinator": "and", "rules": [{"field": "bill_change", "operator": "<=", "value": -0.3}]},
        "action": Scenario.Action.OPEN_ORDER, "priority": 3, "enabled": True,
    }  # fmt: skip
    return Scenario.objects.create(**values | given)


def make_hit(
    *, subscriber: Subscriber | None = None, scenario: Scenario | None = None, gain: object = "50", **given: Any
) -> ScenarioHit:
    line = subscriber or make_line()
    values = {
        "scenario": scenario or Scenario.objects.first() or make_scenario(), "subscriber": line,
        "customer": line.account.customer, "on": TODAY, "version": 1, "gain": Decimal(str(gain)),
        "evidence": {"bill_change": -0.42, "arpu": "120.00"},
    }  # fmt: skip
    return ScenarioHit.objects.create(**values | given)


def make_line(**given: Any) -> Subscriber:
    """A subscriber with a profile."""
    line = make_subscriber(**given)
    make_profile(subscriber=line, risk_probability=0.5, expected_gain=Decimal("30"), arpu=Decimal("120"))
    return line


def open_orders(*hits: ScenarioHit, now: datetime = NOW) -> list[WorkOrder]:
    """Open what the hits ask for; the orders in the order of the hits."""
    if not OrderType.objects.exists():
        install_order_types()
    open_from_hits(as_of=TODAY, now=now)
    found = {order.subscriber_id: order for order in WorkOrder.objects.select_related("type", "subscriber")}
    return [found[hit.subscriber_id] for hit in hits]


def make_orders(count: int, *, team: Team, gain: int = 100, now: datetime = NOW) -> list[WorkOrder]:
    """Orders of `count` customers in the queue of `team`, the most worthwhile first."""
    hits = [make_hit(subscriber=make_line(branch=team.branch), gain=gain - place) for place in range(count)]
    return open_orders(*hits, now=now)


def make_floor(agents: int = 1) -> tuple[Team, list[User]]:
    """A retention group with agents."""
    team = make_team(branch=make_branch())
    return team, [make_user(role="agent", branch=team.branch, teams=(team,)) for _agent in range(agents)]
