"""The usual times of an appointment, moved to when the group works and calls are made. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import numpy as np

from workorders.clocks.worktime import NoWorkingTime, Timekeeper, to_datetime, to_instant

AFTERNOON, MINUTES = 15, 5
# Into the morning, when the desks are filled.
AFTER_OPENING = timedelta(minutes=30)
# Hours of calls and hours of work are brought together in a few steps, or never.
MOST_STEPS = 20
_NOON = 14
Opening = Callable[[datetime], datetime]


class Preset(StrEnum):
    HOUR = "hour"
    AFTERNOON = "afternoon"
    MORNING = "morning"
    SAME_TIME = "same_time"
    DAYS = "days"


@dataclass(frozen=True)
class Usual:
    """at: when; wanted: when it would have been by the clock alone."""

    preset: Preset
    at: datetime
    wanted: datetime

    @property
    def is_moved(self) -> bool:
        return self.at != self.wanted


def works_from(keeper: Timekeeper, at: datetime) -> datetime:
    """`at` while the group works, else the next moment at which it begins; `at` where it never does."""
    try:
        worked = keeper.add(np.array([to_instant(at)]), np.array([1]))  # the end of the first microsecond worked
    except NoWorkingTime:
        return at
    return to_datetime(worked[0] - 1).astimezone(at.tzinfo)


def open_from(calls: Opening, keeper: Timekeeper, at: datetime) -> datetime:
    """The first moment from `at` on at which calls are made and the group works."""
    for _step in range(MOST_STEPS):
        later = works_from(keeper, calls(at))
        if later == at:
            return at
        at = later
    return calls(at)


def usual_times(now: datetime, opens: Opening) -> list[Usual]:
    """now: local time. Times that fall together are named once, by the first of them."""
    rounded = _round_up(now)
    tomorrow = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    wanted = [(Preset.HOUR, rounded + timedelta(hours=1))]
    afternoon = now.replace(hour=AFTERNOON, minute=0, second=0, microsecond=0)
    if now.hour < _NOON and opens(afternoon) == afternoon:
        wanted.append((Preset.AFTERNOON, afternoon))
    wanted += [
        (Preset.MORNING, opens(tomorrow) + AFTER_OPENING),
        (Preset.SAME_TIME, rounded + timedelta(days=1)),
        (Preset.DAYS, rounded + timedelta(days=3)),
    ]
    found: dict[datetime, Usual] = {}
    for preset, at in wanted:
        moved = opens(at)
        found.setdefault(moved, Usual(preset, moved, at))
    return list(found.values())


def _round_up(at: datetime) -> datetime:
    """To whole MINUTES: a promise is made for a round time."""
    whole = at.replace(second=0, microsecond=0)
    over = whole.minute % MINUTES
    return whole + timedelta(minutes=(MINUTES - over) % MINUTES)
