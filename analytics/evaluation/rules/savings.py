"""What an effect is worth: incremental saves, cost of each, and what is left."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Savings:
    """Of all treated, by intention to treat. saves: who stayed because of the treatment, below 0 where it drives away;
    low, high: by the interval of the effect. Money in yuan: cost is what was spent, net what the saves are worth less
    cost. cost_per_save: None where nobody was saved.
    """

    saves: float
    low: float
    high: float
    cost: float
    cost_per_save: float | None
    net: float
    net_low: float
    net_high: float

    @property
    def pays(self) -> bool | None:
        """None while the interval of the net value holds 0."""
        if self.net_low > 0:
            return True
        return False if self.net_high < 0 else None


def savings(*, treated: int, difference: float, low: float, high: float, cost: float, worth: float) -> Savings:
    """difference, low, high: rate of leaving of the treated less that of the control; worth: yuan of one who stays."""
    saves, fewest, most = (-treated * share for share in (difference, high, low))
    return Savings(
        saves=saves, low=fewest, high=most, cost=cost, cost_per_save=cost / saves if saves > 0 else None,
        net=saves * worth - cost, net_low=fewest * worth - cost, net_high=most * worth - cost,
    )  # fmt: skip
