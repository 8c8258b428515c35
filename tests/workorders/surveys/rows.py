"""Published questionnaires, and orders that ask them."""

from datetime import datetime, timedelta
from typing import Any

from tests.factories import NOW
from tests.workorders.surveys.trees import say, single, when
from workorders.order_types.models import OrderType
from workorders.order_types.services import install_order_types
from workorders.surveys.models import Questionnaire, State

BEFORE = NOW - timedelta(days=30)
BLOCKS: list[dict[str, Any]] = [
    say("greeting", text="Good day {customer}, about {plan}.", text_zh="您好{customer}，关于{plan}。"),
    single(
        "solved",
        {"value": "yes", "label": "Yes", "label_zh": "已解决", "score": 3},
        {"value": "no", "label": "No", "label_zh": "未解决", "score": 0},
        text="Is it solved?", text_zh="是否已解决？", required_when=[],
    ),
    {"key": "why", "kind": "multiple", "text": "Why not?", "text_zh": "原因", "shown_when": when("solved", "no"),
     "choices": [{"value": "fee", "label": "Fee"}, {"value": "network", "label": "Network"}]},
    {"key": "words", "kind": "text", "text": "In words", "shown_when": when("solved", "no"), "required_when": []},
    {"key": "mark", "kind": "scale", "text": "How well served?", "lowest": 1, "highest": 5, "weight": 1},
]  # fmt: skip


def make_questionnaire(
    *, code: str = "follow_up", blocks: list[dict[str, Any]] | None = None, **given: Any
) -> Questionnaire:
    at: datetime | None = given.pop("published_at", BEFORE)
    values = {
        "code": code, "name": "Follow-up", "name_zh": "回访", "tree": {"blocks": BLOCKS if blocks is None else blocks},
        "state": State.PUBLISHED if at else State.DRAFT, "published_at": at, "edited_at": at or NOW,
    }  # fmt: skip
    return Questionnaire.objects.create(**values | given)


def make_asked(*, code: str = "follow_up", type_code: str = "churn_retention", **given: Any) -> Questionnaire:
    """A published questionnaire that the orders of a type ask."""
    if not OrderType.objects.exists():
        install_order_types()
    row = make_questionnaire(code=code, **given)
    OrderType.objects.filter(code=type_code).update(questionnaire=code)
    return row
