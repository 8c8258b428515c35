"""Debts and payments of accounts; accounts that do not pay are stopped, then restored or terminated."""

import numpy as np

from retention.simulator.history import EventLog, World
from retention.simulator.lines import NEVER, Lines
from retention.simulator.parameters import Spec
from retention.simulator.randomness import mean_one, pick, stream, uniform

_MONTHLY_STOP = 0.019
_NEVER_PAYS = 0.2


class Arrears:
    """Stop and restore (or termination) dates of the latest stop of every account, and a log of all."""

    def __init__(self, spec: Spec, lines: Lines) -> None:
        self._spec = spec
        size = lines.accounts
        self.account_company = np.zeros(size, dtype=bool)
        self.account_company[lines.account] = lines.company
        rng = stream(spec.seed, "arrears")
        risk = mean_one(rng, size, 1.1) * np.where(self.account_company, 0.08, 1.0)
        self._chance = np.minimum(_MONTHLY_STOP * risk, 0.25)
        self.stopped_on = np.full(size, NEVER, dtype=np.int32)
        self.ends_on = np.full(size, NEVER, dtype=np.int32)  # day of restore or of termination
        self.terminates = np.zeros(size, dtype=bool)
        self.stops = EventLog("line", "stopped_on", "ends_on", "terminates")  # "line" holds the account

    def step(self, month: int, using: np.ndarray) -> None:
        """New stops in `month` among accounts (`using`: has a line in use) that are not stopped already."""
        timeline = self._spec.timeline
        start, size = timeline.start(month), len(self._chance)
        rng = stream(self._spec.seed, "arrears", month)
        free = ~self.terminates & ((self.stopped_on == NEVER) | (self.ends_on <= start))
        stopped = free & using & (uniform(rng, size) < self._chance)
        where = np.flatnonzero(stopped)
        day = start + 3 + (22 * uniform(rng, len(where))).astype(np.int32)
        never = uniform(rng, len(where)) < _NEVER_PAYS
        soon = np.minimum(1 - 9 * np.log1p(-0.999 * uniform(rng, len(where))), 50)
        late = 58 + 30 * uniform(rng, len(where))
        end = day + np.where(never, late, soon).astype(np.int32)
        self.stopped_on[where], self.ends_on[where], self.terminates[where] = day, end, never
        self.stops.append(where, stopped_on=day, ends_on=end, terminates=never)

    def stopped_at(self, day: int) -> np.ndarray:
        return (self.stopped_on <= day) & (day < self.ends_on)

    def span_within(self, month: int) -> tuple[np.ndarray, np.ndarray]:
        """First and last stopped day of the month per account as days of the month; 0 and 0 for none."""
        start, end = self._spec.timeline.start(month), self._spec.timeline.end(month)
        touched = (self.stopped_on <= end) & (self.ends_on > start)
        first = np.where(touched, np.maximum(self.stopped_on, start) - start + 1, 0)
        last = np.where(touched, np.minimum(self.ends_on - 1, end) - start + 1, 0)
        return first.astype(np.uint8), last.astype(np.uint8)


DUE_DAY = 20  # of the month after
# A prepaid debt that waits longer for a top-up is never paid.
_MOST_MONTHS_OWED = 6


