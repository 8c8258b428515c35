"""Bills of completed months (cents inside, yuan in the tables), and the debt of each account per month."""

from collections.abc import Iterator

import numpy as np

from retention.simulator.defaults.catalogue import (
    DATA_MB,
    DATA_RATE,
    FEE,
    MINUTES,
    PRODUCT_FEE,
    SMS,
    SMS_RATE,
    VOICE_RATE,
)
from retention.simulator.history import World
from retention.simulator.identity import Identity
from retention.simulator.lines import NEVER
from retention.simulator.randomness import stream, uniform
from retention.simulator.rules.payments import DUE_DAY, Ledger
from retention.simulator.schema import Piece, constant, nullable_days, table, yuan
from retention.simulator.tables.usage import Presence, blocks, month_usage


def bills(world: World, identity: Identity, ledger: Ledger) -> Iterator[Piece]:
    """`bills` month by month. Fills `ledger` with the totals, the unfinished month's included."""
    timeline = world.spec.timeline
    for month in timeline.touched_months:
        charged = []
        for block in blocks(world):
            days, usage = month_usage(world, month, block)
            cents = _charges(world, month, block, days, usage)
            ledger.charge(month, world.lines.account[block], np.where(days.live, cents["total"], 0))
            charged.append((block, days.live, cents))
        ledger.settle(month)
        if month == timeline.current:
            return
        for block, live, cents in charged:
            yield _piece(world, identity, ledger, month, block, np.flatnonzero(live), cents)


def _charges(
    world: World, month: int, block: slice, days: Presence, usage: dict[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Cents by component. Fees are proportional to the days the line existed and was not stopped, regardless of use."""
    timeline, lines, departures = world.spec.timeline, world.lines, world.departures
    start, length = timeline.start(month), timeline.length(month)
    end = min(timeline.end(month), timeline.until)
    plan = world.history.plan[month, block]
    there = np.minimum(departures.gone_on[block] - 1, end) - np.maximum(lines.activated[block], start) + 1
    stopped = np.where(days.stop_from > 0, days.stop_to - days.stop_from + 1, 0)
    share = np.clip((there - stopped) / length, 0, 1)
    rng = stream(world.spec.seed, "bills", month, block.start)
    minutes = np.maximum(usage["voice_out_s"] / 60 - MINUTES[plan] * share, 0)
    megabytes = np.where(lines.mobile[block], np.maximum(usage["data_mb"] - DATA_MB[plan] * share, 0), 0)
    messages = np.maximum(usage["sms_out"] - SMS[plan] * share, 0)
    odd = uniform(rng, len(plan)) < 0.02
    cents = {
        "plan_fee": _free_months(world, month, block) * FEE[plan] * share * 100,
        "voice": minutes * VOICE_RATE[plan] * 100,
        "data": np.minimum(megabytes * DATA_RATE[plan], 3 * FEE[plan] + 20) * 100,
        "sms": messages * SMS_RATE[plan] * 100,
        "vas": _product_fees(world, block, start, end) * share * 100,
        "roaming": usage["roaming_s"] / 60 * 0.39 * 100,
        "other": np.where(odd, 100 * np.floor(1 + 20 * uniform(rng, len(plan))), 0),
    }
    cents = {name: np.round(value).astype(np.int32) for name, value in cents.items()}
    wanted = np.round(world.history.discount[month, block] * share * 100).astype(np.int32)
    cents["discount"] = np.minimum(wanted, cents["plan_fee"])
    cents["total"] = sum(value for name, value in cents.items() if name != "discount") - cents["discount"]
    return cents


def _free_months(world: World, month: int, block: slice) -> np.ndarray:
    """Half the plan fee in the first three months of a joining promotion."""
    age = world.spec.timeline.start(month) - world.lines.activated[block]
    return np.where((world.lines.promotion[block] == 1) & (age < 62), 0.5, 1.0)


def _product_fees(world: World, block: slice, start: int, end: int) -> np.ndarray:
    slots = world.products
    fees = np.zeros(block.stop - block.start)
    for slot in range(len(slots.product)):
        runs = (slots.starts_on[slot, block] <= end) & (slots.ends_on[slot, block] > start)
        fees += np.where(runs, PRODUCT_FEE[slots.product[slot, block]], 0)
    return fees


def _piece(
    world: World, identity: Identity, ledger: Ledger, month: int, block: slice, keep: np.ndarray,
    cents: dict[str, np.ndarray],
) -> Piece:  # fmt: skip
    timeline = world.spec.timeline
    due = np.full(len(keep), timeline.start(month + 1) + DUE_DAY - 1, dtype=np.int32)
    paid = ledger.paid_on(month)[world.lines.account[block]][keep]
    columns = {name: yuan(value[keep]) for name, value in cents.items()}
    columns |= {
        "subscriber_no": identity.subscribers(block, keep),
        "month": constant(timeline.label(month), len(keep)),
        "due_on": due,
        "paid_on": nullable_days(paid, (paid != NEVER) & (paid <= timeline.until)),
    }
    return "bills", table("bills", columns)
