"""A request for a work order, and its result."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum, auto
from typing import Any

from campaigns.outreach import ContactRequest
from campaigns.outreach.models import RefusalReason
from customers.lists.models import ListEntry
from workorders.order_types.models import OrderType
from workorders.orders.origins import Origin


class WhenOpen(Enum):
    """Effect of a request on an order that its customer has open already."""

    REFUSE = auto()  # nothing
    INFORM = auto()  # the order gets the facts; the request is refused all the same
    RAISE = auto()  # the order gets the facts and becomes as urgent as a new one would be


@dataclass(frozen=True, kw_only=True)
class OrderRequest:
    """One line to be contacted; its customer is derived.

    purpose: of the contact, for the gate; "" for the type's. priority, due_hours (from now): None for the type's.
    facts: {factor: value} as found on `found_on`, for the agent. hit: id of the scenario hit behind it. by_risk: the
    line was chosen by a risk score. despite_holdout: by hand, with a reason why a hold-out does not forbid it.
    beside: beside whatever order the customer has open, as the orders of a type that is not `one_open` always are.
    team: the group that it goes to, for another than the nearest.
    """

    subscriber_id: int
    type: OrderType
    origin: Origin
    found_on: date
    facts: Mapping[str, Any] = field(default_factory=dict)
    purpose: str = ""
    channel: str = ListEntry.Channel.CALL
    priority: int | None = None
    due_hours: int | None = None
    expected_gain: Decimal | None = None
    hit: int | None = None
    when_open: WhenOpen = WhenOpen.REFUSE
    by_risk: bool = False
    despite_holdout: bool = False
    beside: bool = False
    team: int | None = None

    @property
    def one_open(self) -> bool:
        return self.type.one_open and not self.beside

    @property
    def contact_purpose(self) -> str:
        return self.purpose or self.type.purpose

    @property
    def order_priority(self) -> int:
        return self.priority or self.type.priority

    @property
    def due_minutes(self) -> int:
        """How long until its order is to be closed, counted as the type counts."""
        return self.due_hours * 60 if self.due_hours else self.type.close_minutes

    def due_at(self, now: datetime) -> datetime:
        """Before the clocks are reckoned: every minute counts."""
        return now + timedelta(minutes=self.due_minutes)

    def contact(self, customer_id: int, order_no: str) -> ContactRequest:
        """What the contact gate is asked; order_no: of the order that would hold the reservation."""
        return ContactRequest(
            customer_id,
            self.subscriber_id,
            self.channel,
            self.contact_purpose,
            self.origin.contact_source,
            order_no,
            self.by_risk or self.origin.by_risk,
            holdable=not (self.despite_holdout or self.origin.answers_event),
        )


@dataclass
class OpeningResult:
    """The result of a request.

    order_no: the order that stands for it; `opened` when this request opened it, else the request was merged into it.
    reason: why there is none. Neither: there is no such line.
    """

    request: OrderRequest
    order_no: str = ""
    opened: bool = False
    reason: RefusalReason | None = None

    @property
    def merged(self) -> bool:
        return bool(self.order_no) and not self.opened

    def stands_for(self, order_no: str) -> None:
        self.order_no, self.reason = order_no, None


# {customer id: their results, the most urgent first}
ByCustomer = dict[int, list[OpeningResult]]


def evidence_of(results: Sequence[OpeningResult]) -> str:
    """The JSON of WorkOrder.evidence for these requests."""
    requests = [result.request for result in results]
    return json.dumps(
        [
            {
                "scenario": request.origin.source,
                "hit": request.hit,
                "on": request.found_on.isoformat(),
                "facts": dict(request.facts),
            }
            for request in requests
        ]
    )
