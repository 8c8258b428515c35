"""What accounts owe and how they pay: bills after the month, prepaid top-ups when the balance runs low."""

import numpy as np

from customers.simulator.history import World
from customers.simulator.lines import NEVER
from customers.simulator.randomness import pick, stream, uniform

DUE_DAY = 20  # of the month after


class Ledger:
    """Per account: what each month costs, when it is paid, top-ups, and prepaid balances (cents)."""

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
        self._leaver = self._leaning_share()

    def _leaning_share(self) -> np.ndarray:
        """(month, account): does any line of the account lean towards leaving or use nothing?"""
        world = self._world
        shown = np.zeros(self._totals.shape, dtype=bool)
        for month in world.spec.timeline.touched_months:
            history = world.history
            quiet = (history.cause[month] > 0) | (world.fates.quiet_from <= world.spec.timeline.start(month))
            shown[month, world.lines.account[quiet]] = True
        return shown

    def charge(self, month: int, account: np.ndarray, cents: np.ndarray) -> None:
        sums = np.bincount(account, weights=cents, minlength=self._totals.shape[1])
        self._totals[month] += np.round(sums).astype(np.int32)

    def total(self, month: int) -> np.ndarray:
        return self._totals[month]

    def paid_on(self, month: int) -> np.ndarray:
        """Day on which a month's bill is paid; NEVER for bills left unpaid."""
        return self._paid[month]

    def topup_day(self, month: int) -> np.ndarray:
        return self._world.spec.timeline.start(month) + self._topup_offset[month].astype(np.int32)

    def settle(self, month: int) -> None:
        """Pay days of the month's bills, top-ups in the month and the balance at its end."""
        timeline = self._world.spec.timeline
        rng = stream(self._world.spec.seed, "settle", month)
        size = len(self.prepaid)
        after = timeline.start(month + 1)
        due = after + DUE_DAY - 1
        day = after + 1 + (17 * np.clip(0.7 * self._prompt + 0.3 * uniform(rng, size), 0, 1)).astype(np.int32)
        late = uniform(rng, size) < np.where(self._leaver[month], 0.14, 0.05) * (0.5 + self._prompt)
        day = np.where(late, due + 1 + (25 * uniform(rng, size)).astype(np.int32), day)
        day = self._unpaid(day, due)
        owes = self._totals[month] > 0
        self._paid[month] = np.where(owes, np.where(self.prepaid, after, day), NEVER)
        self._top_up(rng, month)

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
        willing = uniform(rng, size) < np.where(self._leaver[month], 0.45, 0.96)
        tops = self.prepaid & low & willing & (spent > 0)
        first = np.maximum(self._joined, timeline.start(month))
        day = first + ((timeline.end(month) + 1 - first) * uniform(rng, size)).astype(np.int32)
        tops &= day <= timeline.until
        self.topup_cents[month] = np.where(tops, wanted, 0)
        self._topup_offset[month] = day.clip(timeline.start(month), timeline.end(month)) - timeline.start(month)
        self.balance[month + 1] = np.where(self.prepaid, left + self.topup_cents[month], 0)
