"""Life-cycle events and service contacts of each month, driven by network trouble and by mood."""

import numpy as np

from retention.simulator.defaults import causes
from retention.simulator.defaults.catalogue import BROADBAND, CHEAPER, DEARER, FEE, IPTV
from retention.simulator.defaults.places import Climate
from retention.simulator.history import EventLog
from retention.simulator.lines import Lines
from retention.simulator.parameters import Spec
from retention.simulator.randomness import pick, stream, uniform
from retention.simulator.rules.hazards import excess_spend

EVENT_KINDS = (
    "activate", "stop", "restore", "plan_change", "tier_change", "terminate", "port_out_inquiry",
    "termination_request", "forward_set", "roaming_start", "online_abandon",
)  # fmt: skip
(
    ACTIVATE, STOP, RESTORE, PLAN_CHANGE, TIER_CHANGE, TERMINATE, PORT_OUT_INQUIRY, TERMINATION_REQUEST,
    FORWARD_SET, ROAMING_START, ONLINE_ABANDON,
) = range(len(EVENT_KINDS))  # fmt: skip
TIER_FEES = (59, 129, 199)  # silver, gold and diamond from these plan fees on
TIERS = ("none", "silver", "gold", "diamond")


def tier_of(plan: np.ndarray) -> np.ndarray:
    return np.searchsorted(TIER_FEES, FEE[plan], side="right").astype(np.uint8)


class LifeCycleEvents:
    """The event log and the current plan of each line."""

    def __init__(self, spec: Spec, lines: Lines) -> None:
        self._spec, self._lines = spec, lines
        self.event_log = EventLog("line", "day", "second", "kind", "reason", "before", "after")
        self.plan = lines.plan.copy()
        self.plan_now = lines.plan.copy()
        self._first_of_customer = np.r_[True, lines.customer[1:] != lines.customer[:-1]]

    def _note(
        self, rng: np.random.Generator, where: np.ndarray, day: np.ndarray, kind: int, **more: np.ndarray
    ) -> None:
        second = (8.5 * 3600 + 12 * 3600 * uniform(rng, len(where))).astype(np.int32)
        self.event_log.append(where, day=day, second=second, kind=kind, **more)

    def departure_requests(self, month: int, where: np.ndarray, day: np.ndarray, exit_kind: np.ndarray) -> None:
        """Inquiries before a port-out (most lines) and requests before a termination (many)."""
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
        over = excess_spend(lines, self.plan, 1.0)
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


CONTACT_KINDS = ("complaint", "fault", "inquiry", "order")
COMPLAINT, FAULT, INQUIRY, ORDER = range(4)
TOPICS = (
    "network", "billing", "service_attitude", "promotion", "line_down", "slow_data", "dropped_calls", "plan",
    "contract", "porting", "balance", "new_service", "moving",
)  # fmt: skip
_TOPIC_WEIGHTS = {
    COMPLAINT: (30, 30, 18, 14, 0, 6, 2, 0, 0, 0, 0, 0, 0),
    FAULT: (10, 0, 0, 0, 40, 34, 16, 0, 0, 0, 0, 0, 0),
    INQUIRY: (3, 24, 0, 8, 0, 0, 0, 28, 12, 2, 18, 5, 0),
    ORDER: (0, 0, 0, 0, 0, 0, 0, 40, 15, 0, 0, 40, 5),
}
_LEANING_INQUIRY = (2, 10, 0, 5, 0, 0, 0, 20, 35, 22, 4, 0, 2)


class ServiceContacts:
    """Writes the service contacts of each month; `grievance` is the decaying effect of recent complaints."""

    def __init__(self, spec: Spec, lines: Lines, climate: Climate) -> None:
        self._spec, self._lines, self._climate = spec, lines, climate
        self.grievance = np.zeros(len(lines), dtype=np.float32)
        self.contacts = EventLog("line", "day", "second", "kind", "topic", "severity", "open_hours", "satisfaction")

    def step(self, month: int, using: np.ndarray, quiet_from: np.ndarray, plan: np.ndarray, cause: np.ndarray) -> None:
        """Contacts of lines in use during `month`, before the day they fall quiet."""
        lines = self._lines
        trouble = self._climate.trouble[month][lines.district]
        wired = (lines.line_type == BROADBAND) | (lines.line_type == IPTV)
        shock = excess_spend(lines, plan, 1.0) if month >= self._spec.timeline.first - 2 else 0.0
        leaning = cause != causes.NONE
        chances = {
            COMPLAINT: 0.006 + 0.010 * trouble * lines.network_sense + 0.006 * shock
            + np.where(cause == causes.SERVICE, 0.22, np.where(cause == causes.NETWORK, 0.12, 0.0)),
            FAULT: np.where(wired, 0.012 + 0.045 * trouble, 0.0015 + 0.008 * trouble),
            INQUIRY: 0.028 + np.where(leaning, 0.06, 0.0),
            ORDER: 0.012 * np.where(leaning, 0.5, 1.0),
        }  # fmt: skip
        self.grievance *= np.float32(0.5)
        for kind, chance in chances.items():
            rng = stream(self._spec.seed, "incidents", month, kind)
            happens = using & (uniform(rng, len(lines)) < chance)
            self._write(rng, month, kind, np.flatnonzero(happens), quiet_from, leaning)

    def _write(
        self, rng: np.random.Generator, month: int, kind: int, where: np.ndarray, quiet_from: np.ndarray,
        leaning: np.ndarray,
    ) -> None:  # fmt: skip
        timeline, size = self._spec.timeline, len(where)
        first = np.maximum(self._lines.activated[where], timeline.start(month))
        day = first + ((timeline.end(month) + 1 - first) * uniform(rng, size)).astype(np.int32)
        topic = pick(rng, size, _TOPIC_WEIGHTS[kind])
        if kind == INQUIRY:
            topic = np.where(leaning[where], pick(rng, size, _LEANING_INQUIRY), topic)
        severity = 1 + pick(rng, size, [0.35, 0.35, 0.22, 0.08]).astype(np.int32)
        slow = np.exp(2.4 + 1.1 * rng.standard_normal(size)) * (1 + 0.4 * severity)
        hours = np.minimum(np.where(kind in (INQUIRY, ORDER), slow / 12, slow), 1_500).astype(np.int32)
        if kind == COMPLAINT:
            self.grievance[where] += severity * np.where(hours > 72, 1.0, 0.5).astype(np.float32)
        answered = uniform(rng, size) < 0.3
        mood = 9.2 - 0.9 * severity * (kind in (COMPLAINT, FAULT)) - 1.5 * (hours > 72) - leaning[where]
        score = np.clip(np.round(mood + 1.4 * rng.standard_normal(size)), 1, 10)
        second = (8 * 3600 + 13 * 3600 * uniform(rng, size)).astype(np.int32)
        kept = day < quiet_from[where]
        self.contacts.append(
            where[kept],
            day=day[kept],
            second=second[kept],
            kind=kind,
            topic=topic[kept],
            severity=severity[kept],
            open_hours=hours[kept],
            satisfaction=np.where(answered, score, 0)[kept],
        )
