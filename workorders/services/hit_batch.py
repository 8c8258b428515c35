"""What is known and decided about the hits of some customers while their orders are opened."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from campaigns.outreach.models import RefusalReason
from campaigns.scenarios.models import Scenario, ScenarioHit
from workorders.models import OrderType
from workorders.services.inserting import NewOrder

HitsByCustomer = dict[int, list[ScenarioHit]]


@dataclass(frozen=True)
class Night:
    """What every chunk needs. types: by code; scenarios: by id (one object each, not one a hit)."""

    as_of: date
    now: datetime
    types: Mapping[str, OrderType]
    scenarios: Mapping[int, Scenario]
    only_events: bool = False

    def scenario_of(self, hit: ScenarioHit) -> Scenario:
        return self.scenarios[hit.scenario_id]

    def type_of(self, hit: ScenarioHit) -> OrderType | None:
        return self.types.get(self.scenario_of(hit).order_type)

    def due_at(self, hit: ScenarioHit) -> datetime:
        """When an order for this hit is due: as the scenario says, else its order type."""
        kind = self.type_of(hit)
        assert kind is not None
        return self.now + timedelta(hours=self.scenario_of(hit).due_hours or kind.due_hours)

    def evidence_of(self, hits: Sequence[ScenarioHit]) -> str:
        """The JSON of WorkOrder.evidence."""
        told = [
            {
                "scenario": self.scenario_of(hit).code,
                "hit": hit.pk,
                "on": hit.on.isoformat(),
                "facts": hit.evidence,
            }
            for hit in hits
        ]
        return json.dumps(told)


@dataclass
class Chunk:
    """What is decided about the hits of some customers, before it is written."""

    opened: dict[int, str] = field(default_factory=dict)  # hit -> order number, shared by all hits of one customer
    refused: dict[int, RefusalReason] = field(default_factory=dict)
    held: list[int] = field(default_factory=list)
    orders: list[NewOrder] = field(default_factory=list)
    merged: int = 0
