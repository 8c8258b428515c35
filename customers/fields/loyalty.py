"""How loyal the customer of a line is 用户忠诚度: a card of points for tenure, tier, renewals, lines and recommendation.

The best points add up to 100, so the score is the plain sum. No fact says whom a customer has recommended us to: the
last satisfaction answer (0 to 10) stands for it, as in a net promoter survey, and gives half of its points where nobody
has asked. Models do not learn from the score: they read its facts one by one.
"""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.facts.models import Customer
from customers.fields.base import Area, Kind, ProfileField, Source, ThemeKey
from customers.fields.choices import LoyaltyLevel

# (condition, points), the first that holds; without any 0.
Steps = Iterable[tuple[str, int]]
CARD: dict[str, Steps] = {
    "tenure": [("tenure_days >= 3652", 30), ("tenure_days >= 1826", 24), ("tenure_days >= 1095", 18),
               ("tenure_days >= 730", 12), ("tenure_days >= 365", 6)],
    "tier": [(f"customer_tier = '{Customer.Tier.DIAMOND}'", 20), (f"customer_tier = '{Customer.Tier.GOLD}'", 14),
             (f"customer_tier = '{Customer.Tier.SILVER}'", 8)],
    "renewals": [("contracts_renewed >= 3", 15), ("contracts_renewed = 2", 10), ("contracts_renewed = 1", 5)],
    "lines": [("lines_of_customer >= 3", 15), ("lines_of_customer = 2", 10), ("is_bundle", 5)],
    "recommendation": [("satisfaction >= 9", 20), ("satisfaction >= 7", 10), ("satisfaction IS NULL", 10)],
}  # fmt: skip
MOST_POINTS = 100
# From which score a level begins, best first. The last begins at 0.
LEVEL_FLOORS = {LoyaltyLevel.VERY_HIGH: 70, LoyaltyLevel.HIGH: 50, LoyaltyLevel.MEDIUM: 30, LoyaltyLevel.LOW: 0}


def points_sql(steps: Steps) -> str:
    return f"CASE {' '.join(f'WHEN {test} THEN {points}' for test, points in steps)} ELSE 0 END"


def level_sql(score: str) -> str:
    *graded, (last, _floor) = LEVEL_FLOORS.items()
    whens = " ".join(f"WHEN {score} >= {floor} THEN '{level}'" for level, floor in graded)
    return f"CASE {whens} ELSE '{last}' END"


def field(key: str, label: object, kind: Kind, sql: str, **more: Any) -> ProfileField:
    return ProfileField(key, label, kind, Area.IDENTITY, "derived", sql, theme=ThemeKey.PROFILE, sayable=False, **more)


SOURCES: list[Source] = []
FIELDS = [
    field("loyalty_score", _("Loyalty score"), Kind.COUNT, " + ".join(points_sql(steps) for steps in CARD.values()),
          unit=pgettext_lazy("credit", "points"), measure=True),
    field("loyalty_level", _("Loyalty level"), Kind.CHOICE, level_sql("loyalty_score"), choices=LoyaltyLevel, dimension=True),
]  # fmt: skip
