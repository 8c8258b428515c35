"""Parameters of a simulation: size, span and seed, the months of the span, and the effect of the calendar on use."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np

BURN_IN_MONTHS = 3  # simulated before the history so that leaning, trouble and complaints are in balance
FUTURE_MONTHS = 3  # simulated after `until`, never emitted: the truth of the next 60 days needs them
DEFAULT_SEED = 20_260
EPOCH = date(1970, 1, 1)


def day_number(day: date) -> int:
    """Days since 1970-01-01, the unit of every date in the simulator."""
    return (day - EPOCH).days


def date_of(number: int) -> date:
    return EPOCH + timedelta(days=int(number))


@dataclass(frozen=True)
class Spec:
    """One synthetic operator.

    subscribers: rows of the resource `subscribers`, those that left during the span included.
    days: length of the history that ends with `until`; its first month is written whole.
    daily_days: the last so many days also have daily usage.
    """

    subscribers: int
    days: int
    until: date
    daily_days: int = 35
    seed: int = DEFAULT_SEED

    def __post_init__(self) -> None:
        if self.subscribers < 1:
            raise ValueError("subscribers must be at least 1")
        if self.days < 1:
            raise ValueError("days must be at least 1")
        if self.daily_days < 0:
            raise ValueError("daily_days must not be negative")
        if not 0 <= self.seed < 2**63:
            raise ValueError("seed must be a non-negative 63-bit integer")

    @cached_property
    def timeline(self) -> "Timeline":
        return Timeline.of(self)


@dataclass(frozen=True)
class Timeline:
    """Months by index: burn-in, completed history, perhaps a partial month, then the future."""

    starts: np.ndarray  # day number of the first day of each month, one more entry than months
    first: int  # index of the first month of the history
    completed: int  # completed months of the history: first .. first + completed - 1
    until: int
    daily_from: int

    @classmethod
    def of(cls, spec: Spec) -> "Timeline":
        begin = spec.until - timedelta(days=spec.days - 1)
        serial = begin.year * 12 + begin.month - 1
        last = spec.until.year * 12 + spec.until.month - 1
        serials = range(serial - BURN_IN_MONTHS, last + FUTURE_MONTHS + 2)
        starts = np.array([day_number(date(s // 12, s % 12 + 1, 1)) for s in serials], dtype=np.int32)
        until = day_number(spec.until)
        ends = starts[1:] - 1
        completed = int(np.count_nonzero(ends[BURN_IN_MONTHS:] <= until))
        daily_from = max(until - spec.daily_days + 1, int(starts[BURN_IN_MONTHS]))
        return cls(starts, BURN_IN_MONTHS, completed, until, daily_from)

    @property
    def months(self) -> int:
        return len(self.starts) - 1

    @property
    def history_start(self) -> int:
        return int(self.starts[self.first])

    @property
    def completed_months(self) -> range:
        return range(self.first, self.first + self.completed)

    @property
    def current(self) -> int | None:
        """Index of the month that `until` leaves unfinished, or None when `until` is a month's last day."""
        index = self.first + self.completed
        return index if int(self.starts[index]) <= self.until else None

    @property
    def touched_months(self) -> range:
        """Completed months and the unfinished one."""
        return range(self.first, self.first + self.completed + (self.current is not None))

    def start(self, month: int) -> int:
        return int(self.starts[month])

    def end(self, month: int) -> int:
        return int(self.starts[month + 1]) - 1

    def length(self, month: int) -> int:
        return int(self.starts[month + 1] - self.starts[month])

    def label(self, month: int) -> str:
        return date_of(self.start(month)).strftime("%Y-%m")

    def calendar_month(self, month: int) -> int:
        return date_of(self.start(month)).month


# First day of the lunar year.
SPRING_FESTIVALS = (
    date(2019, 2, 5), date(2020, 1, 25), date(2021, 2, 12), date(2022, 2, 1), date(2023, 1, 22), date(2024, 2, 10),
    date(2025, 1, 29), date(2026, 2, 17), date(2027, 2, 6), date(2028, 1, 26), date(2029, 2, 13), date(2030, 2, 3),
    date(2031, 1, 23), date(2032, 2, 11), date(2033, 1, 31), date(2034, 2, 19), date(2035, 2, 8),
)  # fmt: skip
_VOICE = (1.0, 0.97, 1.01, 1.0, 1.0, 1.0, 0.99, 0.98, 1.01, 0.97, 1.0, 1.02)
_DATA = (1.02, 1.08, 0.98, 0.97, 0.98, 1.0, 1.08, 1.09, 0.98, 1.02, 0.97, 0.98)
_WEEKDAY_VOICE = (1.06, 1.05, 1.05, 1.04, 1.08, 0.90, 0.82)
_WEEKDAY_COMPANY = (1.18, 1.18, 1.17, 1.16, 1.15, 0.66, 0.50)
_WEEKDAY_DATA = (0.95, 0.95, 0.95, 0.96, 1.02, 1.10, 1.07)


def month_factors(timeline: Timeline, month: int) -> tuple[float, float]:
    """Voice and data level of a calendar month."""
    index = timeline.calendar_month(month) - 1
    return _VOICE[index], _DATA[index]


def is_holiday(day: date) -> bool:
    return any(-2 <= (day - festival).days <= 6 for festival in SPRING_FESTIVALS)


def day_factors(timeline: Timeline, month: int) -> np.ndarray:
    """(3, days of the month): weights of private voice, business voice and data."""
    first = date_of(timeline.start(month))
    days = [first + timedelta(days=offset) for offset in range(timeline.length(month))]
    factors = np.array(
        [[table[day.weekday()] for day in days] for table in (_WEEKDAY_VOICE, _WEEKDAY_COMPANY, _WEEKDAY_DATA)],
        dtype=np.float32,
    )
    festive = np.array([is_holiday(day) for day in days])
    factors[:, festive] *= np.array([[1.25], [0.35], [1.3]], dtype=np.float32)
    return factors
