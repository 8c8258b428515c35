"""What a contact is expected to bring (C7, first form): chance of leaving x chance of being saved x value - cost."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Economics:
    """margin: share of spend; months: how long a saved line stays on; costs in yuan a contact.

    save_rate is a prior until experiments have told it: the share of leavers whom a call keeps.
    """

    margin: float = 0.45
    months: float = 18.0
    save_rate: float = 0.15
    contact_cost: float = 4.0


DEFAULT = Economics()


def expected_gain(probability: np.ndarray, monthly_spend: np.ndarray, economics: Economics = DEFAULT) -> np.ndarray:
    """Yuan a contact; below zero where a call costs more than it is expected to keep."""
    value = np.nan_to_num(monthly_spend) * economics.margin * economics.months
    return np.round(probability * economics.save_rate * value - economics.contact_cost, 2)
