"""What tests of managed rows need for each kind: made rows and what their edit forms send."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from campaigns.offers.models import Offer
from campaigns.scenarios.models import Scenario
from retention.core.managed.models import Managed
from tests.campaigns.offers.rows import make_offer
from tests.campaigns.rows import ask, make_scenario, rule

RULE = rule(ask("arpu", ">=", 80))
RULE_FIELDS = {
    "part": ["r", "r-0"], "r.mode": "and", "r-0.field": "arpu", "r-0.operator": ">=", "r-0.value": "80",
}  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """name, action, path: singular name, audit action, address of the list. form: what the edit form sends."""

    model: type[Managed]
    make: Callable[..., Any]
    path: str
    form: dict[str, Any]

    @property
    def name(self) -> str:
        return str(self.model._meta.model_name)

    def url(self, row: Managed, page: str = "") -> str:
        return f"{self.path}{row.code}/{page and f'{page}/'}"

    def sent(self, row: Managed, **given: Any) -> dict[str, Any]:
        """The form of the unchanged row with changes."""
        return self.form | RULE_FIELDS | {"version": str(row.version)} | given


KINDS = [
    Kind(
        Scenario,
        lambda **given: make_scenario(**{"rule": RULE, "name": "First", "name_zh": "一"} | given),
        "/scenarios/",
        {
            "name": "First", "name_zh": "一", "action": "open_order", "order_type": "churn_retention",
            "purpose": "retention", "priority": "5", "cooldown_days": "30",
        },
    ),
    Kind(
        Offer,
        lambda **given: make_offer(**{"rule": RULE, "name": "First", "name_zh": "一"} | given),
        "/offers/",
        {
            "name": "First", "name_zh": "一", "family": "care", "gift": "10 GB", "gift_zh": "10GB 流量", "value": "30",
            "cost": "6", "pitch": "Ten gigabytes more.", "pitch_zh": "多送十个 G。",
        },
    ),
]  # fmt: skip
