"""Whether proposing a cheaper plan pays. Pure.

A contact that proposes the plan gains, with p the churn probability,

    G(p) = p x s x Ls x (m x c - d)  -  (1 - p) x a x Lu x d  -  C

s: share of leavers that a plan change saves; Ls: months a saved line is worth, Lu: months any other line is worth
(both discounted, `analytics.valuation.rules.economics.expected_months`); c: cost of the line a month on its plan;
m: margin, a share of c; d: saving a month. The line uses as much as before, so its cost to serve stays and the whole
saving comes off the margin: m x c - d is what the plan earns. a: share of those contacted who take the plan; C: cost of
the contact. The first term is what saved lines bring, the second what lines that would have stayed anyway pay less.

G rises with p; it is 0 at the break-even chance. Where the plan earns nothing (m x c <= d), or G(1) <= 0, no chance of
leaving is high enough: losing the line costs no more than keeping it on that plan.
"""

from dataclasses import dataclass

import numpy as np

from analytics.valuation.models import TreatmentKind
from analytics.valuation.rules.economics import (
    KINDS,
    LINE_TYPES,
    UNKNOWN_COHORT,
    UNKNOWN_TYPE,
    Economics,
    Lines,
    treatments_by_kind,
    usual_months,
)

PLACE = KINDS.index(TreatmentKind.PLAN_CHANGE.value)


@dataclass(frozen=True)
class PlanChange:
    """The assumptions of a proposed plan change. acceptance: share; usual: months by line type x cohort."""

    economics: Economics
    usual: np.ndarray
    acceptance: float

    @classmethod
    def current(cls) -> "PlanChange":
        """From the current rows, default values where there is none; a fixed number of small queries."""
        acceptance = treatments_by_kind()[TreatmentKind.PLAN_CHANGE.value].acceptance
        return cls(Economics.current(), usual_months(), acceptance)

    def earned(self, cost: np.ndarray, saving: np.ndarray, line_type: np.ndarray) -> np.ndarray:
        """Margin a month on the better plan, yuan; negative where it does not cover the cost to serve."""
        return self.economics.margin[line_type] * cost - saving

    def break_even(
        self, *, cost: np.ndarray, saving: np.ndarray, line_type: np.ndarray, cohort: np.ndarray
    ) -> np.ndarray:
        """The churn probability from which proposing pays, for each line; nan for never and without a saving.

        cost, saving: yuan a month; line_type, cohort: indexes into LINE_TYPES and COHORTS.
        """
        cell = self.economics.cells(Lines(np.zeros(len(cost)), np.nan_to_num(cost), cohort, line_type))
        save_rate = self.economics.save_by_cell[PLACE][cell].astype(np.float64)
        contact = self.economics.contact_cost[line_type]
        kept = save_rate * self.economics.months[line_type, cohort] * self.earned(cost, saving, line_type)
        lost = self.acceptance * saving * self.usual[line_type, cohort]
        chance = np.full(len(cost), np.nan)
        pays = (saving > 0) & (kept > contact)
        np.divide(lost + contact, kept + lost, out=chance, where=pays)
        return chance


def type_index(line_type: str) -> int:
    return LINE_TYPES.index(line_type) if line_type in LINE_TYPES else UNKNOWN_TYPE


__all__ = ["PLACE", "UNKNOWN_COHORT", "PlanChange", "type_index"]
