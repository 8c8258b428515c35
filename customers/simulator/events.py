"""Life-cycle events of each month: inquiries, requests, forwarding, roaming, abandoned orders, plan changes."""

import numpy as np

from customers.simulator import causes
from customers.simulator.catalogue import CHEAPER, DEARER, FEE, IPTV
from customers.simulator.hazards import misfit
from customers.simulator.journal import Journal
from customers.simulator.lines import Lines
from customers.simulator.randomness import stream, uniform
from customers.simulator.spec import Spec

KINDS = (
    "activate", "stop", "restore", "plan_change", "tier_change", "terminate", "port_out_inquiry",
    "termination_request", "forward_set", "roaming_start", "online_abandon",
)  # fmt: skip
(
    ACTIVATE, STOP, RESTORE, PLAN_CHANGE, TIER_CHANGE, TERMINATE, PORT_OUT_INQUIRY, TERMINATION_REQUEST,
    FORWARD_SET, ROAMING_START, ONLINE_ABANDON,
) = range(len(KINDS))  # fmt: skip
TIER_FEES = (59, 129, 199)  # silver, gold and diamond from these plan fees on
TIERS = ("none", "silver", "gold", "diamond")


def tier_of(plan: np.ndarray) -> np.ndarray:
    return np.searchsorted(TIER_FEES, FEE[plan], side="right").astype(np.uint8)


class Happenings:
    """Keeps the journal of events and the plan each line is on."""

    def __init__(self, spec: Spec, lines: Lines) -> None:
        self._spec, self._lines = spec, lines
        self.journal = Journal("line", "day", "second", "kind", "reason", "before", "after")
        self.plan = lines.plan.copy()
        self.plan_now = lines.plan.copy()
        self._first_of_customer = np.r_[True, lines.customer[1:] != lines.customer[:-1]]

    def _note(
        self, rng: np.random.Generator, where: np.ndarray, day: np.ndarray, kind: int, **more: np.ndarray
    ) -> None:
        second = (8.5 * 3600 + 12 * 3600 * uniform(rng, len(where))).astype(np.int32)
        self.journal.append(where, day=day, second=second, kind=kind, **more)

    def leave_takings(self, month: int, where: np.ndarray, day: np.ndarray, exit_kind: np.ndarray) -> None:
        """Before a port-out most ask whether they may; before a termination many ask for it."""
        rng = stream(self._spec.seed, "leave-taking", month)
        asks = (exit_kind == causes.PORT_OUT) & (uniform(rng, len(where)) < 0.85)
        ahead = 1 + (13 * uniform(rng, len(where))).astype(np.int32)
        self._note(rng, where[asks], (day - ahead)[asks], PORT_OUT_INQUIRY)
        requests = (exit_kind == causes.VOLUNTARY) & (uniform(rng, len(where)) < 0.6)
        ahead = 1 + (6 * uniform(rng, len(where))).astype(np.int32)
        self._note(rng, where[requests], (day - ahead)[requests], TERMINATION_REQUEST)

    def step(self, month: int, using: np.ndarray, cause: np.ndarray, roaming: np.ndarray, forwards: np.ndarray) -> None:
        """Events of lines in use; `forwards` marks those who start to forward to a rival this month."""
        lines, timeline = self._lines, self._spec.timeline
        rng = stream(self._spec.seed, "events", month)
        leaning, mobile = cause != causes.NONE, lines.mobile
        moving = cause == causes.MOVER
        rival = leaning & ~moving & (cause != causes.SECOND_SIM)
        holiday = 1.8 if timeline.calendar_month(month) in (1, 2, 7, 8, 10) else 1.0
        chances = {
            PORT_OUT_INQUIRY: np.where(rival, 0.10, 0.0012) * mobile,
            TERMINATION_REQUEST: np.where(leaning, 0.006, 0.0002),
            FORWARD_SET: forwards.astype(np.float32),
            ROAMING_START: np.where(moving, 0.3, roaming * 0.12) * holiday * mobile,
            ONLINE_ABANDON: np.where(leaning, 0.018, 0.004) * (lines.line_type != IPTV),
        }
        for kind, chance in chances.items():
            where = np.flatnonzero(using & (uniform(rng, len(lines)) < chance))
            first = np.maximum(lines.activated[where], timeline.start(month))
            span = timeline.end(month) + 1 - first
            self._note(rng, where, first + (span * uniform(rng, len(where))).astype(np.int32), kind)
        self._change_plans(month, using & (lines.activated < timeline.start(month)), cause)

    def _change_plans(self, month: int, using: np.ndarray, cause: np.ndarray) -> None:
        """Heavy users move up, leaners for the price move down; from the next month on."""
        lines, timeline = self._lines, self._spec.timeline
        rng = stream(self._spec.seed, "plan-changes", month)
        over = misfit(lines, self.plan, 1.0)
        up = np.where(over > 0.4, 0.03, 0.004) * (cause == causes.NONE)
        down = np.where(cause == causes.PRICE, 0.09, np.where(over > 0.05, 0.001, 0.0075))
        draw = uniform(rng, len(lines))
        target = np.where(draw < up, DEARER[self.plan], self.plan)
        target = np.where((draw >= up) & (draw < up + down), CHEAPER[self.plan], target)
        where = np.flatnonzero(using & (target != self.plan))
        day = timeline.start(month) + (timeline.length(month) * uniform(rng, len(where))).astype(np.int32)
        before, after = self.plan[where], target[where].astype(np.uint8)
        self._note(rng, where, day, PLAN_CHANGE, before=before, after=after)
        self.plan[where] = after
        known = day <= timeline.until
        self.plan_now[where[known]] = after[known]
        old_tier, new_tier = tier_of(before), tier_of(after)
        moved = (old_tier != new_tier) & self._first_of_customer[where] & ~lines.company[where]
        self._note(rng, where[moved], day[moved], TIER_CHANGE, before=old_tier[moved], after=new_tier[moved])
