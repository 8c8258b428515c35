"""Tables of holdings of subscribers: contracts, value-added products, handsets, points and consents to marketing."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from retention.simulator.defaults.catalogue import FEE, MOBILE, POLICIES, PRODUCTS
from retention.simulator.history import World
from retention.simulator.identity import Identity, numbered
from retention.simulator.randomness import pick, stream, uniform
from retention.simulator.schema import Piece, choices, constant, instants, nullable_days, sliced, table


def points(world: World, identity: Identity) -> Iterator[Piece]:
    """`points`: carried over from before the history, earned each quarter by members, redeemed occasionally."""
    timeline, lines, departures = world.spec.timeline, world.lines, world.departures
    rng = stream(world.spec.seed, "points")
    member = lines.mobile & ~lines.company & (uniform(rng, len(lines)) < 0.6)
    saved = np.zeros(len(lines), dtype=np.int32)
    parts: list[tuple[np.ndarray, int, np.ndarray, str]] = []
    begun, opening = timeline.history_start, stream(world.spec.seed, "points", "opening")
    old = member & (lines.activated < begun) & (departures.gone_on > begun)
    before = np.where(old, np.round(FEE[lines.plan] * 3 * 8 * uniform(opening, len(lines))), 0).astype(np.int32)
    saved += before
    parts.append((np.flatnonzero(before), begun, before[before > 0], "carried_over"))
    for month in timeline.completed_months:
        day = timeline.end(month)
        there = member & (lines.activated <= day) & (departures.gone_on > day) & (departures.quiet_from > day)
        if timeline.calendar_month(month) % 3 == 0:
            earned = np.round(FEE[world.history.plan[month]] * 3 * (0.7 + 0.7 * uniform(rng, len(lines))))
            earned = np.where(there, earned, 0).astype(np.int32)
            saved += earned
            parts.append((np.flatnonzero(earned), day, earned[earned > 0], "consumption"))
        spends = there & (saved > 100) & (uniform(rng, len(lines)) < 0.03)
        spent = np.where(spends, np.minimum(saved, 100 * (1 + saved // 250)), 0)
        saved -= spent
        parts.append((np.flatnonzero(spent), day, -spent[spent > 0], "redeemed"))
    begin = 0
    for where, day, amount, reason in parts:
        if not len(where):
            continue
        days = np.full(len(where), day, dtype=np.int32)
        # What was earned in the two years before expires in the two years after, a part of it every month.
        valid = 730 if reason != "carried_over" else (730 * uniform(opening, len(where))).astype(np.int32)
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
                    "reason": constant(reason, len(where)),
                    "expires_on": nullable_days(days + valid, np.full(len(where), reason != "redeemed")),
                },
            ),
        )
        begin += len(where)


def consents(world: World, identity: Identity) -> Iterator[Piece]:
    """`consents` to marketing of a third of the mobile lines, by telephone and by SMS."""
    lines, timeline = world.lines, world.spec.timeline
    for channel in ("call", "sms"):
        rng = stream(world.spec.seed, "consents", channel)
        there = world.departures.gone_on > timeline.until
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
                    "proof": constant("", len(asked)),
                },
            ),
        )


_BRANDS = ("Huawei", "Xiaomi", "OPPO", "vivo", "Apple", "Honor", "Samsung", "ZTE")
_GENERATIONS = ("2G", "3G", "4G", "5G")


def contracts(world: World, identity: Identity) -> Iterator[Piece]:
    """`contracts` signed by `until`; a contract ends with its line at the latest."""
    columns, until = world.contracts.columns(), world.spec.timeline.until
    gone = world.departures.gone_on[columns["line"]]
    kept = (columns["starts_on"] <= until) & (columns["starts_on"] < gone)
    columns = {name: values[kept] for name, values in columns.items()}
    gone = gone[kept]
    order = np.lexsort((columns["line"], columns["starts_on"]))
    columns = {name: values[order] for name, values in columns.items()}
    gone = gone[order]
    yield from sliced(
        "contracts",
        table(
            "contracts",
            {
                "contract_no": numbered("K", np.arange(len(order))),
                "subscriber_no": identity.lines(columns["line"]),
                "policy_code": choices([policy.code for policy in POLICIES], columns["policy"]),
                "starts_on": columns["starts_on"],
                "ends_on": columns["ends_on"],
                "ended_on": nullable_days(gone, (gone <= until) & (gone <= columns["ends_on"])),
            },
        ),
    )


def product_subscriptions(world: World, identity: Identity) -> Iterator[Piece]:
    """`product-subscriptions` slot by slot, in subscriber order."""
    slots, until, begin = world.products, world.spec.timeline.until, 0
    for slot in range(len(slots.product)):
        starts = slots.starts_on[slot]
        where = np.flatnonzero((slots.product[slot] >= 0) & (starts <= until) & (starts < world.departures.gone_on))
        ends = np.minimum(slots.ends_on[slot], world.departures.gone_on)[where]
        columns = {
            "subscription_no": numbered("V", begin + np.arange(len(where))),
            "subscriber_no": identity.lines(where),
            "product_code": choices([product.code for product in PRODUCTS], slots.product[slot][where]),
            "starts_on": starts[where],
            "ends_on": nullable_days(ends, ends <= until),
        }
        yield from sliced("product-subscriptions", table("product-subscriptions", columns))
        begin += len(where)


def terminals(world: World, identity: Identity) -> Iterator[Piece]:
    """`terminals`: the current handset of a mobile line, and for some the previous one."""
    lines, until = world.lines, world.spec.timeline.until
    mobile = np.flatnonzero(lines.line_type == MOBILE)
    rng = stream(world.spec.seed, "terminals")
    end = np.minimum(np.minimum(world.departures.gone_on[mobile], world.departures.quiet_from[mobile]), until)
    age = np.minimum(-550 * np.log1p(-0.995 * uniform(rng, len(mobile))), 2_900).astype(np.int32)
    changed = np.maximum(np.maximum(end, lines.activated[mobile]) - age, lines.activated[mobile])
    earlier = mobile[changed > lines.activated[mobile]]
    for where, seen in ((earlier, lines.activated[earlier]), (mobile, changed)):
        size = len(where)
        year = 1970 + seen / 365.25
        modern = np.clip((year - 2011) / 16 + 0.1 * rng.standard_normal(size), 0, 0.999)
        generation = np.searchsorted((0.06, 0.2, 0.74), modern, side="right")
        brand = pick(rng, size, [22, 19, 16, 15, 16, 7, 3, 2])
        model = pick(rng, size, 1.0 / np.arange(3, 15))
        label = pa.array([f"{name} {'ABCDEFGHIJKL'[kind]}{4 + kind}" for name in _BRANDS for kind in range(12)])
        code = brand.astype(np.int64) * 1000 + model * 10 + generation
        columns = {
            "subscriber_no": identity.lines(where),
            "first_seen_on": seen.astype(np.int32),
            "tac": numbered("99", 100_000 + code, 6),
            "brand": choices(_BRANDS, brand),
            "model": label.take(brand.astype(np.int64) * 12 + model),
            "generation": choices(_GENERATIONS, generation),
        }
        yield from sliced("terminals", table("terminals", columns))