class Ledger:
    """Per account: cost of each month, payment day, top-ups, and prepaid balances (cents)."""

    def __init__(self, world: World) -> None:
        self._world = world
        lines, months = world.lines, world.spec.timeline.months
        size = lines.accounts
        self.prepaid = np.zeros(size, dtype=bool)
        self.prepaid[lines.account] = lines.prepaid
        self._totals = np.zeros((months, size), dtype=np.int32)
        self._paid = np.full((months, size), NEVER, dtype=np.int32)
        self.balance = np.zeros((months + 1, size), dtype=np.int32)  # at the end of the month before
        self.topup_cents = np.zeros((months, size), dtype=np.int32)
        self._topup_offset = np.zeros((months, size), dtype=np.uint8)  # days after the month's first
        rng = stream(world.spec.seed, "ledger")
        start = (500 + 4_500 * uniform(rng, size)) * self.prepaid
        self.balance[world.spec.timeline.first] = np.round(start)
        self._prompt = uniform(rng, size)  # 0 pays early, 1 late
        self._stops = world.stops.columns()
        self.channel = pick(rng, size, [34, 26, 14, 12, 4, 10])
        self._joined = np.full(size, NEVER, dtype=np.int32)
        np.minimum.at(self._joined, lines.account, lines.activated)
        self._leaver, self._asleep = self._leaning_share()
        # Of prepaid accounts: the day of the top-up that pays what the balance did not cover, 0 without such a debt.
        self._repaid_on = np.zeros(size, dtype=np.int32)

    def _leaning_share(self) -> tuple[np.ndarray, np.ndarray]:
        """(month, account): whether any line of the account leans towards leaving or has no use; whether none has."""
        world = self._world
        shown, awake = (np.zeros(self._totals.shape, dtype=bool) for _table in range(2))
        for month in world.spec.timeline.touched_months:
            asleep = world.departures.quiet_from <= world.spec.timeline.start(month)
            shown[month, world.lines.account[(world.history.cause[month] > 0) | asleep]] = True
            awake[month, world.lines.account[~asleep]] = True
        return shown, ~awake

    def charge(self, month: int, account: np.ndarray, cents: np.ndarray) -> None:
        sums = np.bincount(account, weights=cents, minlength=self._totals.shape[1])
        self._totals[month] += np.round(sums).astype(np.int32)

    def total(self, month: int) -> np.ndarray:
        return self._totals[month]

    def paid_on(self, month: int) -> np.ndarray:
        """Day on which a month's bill is paid; NEVER for bills left unpaid."""
        return self._paid[month]

    def due_on(self, month: int) -> int:
        return self._world.spec.timeline.start(month + 1) + DUE_DAY - 1

    def topup_day(self, month: int) -> np.ndarray:
        return self._world.spec.timeline.start(month) + self._topup_offset[month].astype(np.int32)

    def settle(self, month: int) -> None:
        """Pay days of the month's bills, top-ups in the month and the balance at its end."""
        timeline = self._world.spec.timeline
        rng = stream(self._world.spec.seed, "settle", month)
        size = len(self.prepaid)
        after = timeline.start(month + 1)
        due = self.due_on(month)
        day = after + 1 + (17 * np.clip(0.7 * self._prompt + 0.3 * uniform(rng, size), 0, 1)).astype(np.int32)
        late = uniform(rng, size) < np.where(self._leaver[month], 0.14, 0.05) * (0.5 + self._prompt)
        day = np.where(late, due + 1 + (25 * uniform(rng, size)).astype(np.int32), day)
        day = self._unpaid(day, due)
        owes = self._totals[month] > 0
        self._top_up(rng, month)
        day = np.where(self.prepaid, np.where(self._owes_after(month), self._repaid_on, after), day)
        self._paid[month] = np.where(owes, day, NEVER)

    def _unpaid(self, day: np.ndarray, due: int) -> np.ndarray:
        """Bills due shortly before or during a stop are paid when service is restored, or never."""
        stops = self._stops
        behind = (stops["stopped_on"] - 45 < due) & (stops["ends_on"] > due)
        account = stops["line"][behind]
        end = np.where(stops["terminates"][behind] > 0, NEVER, stops["ends_on"][behind])
        day[account] = end
        gone = np.zeros(len(day), dtype=bool)
        gone[stops["line"][(stops["terminates"] > 0) & (stops["ends_on"] <= due)]] = True
        return np.where(gone, NEVER, day)

    def _top_up(self, rng: np.random.Generator, month: int) -> None:
        timeline, size = self._world.spec.timeline, len(self.prepaid)
        spent = self._totals[month]
        left = self.balance[month] - spent
        usual = 1 + 1.4 * uniform(rng, size)
        margin = 800 + 2_000 * uniform(rng, size)
        wanted = np.maximum(spent * usual + margin - np.minimum(left, 0), 1_000)
        wanted = np.ceil(wanted / 1_000) * 1_000
        low = left < margin
        # A customer who uses no own line any more tops up no more.
        ready = np.where(self._asleep[month], 0.02, np.where(self._leaver[month], 0.45, 0.96))
        willing = uniform(rng, size) < ready
        tops = self.prepaid & low & willing & (spent > 0)
        first = np.maximum(self._joined, timeline.start(month))
        day = first + ((timeline.end(month) + 1 - first) * uniform(rng, size)).astype(np.int32)
        # Who owes tops up on the day on which the debt is paid, and not before.
        tops &= ~self._owes_after(month)
        repays = (self._repaid_on >= timeline.start(month)) & (self._repaid_on <= timeline.end(month))
        tops, day = tops | repays, np.where(repays, self._repaid_on, day)
        tops &= day <= timeline.until
        self.topup_cents[month] = np.where(tops, wanted, 0)
        self._topup_offset[month] = day.clip(timeline.start(month), timeline.end(month)) - timeline.start(month)
        self.balance[month + 1] = np.where(self.prepaid, left + self.topup_cents[month], 0)
        self._owe(rng, month, ready)

    def _owes_after(self, month: int) -> np.ndarray:
        return self._repaid_on > self._world.spec.timeline.end(month)

    def _owe(self, rng: np.random.Generator, month: int, ready: np.ndarray) -> None:
        """When prepaid accounts whose balance has not covered the month will top up: months of waiting, then a day."""
        begins = self.prepaid & (self.balance[month + 1] < 0) & ~self._owes_after(month)
        size = len(begins)
        waits = np.floor(np.log1p(-0.999 * uniform(rng, size)) / np.log(1 - ready)).astype(np.int32)
        after = self._world.spec.timeline.start(month + 1)
        day = after + (30 * (waits + uniform(rng, size))).astype(np.int32)
        self._repaid_on[begins] = np.where(waits < _MOST_MONTHS_OWED, day, NEVER)[begins]
