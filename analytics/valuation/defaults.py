"""Default assumptions: terms without a line type, and every treatment. Data only."""

from typing import Any

# Cautious: published field tests find calls without effect, and some that make customers leave.
DEFAULT_TREATMENTS: dict[str, dict[str, Any]] = {
    "contact": {"save_rate": 0.06, "weight": 40, "enough": 40, "acceptance": 0.0, "offer_cost": 0},
    "renewal": {"save_rate": 0.15, "weight": 40, "enough": 40, "acceptance": 0.35, "offer_cost": 70},
    "plan_change": {"save_rate": 0.12, "weight": 40, "enough": 40, "acceptance": 0.30, "offer_cost": 40},
    "gift": {"save_rate": 0.10, "weight": 40, "enough": 40, "acceptance": 0.60, "offer_cost": 15},
}
