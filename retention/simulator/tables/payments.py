"""Tables of payments and balances."""

from collections.abc import Iterator

import numpy as np

from retention.simulator.history import World
from retention.simulator.identity import Identity, numbered
from retention.simulator.randomness import stream, uniform
from retention.simulator.rules.payments import DUE_DAY, Ledger
from retention.simulator.schema import Piece, choices, instants, sliced, table, yuan

CHANNELS = ("app", "wechat", "bank_debit", "hall", "card", "agent_store")


def payments(world: World, identity: Identity, ledger: Ledger) -> Iterator[Piece]:
    """`payments`: paid postpaid bills and prepaid top-ups up to `until`, by day and account."""
    until = world.spec.timeline.until
    days, accounts, cents = [], [], []
    for month in world.spec.timeline.touched_months:
        where = np.flatnonzero(ledger.topup_cents[month] > 0)
        days.append(ledger.topup_day(month)[where])
        accounts.append(where.astype(np.int32))
        cents.append(ledger.topup_cents[month][where])
        if month == world.spec.timeline.current:
            continue
        paid = ledger.paid_on(month)
        where = np.flatnonzero((paid <= until) & ~ledger.prepaid & (ledger.total(month) > 0))
        days.append(paid[where])
        accounts.append(where.astype(np.int32))
        cents.append(np.round(ledger.total(month)[where]).astype(np.int32))
    day, account, amount = (np.concatenate(part or [np.empty(0, np.int32)]) for part in (days, accounts, cents))
    order = np.lexsort((account, day))
    day, account, amount = day[order], account[order], amount[order]
    second = (8 * 3600 + 14 * 3600 * uniform(stream(world.spec.seed, "payments"), len(day))).astype(np.int32)
    yield from sliced(
        "payments",
        table(
            "payments",
            {
                "payment_no": numbered("P", np.arange(len(day)), 10),
                "account_no": identity.account.take(account),
                "paid_at": instants(day, second),
                "amount": yuan(amount),
                "channel": choices(CHANNELS, ledger.channel[account]),
            },
        ),
    )


def balances(world: World, identity: Identity, ledger: Ledger) -> Iterator[Piece]:
    """`balances` at month ends (prepaid; postpaid only what is overdue), and daily for prepaid's last week."""
    timeline = world.spec.timeline
    for month in timeline.completed_months:
        end = timeline.end(month)
        if end == timeline.until:
            continue  # the daily rows below contain this day
        arrears = _overdue(world, ledger, end)
        known = (ledger.prepaid | (arrears > 0)) & _present(world, ledger, end)
        yield from _balance_rows(identity, np.flatnonzero(known), end, ledger.balance[month + 1], arrears)
    for day in range(max(timeline.until - 6, timeline.history_start), timeline.until + 1):
        last = day == timeline.until
        arrears = _overdue(world, ledger, day)
        known = (ledger.prepaid | last) & _present(world, ledger, day)
        if any(day == timeline.end(month) for month in timeline.completed_months) and not last:
            continue  # already written as a month end
        yield from _balance_rows(identity, np.flatnonzero(known), day, _prepaid_on(world, ledger, day), arrears)


def _present(world: World, ledger: Ledger, day: int) -> np.ndarray:
    """Accounts with an existing line on the day."""
    there = (world.lines.activated <= day) & (world.departures.gone_on > day)
    present = np.zeros(len(ledger.prepaid), dtype=bool)
    present[world.lines.account[there]] = True
    return present


def _prepaid_on(world: World, ledger: Ledger, day: int) -> np.ndarray:
    """Balance of prepaid accounts on a day: the month's cost accrues evenly, top-ups count from their day."""
    timeline = world.spec.timeline
    month = int(np.searchsorted(timeline.starts, day, side="right")) - 1
    end = min(timeline.end(month), timeline.until)
    share = (day - timeline.start(month) + 1) / (end - timeline.start(month) + 1)
    added = np.where(ledger.topup_day(month) <= day, ledger.topup_cents[month], 0)
    return ledger.balance[month] - ledger.total(month) * share + added


def _overdue(world: World, ledger: Ledger, day: int) -> np.ndarray:
    """Cents of postpaid bills due and not paid by the day."""
    timeline = world.spec.timeline
    owed = np.zeros(len(ledger.prepaid), dtype=np.float64)
    for month in timeline.completed_months:
        if timeline.start(month + 1) + DUE_DAY - 1 <= day:
            owed += np.where(ledger.paid_on(month) > day, ledger.total(month), 0)
    return np.where(ledger.prepaid, 0, owed)


def _balance_rows(
    identity: Identity, where: np.ndarray, day: int, balance: np.ndarray, arrears: np.ndarray
) -> Iterator[Piece]:
    left = np.round(balance[where].astype(np.float64))
    columns = {
        "account_no": identity.account.take(where),
        "day": np.full(len(where), day, dtype=np.int32),
        "balance": yuan(np.maximum(left, 0)),
        "arrears": yuan(np.maximum(np.round(arrears[where]), 0) + np.maximum(-left, 0)),
        "deposit": yuan(np.zeros(len(where))),
    }
    yield from sliced("balances", table("balances", columns))
