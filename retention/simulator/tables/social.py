"""Calling circles: the strongest contacts of some mobile lines in the last completed month."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from retention.simulator.defaults import causes
from retention.simulator.history import World
from retention.simulator.identity import Identity
from retention.simulator.lines import NONE
from retention.simulator.randomness import pick, scrambled, stream, uniform
from retention.simulator.schema import Piece, choices, constant, sliced, table
from retention.simulator.tables.usage import blocks, month_usage

CIRCLE_SHARE = 0.32
MAX_CIRCLE_CONTACTS = 5
_HASH_KEY = 7


def other_hashes(numbers: np.ndarray) -> pa.Array:
    """Sixteen hexadecimal characters per number: the same person has the same hash in every circle."""
    mixed = scrambled(numbers, _HASH_KEY)
    nibbles = (mixed[:, None] >> (np.arange(15, -1, -1, dtype=np.uint64) * np.uint64(4))) & np.uint64(15)
    letters = np.frombuffer(b"0123456789abcdef", dtype=np.uint8)[nibbles.astype(np.intp)]
    offsets = np.arange(0, 16 * len(numbers) + 1, 16, dtype=np.int32)
    return pa.Array.from_buffers(
        pa.string(), len(numbers), [None, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(letters))]
    )


def ties(world: World, identity: Identity) -> Iterator[Piece]:
    """`ties`: three to five contacts; some are lines of the same group; leaners have more on rival networks."""
    timeline = world.spec.timeline
    if not timeline.completed:
        return
    month = timeline.first + timeline.completed - 1
    for block in blocks(world):
        days, usage = month_usage(world, month, block)
        rng = stream(world.spec.seed, "ties", block.start)
        calls = usage["calls_out"] + usage["calls_in"]
        asked = world.lines.mobile[block] & days.live & (calls >= 6)
        asked &= uniform(rng, len(calls)) < CIRCLE_SHARE
        yield from _circles(world, identity, rng, month, block, np.flatnonzero(asked), calls, usage)


def _circles(
    world: World, identity: Identity, rng: np.random.Generator, month: int, block: slice, where: np.ndarray,
    calls: np.ndarray, usage: dict[str, np.ndarray],
) -> Iterator[Piece]:  # fmt: skip
    wanted = 3 + pick(rng, len(where), [0.3, 0.3, 0.4]).astype(np.int64)
    line = np.repeat(where, wanted)
    rank = np.arange(len(line)) - np.repeat(np.cumsum(wanted) - wanted, wanted)
    other, known = _others(world, rng, block.start + line, rank)
    share = 0.33 * 0.62**rank * (0.8 + 0.4 * uniform(rng, len(line)))
    made = np.maximum((calls[line] * share).astype(np.int32), 1)
    seconds = (usage["voice_out_s"] + usage["voice_in_s"])[line]
    gone = world.departures.gone_on[other] <= world.spec.timeline.end(month)
    leaning = world.history.cause[month, block][line] != causes.NONE
    away = uniform(rng, len(line)) < np.where(leaning, 0.62, 0.42)
    yield from sliced(
        "ties",
        table(
            "ties",
            {
                "subscriber_no": identity.lines(block.start + line),
                "month": constant(world.spec.timeline.label(month), len(line)),
                "other_hash": other_hashes(np.where(known | ~away, other, other + len(world.lines))),
                "calls": made,
                "minutes": np.round(seconds * share / 60).astype(np.int32),
                "network": choices(("own", "rival"), np.where(known, gone, away | gone).astype(np.int8)),
            },
        ),
    )


def _others(
    world: World, rng: np.random.Generator, line: np.ndarray, rank: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """A contact per row and whether it comes from the line's own group; within a circle all differ."""
    size = len(world.lines)
    step = 1 + (rng.random(len(line)) * 40).astype(np.int64) + 41 * rank.astype(np.int64)
    stranger = (line + step * 97) % size
    neighbour = (line + np.where(rank % 2 == 0, 1, -1) * (rank // 2 + 1)) % size
    group = world.lines.group
    known = (group[line] != NONE) & (group[neighbour] == group[line]) & (neighbour != line)
    return np.where(known, neighbour, stranger), known
