"""Contracts: who is bound by which policy until when, renewals, and the history of earlier contracts."""

import numpy as np

from retention.simulator.catalogue import BROADBAND, IPTV, MOBILE, POLICY_MONTHS, pick_policy
from retention.simulator.hazards import NO_CONTRACT
from retention.simulator.history import Journal
from retention.simulator.lines import Lines
from retention.simulator.people import CAMPUS
from retention.simulator.randomness import stream, uniform
from retention.simulator.spec import Spec

_DAYS_PER_MONTH = 30.4375


class Bonds:
    """Latest contract of each line; `ends_on` is NO_CONTRACT where there never was one."""

    def __init__(self, spec: Spec, lines: Lines) -> None:
        self._spec, self._lines = spec, lines
        size = len(lines)
        self.ends_on = np.full(size, NO_CONTRACT, dtype=np.int32)
        self.policy = np.full(size, -1, dtype=np.int16)
        self.contracts = Journal("line", "policy", "starts_on", "ends_on")
        rng = stream(spec.seed, "bonds")
        share = np.select(
            [lines.line_type == BROADBAND, lines.line_type == IPTV, lines.line_type != MOBILE, lines.prepaid],
            [0.8, 0.65, 0.25, 0.18],
            np.where(lines.channel == CAMPUS, 0.75, 0.62),
        )
        signs = uniform(rng, size) < share
        draw, age = uniform(rng, size), uniform(rng, size)
        self._sign(np.flatnonzero(signs & lines.newcomer), lines.activated, draw)
        old = np.flatnonzero(signs & ~lines.newcomer & ~lines.dormant)
        # An old line is somewhere in its latest contract, or up to a year past its end.
        policy = pick_policy(draw[old], lines.line_type[old])
        length = _days(policy)
        begin = spec.timeline.history_start - (age[old] * (length + 300)).astype(np.int32)
        started = lines.activated.copy()
        started[old] = np.maximum(begin, lines.activated[old])
        self._sign(old, started, draw)

    def _sign(self, where: np.ndarray, starts: np.ndarray, draw: np.ndarray) -> None:
        policy = pick_policy(draw[where], self._lines.line_type[where])
        begin = starts[where]
        end = begin + _days(policy) - 1
        self.ends_on[where], self.policy[where] = end, policy
        self.contracts.append(where, policy=policy, starts_on=begin, ends_on=end)

    def running(self, day: int) -> np.ndarray:
        return self.ends_on >= day

    def step(self, month: int, content: np.ndarray, using: np.ndarray) -> None:
        """Renewals of contracts that end in `month`, and new ones of lines without."""
        timeline, size = self._spec.timeline, len(self.ends_on)
        rng = stream(self._spec.seed, "bonds", month)
        ending = (self.ends_on >= timeline.start(month)) & (self.ends_on <= timeline.end(month))
        renews = np.where(self._lines.line_type == BROADBAND, 0.62, 0.45)
        chance = np.where(content, renews, 0.04)
        renewing = using & ending & (uniform(rng, size) < chance)
        unbound = using & content & (self.ends_on < timeline.start(month))
        unbound &= self._lines.activated < timeline.start(month)
        signing = unbound & (uniform(rng, size) < np.where(self._lines.line_type == MOBILE, 0.022, 0.05))
        starts = self.ends_on + 1
        day = (timeline.length(month) * uniform(rng, size)).astype(np.int32)
        starts = np.where(signing, timeline.start(month) + day, starts)
        self._sign(np.flatnonzero(renewing | signing), starts, uniform(rng, size))


def _days(policy: np.ndarray) -> np.ndarray:
    return np.round(POLICY_MONTHS[policy] * _DAYS_PER_MONTH).astype(np.int32)
