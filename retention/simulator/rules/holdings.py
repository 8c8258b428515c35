"""Contracts (policy, end, renewals, earlier ones) and value-added products of each line, month by month."""

import numpy as np

from retention.simulator.defaults.catalogue import BROADBAND, IPTV, MOBILE, POLICY_MONTHS, PRODUCT_WEIGHTS, pick_policy
from retention.simulator.history import EventLog, ProductSlots
from retention.simulator.lines import NEVER, Lines
from retention.simulator.parameters import Spec
from retention.simulator.parties import CAMPUS
from retention.simulator.randomness import pick, stream, uniform
from retention.simulator.rules.hazards import NO_CONTRACT

_DAYS_PER_MONTH = 30.4375


class Contracts:
    """Latest contract of each line; `ends_on` is NO_CONTRACT for a line without any."""

    def __init__(self, spec: Spec, lines: Lines) -> None:
        self._spec, self._lines = spec, lines
        size = len(lines)
        self.ends_on = np.full(size, NO_CONTRACT, dtype=np.int32)
        self.policy = np.full(size, -1, dtype=np.int16)
        self.contracts = EventLog("line", "policy", "starts_on", "ends_on")
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
        # A line of the old base is within its latest contract, or up to a year past its end.
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


PRODUCT_SLOTS = 3


class Products:
    """The product slots of every line, advanced month by month."""

    def __init__(self, spec: Spec, lines: Lines) -> None:
        self._spec = spec
        size = len(lines)
        self.slots = ProductSlots(
            np.full((PRODUCT_SLOTS, size), -1, dtype=np.int8),
            np.full((PRODUCT_SLOTS, size), NEVER, dtype=np.int32),
            np.full((PRODUCT_SLOTS, size), NEVER, dtype=np.int32),
        )
        for slot, share in enumerate((0.55, 0.28, 0.12)):
            rng = stream(spec.seed, "products", slot)
            takes = (lines.line_type == MOBILE) & (uniform(rng, size) < share)
            self.slots.product[slot] = np.where(takes, pick(rng, size, PRODUCT_WEIGHTS), -1)
            span = np.maximum(spec.timeline.until - lines.activated, 0)
            after = np.where(uniform(rng, size) < 0.4, 0.0, uniform(rng, size)) * span
            self.slots.starts_on[slot] = np.where(takes, lines.activated + after.astype(np.int32), NEVER)
        self._drop_doubles()

    def _drop_doubles(self) -> None:
        product = self.slots.product
        product[1][product[1] == product[0]] = -1
        product[2][(product[2] == product[0]) | (product[2] == product[1])] = -1

    def step(self, month: int, leaning: np.ndarray) -> None:
        """Cancellations in `month`, far more frequent among leaners."""
        timeline = self._spec.timeline
        rng = stream(self._spec.seed, "products", "step", month)
        for slot in range(PRODUCT_SLOTS):
            size = len(leaning)
            day = timeline.start(month) + (timeline.length(month) * uniform(rng, size)).astype(np.int32)
            running = (self.slots.product[slot] >= 0) & (self.slots.ends_on[slot] == NEVER)
            running &= self.slots.starts_on[slot] < day
            stops = running & (uniform(rng, size) < np.where(leaning, 0.13, 0.014))
            self.slots.ends_on[slot][stops] = day[stops]
