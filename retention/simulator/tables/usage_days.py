"""Daily use: each month's counters spread over its days; days always add up to their month."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from retention.simulator.history import World
from retention.simulator.identity import Identity
from retention.simulator.parameters import day_factors
from retention.simulator.randomness import stream, uniform
from retention.simulator.schema import Piece, table
from retention.simulator.tables.usage import COUNTERS, Presence, blocks, month_usage

_FULL = 65_535  # cumulative shares are kept in 16 bits
_VOICE_LIKE = {"voice_out_s", "calls_out", "sms_out", "forwarded_own", "roaming_s"}


@dataclass
class _Spread:
    """A block's month: totals, and the cumulative share of them reached by the end of each day."""

    totals: dict[str, np.ndarray]
    distinct: np.ndarray
    carrier: np.ndarray  # index into COUNTERS of the counter with use on every active day
    shares: tuple[np.ndarray, np.ndarray, np.ndarray]  # (day, line): outgoing, incoming, data
    active: np.ndarray  # (day, line)
    phase: np.ndarray

    def reached(self, counter: int, day: int) -> np.ndarray:
        """Running total of a counter at the end of a day (0 = before the month)."""
        name = COUNTERS[counter]
        which = 2 if name == "data_mb" else 0 if name in _VOICE_LIKE else 1
        if day == 0:
            return np.zeros(len(self.phase), dtype=np.int32)
        phase = (self.phase + np.float64(counter) * 0.6180339887) % 1.0
        spread = self.totals[name] * (self.shares[which][day - 1] / np.float64(_FULL)) + phase
        return np.floor(spread).astype(np.int32)


def usage_days(world: World, identity: Identity) -> Iterator[Piece]:
    """`usage-days` from the first daily day to `until`, day by day in subscriber order."""
    timeline = world.spec.timeline
    for month in timeline.touched_months:
        if world.spec.daily_days and min(timeline.end(month), timeline.until) >= timeline.daily_from:
            yield from _month_days(world, identity, month)


def _month_days(world: World, identity: Identity, month: int) -> Iterator[Piece]:
    timeline = world.spec.timeline
    start = timeline.start(month)
    first = max(timeline.daily_from - start + 1, 1)
    last = min(timeline.end(month), timeline.until) - start + 1
    parts = [(block, _spread(world, month, block)) for block in blocks(world)]
    before = [[part.reached(counter, first - 1) for counter in range(len(COUNTERS))] for _, part in parts]
    for day in range(first, last + 1):
        for (block, part), previous in zip(parts, before, strict=True):
            yield _one_day(world, identity, block, part, previous, start, day)


def _one_day(
    world: World, identity: Identity, block: slice, part: _Spread, previous: list[np.ndarray], start: int,
    day: int,
) -> Piece:  # fmt: skip
    """One day of a block; `previous` holds the running totals and moves on."""
    number = start + day - 1
    keep = np.flatnonzero((world.lines.activated[block] <= number) & (world.departures.gone_on[block] > number))
    columns = {}
    shows_use = part.active[day - 1]
    for counter, name in enumerate(COUNTERS):
        reached = part.reached(counter, day)
        used = reached - previous[counter]
        previous[counter] = reached
        columns[name] = (used + (shows_use & (part.carrier == counter)))[keep]
    calls = columns["calls_out"] + columns["calls_in"]
    columns["distinct_contacts"] = np.minimum(np.ceil(0.7 * calls), part.distinct[keep]).astype(np.int32)
    columns["day"] = np.full(len(keep), number, dtype=np.int32)
    columns["subscriber_no"] = identity.subscribers(block, keep)
    return "usage-days", table("usage-days", columns)


def _spread(world: World, month: int, block: slice) -> _Spread:
    days, usage = month_usage(world, month, block)
    rng = stream(world.spec.seed, "days", month, block.start)
    length, size = world.spec.timeline.length(month), len(days.live)
    active = _active_days(rng, days, usage["active_days"], length)
    factors = day_factors(world.spec.timeline, month)
    company = world.lines.company[block]
    shares = (
        _cumulative(rng, np.where(company[:, None], factors[1], factors[0]), active),
        _cumulative(rng, np.where(company[:, None], factors[1], factors[0]), active),
        _cumulative(rng, np.broadcast_to(factors[2], active.shape), active),
    )
    totals = {name: usage[name].copy() for name in COUNTERS}
    carrier = np.full(size, COUNTERS.index("calls_in"), dtype=np.int8)
    carrier[usage["calls_out"] > 0] = COUNTERS.index("calls_out")
    carrier[usage["data_mb"] > 0] = COUNTERS.index("data_mb")
    for name in ("data_mb", "calls_out", "calls_in"):  # one unit per active day is reserved
        totals[name] -= np.where(carrier == COUNTERS.index(name), usage["active_days"], 0).astype(np.int32)
    return _Spread(
        totals, usage["distinct_contacts"], carrier, shares, np.ascontiguousarray(active.T), rng.random(size)
    )


def _active_days(rng: np.random.Generator, days: Presence, wanted: np.ndarray, length: int) -> np.ndarray:
    """(line, day): exactly `wanted` of each line's usable days, chosen at random."""
    day = np.arange(1, length + 1, dtype=np.int32)
    usable = (day >= days.first[:, None]) & (day <= days.last[:, None])
    usable &= ~((day >= days.stop_from[:, None]) & (day <= days.stop_to[:, None]))
    keys = rng.integers(0, 2**31, size=usable.shape, dtype=np.uint32)
    keys = (keys & np.uint32(0xFFFFFFE0)) | (day - 1).astype(np.uint32)  # unique within a line
    keys[~usable] = 0xFFFFFFFF
    limit = np.sort(keys, axis=1)[np.arange(len(wanted)), np.maximum(wanted - 1, 0)]
    return (keys <= limit[:, None]) & usable & (wanted > 0)[:, None]


def _cumulative(rng: np.random.Generator, factors: np.ndarray, active: np.ndarray) -> np.ndarray:
    """(day, line) cumulative shares in 16 bits; flat over inactive days, full on the last."""
    noise = uniform(rng, active.size).reshape(active.shape)
    weights = factors * (0.35 + 1.3 * noise * noise + noise) * active
    running = np.cumsum(weights, axis=1, dtype=np.float32)
    total = running[:, -1:].copy()
    running /= np.where(total > 0, total, 1)
    return np.ascontiguousarray(np.round(running * _FULL).astype(np.uint16).T)
