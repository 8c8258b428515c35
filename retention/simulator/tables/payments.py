"""Tables of payments and balances."""

from collections.abc import Iterator

import numpy as np

from retention.simulator.history import World
from retention.simulator.identity import Identity, numbered
from retention.simulator.lines import NEVER
from retention.simulator.randomness import stream, uniform
from retention.simulator.rules.payments import Ledger
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
    """`balances` of every account at month ends, on the last day, and when its debt begins or ends or it is topped up;
    of prepaid accounts also when bills become overdue and daily in the last week. An account owes its overdue bills."""
    timeline = world.spec.timeline
    size = len(ledger.prepaid)
    for month in timeline.touched_months:
        first, last = timeline.start(month), min(timeline.end(month), timeline.until)
        pairs = [last * size + _present(world, size, last)]
        overdue_from = ledger.due_on(month - 1) + 1
        prepaid_days = {*range(max(timeline.until - 6, first), last), *range(overdue_from, min(overdue_from + 1, last))}
        for day in sorted(prepaid_days):
            there = _present(world, size, day)
            pairs.append(day * size + there[ledger.prepaid[there]])
        topped_up = np.flatnonzero(ledger.topup_cents[month] > 0)
        pairs.append(ledger.topup_day(month)[topped_up].astype(np.int64) * size + topped_up)
        for billed in timeline.completed_months:
            for turn in _turns_of_debt(ledger, billed):
                where = np.flatnonzero((turn >= first) & (turn <= last))
                pairs.append(turn[where] * size + where)
        days, accounts = np.divmod(np.unique(np.concatenate(pairs)), size)
        yield from _balance_rows(world, identity, ledger, month, accounts, days)


def _present(world: World, size: int, day: int) -> np.ndarray:
    """Accounts with an existing line on the day, of `size` ones."""
    there = (world.lines.activated <= day) & (world.departures.gone_on > day)
    present = np.zeros(size, dtype=bool)
    present[world.lines.account[there]] = True
    return np.flatnonzero(present)


def _turns_of_debt(ledger: Ledger, month: int) -> tuple[np.ndarray, np.ndarray]:
    """By account, the first day on which a month's bill is overdue and the day it is paid; NEVER for others."""
    late = (ledger.paid_on(month) > ledger.due_on(month)) & (ledger.total(month) > 0)
    return (
        np.where(late, ledger.due_on(month) + 1, NEVER).astype(np.int64),
        np.where(late, ledger.paid_on(month), NEVER).astype(np.int64),
    )


def _balance_rows(
    world: World, identity: Identity, ledger: Ledger, month: int, account: np.ndarray, day: np.ndarray
) -> Iterator[Piece]:
    """Rows of days of one month. Of prepaid accounts the month's cost accrues evenly, top-ups count from their day."""
    timeline = world.spec.timeline
    start, end = timeline.start(month), min(timeline.end(month), timeline.until)
    share = (day - start + 1) / (end - start + 1)
    added = np.where(ledger.topup_day(month)[account] <= day, ledger.topup_cents[month][account], 0)
    left = ledger.balance[month][account] - ledger.total(month)[account] * share + added
    owed = np.zeros(len(account), dtype=np.float64)
    for billed in timeline.completed_months:
        overdue = (ledger.due_on(billed) < day) & (ledger.paid_on(billed)[account] > day)
        owed += np.where(overdue, ledger.total(billed)[account], 0)
    columns = {
        "account_no": identity.account.take(account),
        "day": day.astype(np.int32),
        "balance": yuan(np.where(ledger.prepaid[account], np.maximum(np.round(left), 0), 0)),
        "arrears": yuan(owed),
        "deposit": yuan(np.zeros(len(account))),
    }
    yield from sliced("balances", table("balances", columns))
