"""Use of each line per month: generated again from seed, month and block on each call."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from retention.simulator.defaults import causes
from retention.simulator.history import FORWARDING, RIVAL_HOTLINE, World
from retention.simulator.identity import Identity
from retention.simulator.parameters import month_factors
from retention.simulator.randomness import lognormal, normal, stream, uniform, whole
from retention.simulator.schema import Piece, constant, table

BLOCK_LINES = 200_000  # lines generated at once; a change changes the data of every seed
COUNTERS = (
    "voice_out_s", "voice_in_s", "calls_out", "calls_in", "sms_out", "data_mb", "roaming_s", "forwarded_own",
    "forwarded_rival", "rival_hotline_calls", "dropped_calls",
)  # fmt: skip


def blocks(world: World) -> Iterator[slice]:
    for begin in range(0, len(world.lines), BLOCK_LINES):
        yield slice(begin, min(begin + BLOCK_LINES, len(world.lines)))


@dataclass
class Presence:
    """Days of the month (1 .. length) on which lines of a block can be used; last < first for none."""

    live: np.ndarray  # has a row: joined by the month's end and not terminated before it began
    first: np.ndarray
    last: np.ndarray
    stop_from: np.ndarray  # 0 for no stop
    stop_to: np.ndarray
    available: np.ndarray  # usable days


def presence(world: World, month: int, block: slice) -> Presence:
    """Usable days of a block's lines in a month, cut at `until` in the unfinished one."""
    timeline, lines, departures = world.spec.timeline, world.lines, world.departures
    start, end = timeline.start(month), min(timeline.end(month), timeline.until)
    live = (lines.activated[block] <= end) & (departures.gone_on[block] > start)
    first = np.maximum(lines.activated[block], start) - start + 1
    last = np.minimum(departures.quiet_from[block] - 1, end) - start + 1
    stop_from = world.history.stop_from[month, block].astype(np.int32)
    stop_to = world.history.stop_to[month, block].astype(np.int32)
    cut = np.minimum(stop_to, last) - np.maximum(stop_from, first) + 1
    stopped = np.where(stop_from > 0, np.maximum(cut, 0), 0)
    available = np.where(live, np.maximum(last - first + 1, 0) - stopped, 0)
    return Presence(live, first, last, stop_from, stop_to, np.maximum(available, 0))


def month_usage(world: World, month: int, block: slice) -> tuple[Presence, dict[str, np.ndarray]]:
    """Counters of a block's lines in a month, with `active_days` and `distinct_contacts` (all int32).

    A line with no active day has zero in every counter; otherwise data, else calls out, else calls in
    reaches at least the number of active days, so that each active day has some use.
    """
    timeline, lines, history = world.spec.timeline, world.lines, world.history
    rng = stream(world.spec.seed, "usage", month, block.start)
    days = presence(world, month, block)
    size = len(days.live)
    voice_level, data_level = month_factors(timeline, month)
    share = days.available.astype(np.float32) / timeline.length(month)
    activity = history.activity[month, block].astype(np.float32)
    outward = history.outward[month, block].astype(np.float32)
    cause, stage = history.cause[month, block], history.stage[month, block]
    signals = history.signals[month, block]
    level = activity * share
    length = lines.call_length[block]
    voice = level * np.float32(voice_level) * lognormal(rng, size, 0.10)
    out = lines.voice_out[block] * voice * outward * lognormal(rng, size, 0.13)
    into = lines.voice_in[block] * voice * lognormal(rng, size, 0.13)
    growth = np.float32(data_level * 1.01 ** (month - timeline.first))
    data = lines.data[block] * level * np.sqrt(outward) * growth * lognormal(rng, size, 0.16)
    calls_out, calls_in = whole(rng, out / length), whole(rng, into / length)
    usage = {
        "voice_out_s": np.where(calls_out > 0, np.maximum(out, calls_out), 0).astype(np.int32),
        "voice_in_s": np.where(calls_in > 0, np.maximum(into, calls_in), 0).astype(np.int32),
        "calls_out": calls_out,
        "calls_in": calls_in,
        "sms_out": whole(rng, lines.sms[block] * level * outward),
        "data_mb": whole(rng, data),
    }
    abroad = lines.roamer[block] * np.where((cause == causes.MOVER) & (stage > 0), 5, 1)
    trips = uniform(rng, size) < np.minimum(abroad * 2, 0.8)
    usage["roaming_s"] = np.where(trips, usage["voice_out_s"] * np.minimum(0.6 * uniform(rng, size), 0.5), 0)
    usage |= _signals(rng, world, block, share, signals, calls_in)
    trouble = world.climate.trouble[month][lines.district[block]]
    lost = 0.006 + 0.016 * trouble * lines.network_sense[block]
    usage["dropped_calls"] = np.minimum(whole(rng, (calls_out + calls_in) * lost), calls_out + calls_in)
    _fit_days(rng, lines.regularity[block], activity, days.available, usage)
    return days, usage


