"""Calling circles: the strongest contacts of some mobile lines in the last completed month.

Households and firms call among themselves, and so do some who live alone, less often: friends.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from retention.simulator.defaults import causes
from retention.simulator.history import World
from retention.simulator.identity import Identity, number_hashes
from retention.simulator.randomness import pick, stream, uniform
from retention.simulator.schema import Piece, choices, constant, sliced, table
from retention.simulator.tables.usage import blocks, month_usage

CIRCLE_SHARE = 0.32  # of households and firms whose lines tell their contacts
FRIENDS, FRIENDS_SHARE, FRIENDS_CALLS = 5, 0.2, 0.6  # size of a group, part of them, calls against a household's
MAX_CIRCLE_CONTACTS = 5


@dataclass(frozen=True)
class Acquaintances:
    """Who calls whom, by line. home: a household, a firm, or friends; place: among the mobile lines of the home, whose
    lines are `members[starts[home]:]`; size: how many; friends: whether it is one of friends."""

    home: np.ndarray
    place: np.ndarray
    size: np.ndarray
    friends: np.ndarray
    members: np.ndarray
    starts: np.ndarray


def ties(world: World, identity: Identity) -> Iterator[Piece]:
    """`ties`: three to five contacts; some are of the same household; leaners have more on rival networks."""
    timeline = world.spec.timeline
    if not timeline.completed:
        return
    month = timeline.first + timeline.completed - 1
    known = _acquaintances(world)
    asked_homes = uniform(stream(world.spec.seed, "circles"), int(known.home.max()) + 1) < CIRCLE_SHARE
    for block in blocks(world):
        days, usage = month_usage(world, month, block)
        rng = stream(world.spec.seed, "ties", block.start)
        calls = usage["calls_out"] + usage["calls_in"]
        asked = world.lines.mobile[block] & days.live & (calls >= 6)
        asked &= asked_homes[known.home[block]]
        yield from _circles(world, identity, known, rng, month, block, np.flatnonzero(asked), calls, usage)


def _circles(
    world: World, identity: Identity, acquaintances: Acquaintances, rng: np.random.Generator, month: int,
    block: slice, where: np.ndarray, calls: np.ndarray, usage: dict[str, np.ndarray],
) -> Iterator[Piece]:  # fmt: skip
    wanted = 3 + pick(rng, len(where), [0.3, 0.3, 0.4]).astype(np.int64)
    line = np.repeat(where, wanted)
    rank = np.arange(len(line)) - np.repeat(np.cumsum(wanted) - wanted, wanted)
    other, known = _others(world, acquaintances, rng, block.start + line, rank)
    # In a small operator a stranger may turn out to live at home, where he has been named already.
    keep = known | (acquaintances.home[other] != acquaintances.home[block.start + line])
    line, rank, other, known = line[keep], rank[keep], other[keep], known[keep]
    share = 0.33 * 0.62**rank * (0.8 + 0.4 * uniform(rng, len(line)))
    share *= np.where(acquaintances.friends[block.start + line], FRIENDS_CALLS, 1.0)
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
                "other_hash": number_hashes(np.where(known | ~away, other, other + len(world.lines))),
                "calls": made,
                "minutes": np.round(seconds * share / 60).astype(np.int32),
                "network": choices(("own", "rival"), np.where(known, gone, away | gone).astype(np.int8)),
            },
        ),
    )


def _acquaintances(world: World) -> Acquaintances:
    lines, households = world.lines, world.people.household[world.lines.customer].astype(np.int64)
    mobile = np.flatnonzero(lines.mobile)
    mobiles = np.bincount(households[mobile], minlength=int(households.max()) + 1)
    alone = mobile[mobiles[households[mobile]] == 1]
    group = np.arange(len(alone)) // FRIENDS
    chosen = uniform(stream(world.spec.seed, "friends"), int(group.max(initial=-1)) + 1) < FRIENDS_SHARE
    friends = np.zeros(len(lines), dtype=bool)
    friends[alone] = chosen[group]
    home = households.copy()
    home[alone[chosen[group]]] = len(mobiles) + group[chosen[group]]
    members = mobile[np.argsort(home[mobile], kind="stable")]
    size = np.bincount(home[members], minlength=int(home.max()) + 1)
    starts = np.cumsum(size) - size
    place = np.zeros(len(lines), dtype=np.int64)
    place[members] = np.arange(len(members)) - starts[home[members]]
    return Acquaintances(home, place, size[home], friends, members, starts)


def _others(
    world: World, acquaintances: Acquaintances, rng: np.random.Generator, line: np.ndarray, rank: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """A contact per row and whether it comes from the line's own home; within a circle all differ."""
    size = len(world.lines)
    step = 1 + (rng.random(len(line)) * 40).astype(np.int64) + 41 * rank.astype(np.int64)
    stranger = (line + step * 97) % size
    home, many = acquaintances.home[line], acquaintances.size[line]
    known = rank < many - 1
    # By turns the next and the one before, so that two lines name each other at much the same rank.
    ahead = np.where(rank % 2 == 0, rank // 2 + 1, many - (rank // 2 + 1))
    place = acquaintances.starts[home] + (acquaintances.place[line] + ahead) % np.maximum(many, 1)
    neighbour = acquaintances.members[np.where(known, place, 0)]
    return np.where(known, neighbour, stranger), known
