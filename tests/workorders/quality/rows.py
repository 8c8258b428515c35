"""Rows of quality review: sheets, and closed calls."""

from datetime import datetime
from typing import Any

from retention.core import clock
from retention.core.accounts.models import User
from tests.factories import NOW, number
from tests.workorders.rows import MINUTE
from workorders.orders.models import Transition, WorkOrder
from workorders.orders.services.claiming import claim_next
from workorders.orders.services.outcomes import record_outcome, start
from workorders.quality.models import Review, SampleRule, ScoreSheet
from workorders.quality.services.drawing import drawn_values

CRITERIA = [
    {"key": "opening", "kind": "points", "label": "Opening", "label_zh": "开场", "weight": 1, "most": 4},
    {"key": "need", "kind": "yes_no", "label": "Found the need", "label_zh": "了解需求", "weight": 3, "most": 1},
    {"key": "consent", "kind": "fatal", "label": "Asked for consent", "label_zh": "征得同意", "weight": 1, "most": 1},
]


def make_sheet(**given: Any) -> ScoreSheet:
    values = {"code": number("sheet-"), "name": "Retention call", "criteria": CRITERIA, "enabled": True}
    return ScoreSheet.objects.create(**values | given)


def make_rule(**given: Any) -> SampleRule:
    values = {"code": number("rule-"), "name": "Two of each", "per_agent": 2, "complaints": False, "enabled": True}
    return SampleRule.objects.create(**{"sheet": given.pop("sheet", None) or make_sheet()} | values | given)


def call(order: WorkOrder, agent: User, *, at: datetime, disposition: str = "retained") -> None:
    with clock.freeze(at):
        assert claim_next(agent=agent, now=at) == order
        start(order_no=order.order_no, agent=agent, version=None, now=at)
        now = at + 2 * MINUTE
        record_outcome(order_no=order.order_no, agent=agent, disposition=disposition, version=None, now=now)


def make_review(order: WorkOrder, **given: Any) -> Review:
    """A waiting review of the order's last contact."""
    contact = Transition.objects.last_contacts().get(order=order)
    order.refresh_from_db()
    sheet = given.pop("sheet", None) or make_sheet()
    return Review.objects.create(**drawn_values(contact, order, sheet, now=NOW) | {"reason": "hand"} | given)
