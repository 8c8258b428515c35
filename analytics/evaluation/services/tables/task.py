"""What is asked of a table."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

from analytics.churn.queries.files import Table
from retention.core.errors import Invalid


@dataclass(frozen=True)
class Task:
    """control: the value of those left alone, "" to guess it; positive: the value of the outcome that is counted, ""
    where it is a number or says so itself; covariates: columns known before the treatment; control_share: share of the
    rows that was drawn as control, 0 to 1.
    """

    treatment: str
    outcome: str
    control: str = ""
    positive: str = ""
    covariates: Sequence[str] = ()
    control_share: float | None = None
    fewer_is_better: bool = False

    def on(self, table: Table) -> Self:
        """The same with the table's own names of the columns. Invalid when it lacks one or one is named twice."""
        if self.control_share is not None and not 0 < self.control_share < 1:
            raise Invalid("The share of the control must lie between 0 and 1.", code="bad_share")
        named = [table.column(name) for name in (self.treatment, self.outcome, *self.covariates)]
        twice = sorted({name for name in named if named.count(name) > 1})
        if twice:
            raise Invalid(
                f"The column {twice[0]} is named twice: treatment, outcome and covariates are different columns.",
                code="named_twice",
            )
        return replace(self, treatment=named[0], outcome=named[1], covariates=named[2:])
