"""The calendar's mark on use: months, weekdays and the Spring Festival."""

from datetime import date, timedelta

import numpy as np

from customers.simulator.spec import Timeline, date_of

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
