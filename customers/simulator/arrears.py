"""Accounts that do not pay: stopped, then restored or terminated. Involuntary, and apart from churn."""

import numpy as np

from customers.simulator.journal import Journal
from customers.simulator.lines import NEVER, Lines
from customers.simulator.randomness import mean_one, stream, uniform
from customers.simulator.spec import Spec

_MONTHLY_STOP = 0.019
_NEVER_PAYS = 0.2


class Arrears:
    """Stop and restore (or termination) dates of the latest stop of every account, and a journal of all."""

    def __init__(self, spec: Spec, lines: Lines) -> None:
        self._spec = spec
        size = lines.accounts
        self.account_company = np.zeros(size, dtype=bool)
        self.account_company[lines.account] = lines.company
        rng = stream(spec.seed, "arrears")
        risk = mean_one(rng, size, 1.1) * np.where(self.account_company, 0.08, 1.0)
        self._chance = np.minimum(_MONTHLY_STOP * risk, 0.25)
        self.stopped_on = np.full(size, NEVER, dtype=np.int32)
        self.ends_on = np.full(size, NEVER, dtype=np.int32)  # day of restore or of termination
        self.terminates = np.zeros(size, dtype=bool)
        self.stops = Journal("line", "stopped_on", "ends_on", "terminates")  # "line" holds the account

    def step(self, month: int, using: np.ndarray) -> None:
        """New stops in `month` among accounts (`using`: has a line in use) that are not stopped already."""
        timeline = self._spec.timeline
        start, size = timeline.start(month), len(self._chance)
        rng = stream(self._spec.seed, "arrears", month)
        free = ~self.terminates & ((self.stopped_on == NEVER) | (self.ends_on <= start))
        stopped = free & using & (uniform(rng, size) < self._chance)
        where = np.flatnonzero(stopped)
        day = start + 3 + (22 * uniform(rng, len(where))).astype(np.int32)
        never = uniform(rng, len(where)) < _NEVER_PAYS
        soon = np.minimum(1 - 9 * np.log1p(-0.999 * uniform(rng, len(where))), 50)
        late = 58 + 30 * uniform(rng, len(where))
        end = day + np.where(never, late, soon).astype(np.int32)
        self.stopped_on[where], self.ends_on[where], self.terminates[where] = day, end, never
        self.stops.append(where, stopped_on=day, ends_on=end, terminates=never)

    def stopped_at(self, day: int) -> np.ndarray:
        return (self.stopped_on <= day) & (day < self.ends_on)

    def span_within(self, month: int) -> tuple[np.ndarray, np.ndarray]:
        """First and last stopped day of the month per account as days of the month; 0 and 0 for none."""
        start, end = self._spec.timeline.start(month), self._spec.timeline.end(month)
        touched = (self.stopped_on <= end) & (self.ends_on > start)
        first = np.where(touched, np.maximum(self.stopped_on, start) - start + 1, 0)
        last = np.where(touched, np.minimum(self.ends_on - 1, end) - start + 1, 0)
        return first.astype(np.uint8), last.astype(np.uint8)
