"""Risk tiers: multiples of the usual rate of leaving, so that a tier means the same for any operator."""

import numpy as np

from customers.models import RiskTier

# tier: (times the usual rate, but never above this probability)
STEPS = {RiskTier.MEDIUM: (2.0, 0.25), RiskTier.HIGH: (4.0, 0.40), RiskTier.CRITICAL: (8.0, 0.60)}


def thresholds(base_rate: float) -> dict[str, float]:
    """{tier: lowest probability}, for a base of which `base_rate` leaves."""
    return {tier.value: round(min(times * base_rate, limit), 4) for tier, (times, limit) in STEPS.items()}


def tier_of(probability: np.ndarray, lowest: dict[str, float]) -> np.ndarray:
    found = np.full(len(probability), RiskTier.LOW.value, dtype=object)
    for tier in STEPS:
        found[probability >= lowest[tier.value]] = tier.value
    return found
