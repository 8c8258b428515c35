"""Tables of points earned and redeemed, and of consents to marketing."""

from collections.abc import Iterator

import numpy as np

from retention.simulator.catalogue import FEE
from retention.simulator.history import World
from retention.simulator.identity import Identity, numbered
from retention.simulator.randomness import pick, stream, uniform
from retention.simulator.schema import Piece, choices, constant, instants, nullable_days, sliced, table


def points(world: World, identity: Identity) -> Iterator[Piece]:
    """`points`: earned each quarter by members, redeemed now and then."""
    timeline, lines, fates = world.spec.timeline, world.lines, world.fates
    rng = stream(world.spec.seed, "points")
    member = lines.mobile & ~lines.company & (uniform(rng, len(lines)) < 0.6)
    saved = np.zeros(len(lines), dtype=np.int32)
    parts: list[tuple[np.ndarray, int, np.ndarray, bool]] = []
    for month in timeline.completed_months:
        day = timeline.end(month)
        there = member & (lines.activated <= day) & (fates.gone_on > day) & (fates.quiet_from > day)
        if timeline.calendar_month(month) % 3 == 0:
            earned = np.round(FEE[world.history.plan[month]] * 3 * (0.7 + 0.7 * uniform(rng, len(lines))))
            earned = np.where(there, earned, 0).astype(np.int32)
            saved += earned
            parts.append((np.flatnonzero(earned), day, earned[earned > 0], True))
        spends = there & (saved > 100) & (uniform(rng, len(lines)) < 0.03)
        spent = np.where(spends, np.minimum(saved, 100 * (1 + saved // 250)), 0)
        saved -= spent
        parts.append((np.flatnonzero(spent), day, -spent[spent > 0], False))
    begin = 0
    for where, day, amount, earned_here in parts:
        if not len(where):
            continue
        days = np.full(len(where), day, dtype=np.int32)
        second = (9 * 3600 + 12 * 3600 * uniform(rng, len(where))).astype(np.int32)
        yield from sliced(
            "points",
            table(
                "points",
                {
                    "entry_no": numbered("J", begin + np.arange(len(where)), 10),
                    "subscriber_no": identity.lines(where),
                    "at": instants(days, second),
                    "points": amount.astype(np.int32),
                    "reason": constant("consumption" if earned_here else "redeemed", len(where)),
                    "expires_on": nullable_days(days + 730, np.full(len(where), earned_here)),
                },
            ),
        )
        begin += len(where)


def consents(world: World, identity: Identity) -> Iterator[Piece]:
    """`consents` to marketing of a third of the mobile lines, by telephone and by SMS."""
    lines, timeline = world.lines, world.spec.timeline
    for channel in ("call", "sms"):
        rng = stream(world.spec.seed, "consents", channel)
        there = world.fates.gone_on > timeline.until
        asked = np.flatnonzero(lines.mobile & there & (uniform(rng, len(lines)) < 0.3))
        span = timeline.until - lines.activated[asked] + 1
        day = lines.activated[asked] + (span * uniform(rng, len(asked))).astype(np.int32)
        second = (9 * 3600 + 11 * 3600 * uniform(rng, len(asked))).astype(np.int32)
        yield from sliced(
            "consents",
            table(
                "consents",
                {
                    "subscriber_no": identity.lines(asked),
                    "purpose": constant("marketing", len(asked)),
                    "channel": constant(channel, len(asked)),
                    "granted": uniform(rng, len(asked)) < 0.8,
                    "at": instants(day, second),
                    "source": choices(("hall", "app", "hotline"), pick(rng, len(asked), [4, 4, 2])),
                },
            ),
        )