def _signals(
    rng: np.random.Generator, world: World, block: slice, share: np.ndarray, signals: np.ndarray,
    calls_in: np.ndarray,
) -> dict[str, np.ndarray]:  # fmt: skip
    """Calls forwarded to the own and to a rival network, and calls to rival hotlines."""
    size = len(share)
    forwards = (signals & FORWARDING) > 0
    own = (uniform(rng, size) < 0.05) & world.lines.mobile[block]
    rival = np.where(forwards, np.maximum(whole(rng, calls_in * 0.35), share > 0), 0)
    asks = (signals & RIVAL_HOTLINE) > 0
    hotline = np.where(asks & (share > 0), 1 + whole(rng, 1.2 * uniform(rng, size)), 0)
    return {
        "forwarded_own": np.where(own, whole(rng, calls_in * 0.12), 0).astype(np.int32),
        "forwarded_rival": np.minimum(rival, calls_in).astype(np.int32),
        "rival_hotline_calls": hotline.astype(np.int32),
    }


def _fit_days(
    rng: np.random.Generator, regularity: np.ndarray, activity: np.ndarray, available: np.ndarray,
    usage: dict[str, np.ndarray],
) -> None:  # fmt: skip
    """Adds active days and distinct contacts, and makes all counters agree with them."""
    size = len(activity)
    regular = regularity * np.minimum(activity, 1) ** 0.4 + 0.04 * normal(rng, size)
    wanted = np.round(available * np.clip(regular, 0.05, 1)).astype(np.int32)
    wanted = np.where(available > 0, np.maximum(wanted, 1), 0)
    carrier = np.where(usage["data_mb"] > 0, usage["data_mb"], 0)
    carrier = np.where(carrier > 0, carrier, usage["calls_out"])
    carrier = np.where(carrier > 0, carrier, usage["calls_in"])
    active = np.minimum(wanted, carrier).astype(np.int32)
    for name in COUNTERS:
        usage[name] = np.where(active > 0, usage[name], 0).astype(np.int32)
    calls = usage["calls_out"] + usage["calls_in"]
    circle = np.minimum(np.floor(0.7 * calls), 2 + 1.9 * np.sqrt(calls) * lognormal(rng, size, 0.15))
    usage["distinct_contacts"] = np.where(calls > 0, np.maximum(circle, 1), 0).astype(np.int32)
    usage["active_days"] = active


def usage_months(world: World, identity: Identity) -> Iterator[Piece]:
    """`usage-months` of every completed month, also of lines that left later."""
    for month in world.spec.timeline.completed_months:
        label = world.spec.timeline.label(month)
        for block in blocks(world):
            days, usage = month_usage(world, month, block)
            keep = np.flatnonzero(days.live)
            columns = {name: values[keep] for name, values in usage.items()}
            yield (
                "usage-months",
                table(
                    "usage-months",
                    {
                        "subscriber_no": identity.subscribers(block, keep),
                        "month": constant(label, len(keep)),
                        **columns,
                    },
                ),
            )
