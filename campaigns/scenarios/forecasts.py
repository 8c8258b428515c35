"""What a night of a scenario costs, brings and asks of the agents, as far as upper layers know it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from campaigns.scenarios.models import Scenario
from campaigns.scenarios.queries import DryRun
from campaigns.scenarios.queries.matching import asks_gate
from retention.core.accounts.models import User
from retention.core.registry import Registry


@dataclass(frozen=True)
class Workload:
    """open_orders: waiting or with agents; closed_a_day: orders brought to their end, mean over `days` days."""

    open_orders: int
    closed_a_day: float
    days: int


# "contacts": {line type: contacts} -> yuan. "orders": called with `user` and `now`, counts what the person may see.
COSTS: Registry[str, Callable[[Mapping[str, int]], Decimal]] = Registry("cost of contacts")
WORKLOADS: Registry[str, Callable[..., Workload]] = Registry("work of the agents")


@dataclass(frozen=True)
class Forecast:
    """Of one night. gain: net of `cost`."""

    contacts: int
    gain: Decimal
    cost: Decimal | None
    workload: Workload | None

    @property
    def days_of_work(self) -> float | None:
        """In how many days the agents close as many orders, at their present rate."""
        rate = self.workload.closed_a_day if self.workload else 0
        return self.contacts / rate if rate else None


def forecast(*, scenario: Scenario, run: DryRun, user: User, now: datetime) -> Forecast | None:
    """None for a scenario that contacts nobody."""
    if not asks_gate(scenario):
        return None
    cost = COSTS["contacts"](run.contacts) if "contacts" in COSTS else None
    workload = WORKLOADS["orders"](user=user, now=now) if "orders" in WORKLOADS else None
    return Forecast(sum(run.contacts.values()), run.gain, cost, workload)
