"""Tables of what subscribers hold: contracts, value-added products and handsets."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from retention.simulator.catalogue import MOBILE, POLICIES, PRODUCTS
from retention.simulator.history import World
from retention.simulator.identity import Identity, numbered
from retention.simulator.randomness import pick, stream, uniform
from retention.simulator.schema import Piece, choices, nullable_days, sliced, table

_BRANDS = ("Huawei", "Xiaomi", "OPPO", "vivo", "Apple", "Honor", "Samsung", "ZTE")
_GENERATIONS = ("2G", "3G", "4G", "5G")


def contracts(world: World, identity: Identity) -> Iterator[Piece]:
    """`contracts` signed by `until`; the end of the line ends its contract."""
    columns, until = world.contracts.columns(), world.spec.timeline.until
    gone = world.fates.gone_on[columns["line"]]
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
        where = np.flatnonzero((slots.product[slot] >= 0) & (starts <= until) & (starts < world.fates.gone_on))
        ends = np.minimum(slots.ends_on[slot], world.fates.gone_on)[where]
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
    """`terminals`: the handset a mobile line has, and for some the one before it."""
    lines, until = world.lines, world.spec.timeline.until
    mobile = np.flatnonzero(lines.line_type == MOBILE)
    rng = stream(world.spec.seed, "terminals")
    end = np.minimum(np.minimum(world.fates.gone_on[mobile], world.fates.quiet_from[mobile]), until)
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
