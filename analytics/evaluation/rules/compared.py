"""One arm of a table compared with its control, by all that is known of it."""

from dataclasses import dataclass

from analytics.evaluation.rules.differences import Difference
from analytics.evaluation.rules.verdicts import Comparison, Verdict


@dataclass(frozen=True)
class Compared:
    """One arm. plain: by one look; always: bounds that hold at every look; adjusted: with covariates, where they help;
    reduction: of the variance, None without covariates; p_adjusted: for all arms of the table; smallest: difference
    that is seen four times in five.
    """

    name: str
    judged: Comparison
    plain: Difference | None
    always: tuple[float, float] | None
    adjusted: Difference | None
    reduction: float | None
    smallest: float | None
    verdict: Verdict
    p_adjusted: float | None = None

    @property
    def decisive(self) -> Difference | None:
        return self.adjusted or self.plain
