"""Service contacts: complaints, faults, inquiries and orders, driven by network trouble and by mood."""

import numpy as np

from customers.simulator import causes
from customers.simulator.catalogue import BROADBAND, IPTV
from customers.simulator.hazards import misfit
from customers.simulator.journal import Journal
from customers.simulator.lines import Lines
from customers.simulator.places import Climate
from customers.simulator.randomness import pick, stream, uniform
from customers.simulator.spec import Spec

KINDS = ("complaint", "fault", "inquiry", "order")
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


class Incidents:
    """Writes the service contacts of each month; `grievance` is what is left of recent complaints."""

    def __init__(self, spec: Spec, lines: Lines, climate: Climate) -> None:
        self._spec, self._lines, self._climate = spec, lines, climate
        self.grievance = np.zeros(len(lines), dtype=np.float32)
        self.contacts = Journal("line", "day", "second", "kind", "topic", "severity", "open_hours", "satisfaction")

    def step(self, month: int, using: np.ndarray, quiet_from: np.ndarray, plan: np.ndarray, cause: np.ndarray) -> None:
        """Contacts of lines in use during `month`, before the day they fall quiet."""
        lines = self._lines
        trouble = self._climate.trouble[month][lines.district]
        wired = (lines.line_type == BROADBAND) | (lines.line_type == IPTV)
        shock = misfit(lines, plan, 1.0) if month >= self._spec.timeline.first - 2 else 0.0
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
