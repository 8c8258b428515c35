"""A working calendar as hours of the week, public holidays and own days; who is asked for a day, and why. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from zoneinfo import ZoneInfo

from workorders.clocks.hours import Shift, parse_hours
from workorders.clocks.public_days import edition, public_days
from workorders.clocks.worktime import Elapsed, Timekeeper, Worktime


class DayKind(StrEnum):
    """Why a day has its hours."""

    USUAL = "usual"
    FREE = "free"  # of the week
    HOLIDAY = "holiday"
    MADE_UP = "made_up"
    OWN = "own"


@dataclass(frozen=True)
class Day:
    day: date
    kind: DayKind
    shifts: tuple[Shift, ...]
    name: str = ""


@dataclass(frozen=True)
class Hours:
    """What a calendar says. week: shifts of Monday to Sunday. country: whose public holidays are off, "" for none.
    own: days that differ, which override both. A made-up day has the hours of the first day of the week with any.
    """

    week: Sequence[tuple[Shift, ...]]
    country: str = ""
    own: Mapping[date, tuple[Shift, ...]] = field(default_factory=dict)
    names: Mapping[date, str] = field(default_factory=dict)

    def day(self, day: date, language: str = "en") -> Day:
        if day in self.own:
            return Day(day, DayKind.OWN, self.own[day], self.names.get(day, ""))
        usual = self.week[day.weekday()]
        public = public_days(self.country, day.year, language)
        if day in public.made_up:
            return Day(day, DayKind.MADE_UP, usual or next((one for one in self.week if one), ()))
        if day in public.off:
            return Day(day, DayKind.HOLIDAY, (), public.off[day])
        return Day(day, DayKind.USUAL if usual else DayKind.FREE, usual)

    def shifts_on(self, day: date) -> tuple[Shift, ...]:
        return self.day(day).shifts

    def worktime(self, zone: ZoneInfo) -> Worktime:
        return Worktime(self.shifts_on, zone)

    def unknown_years(self, years: Sequence[int]) -> list[int]:
        """Of these years, those whose arrangement is not known and for which nobody has entered a day."""
        entered = {day.year for day in self.own}
        return [year for year in years if not public_days(self.country, year).is_arranged and year not in entered]


@dataclass(frozen=True)
class Calendar:
    """A calendar that orders are reckoned by. key: changes with everything that could change an answer."""

    key: str
    keeper: Timekeeper


def read_hours(week: Sequence[str], days: Sequence[Mapping[str, str]], country: str) -> Hours:
    """What a stored calendar says. days: [{"day", "hours", "name"}]."""
    own = {date.fromisoformat(one["day"]): one for one in days}
    return Hours(
        week=[parse_hours(text) for text in week],
        country=country,
        own={day: parse_hours(one["hours"]) for day, one in own.items()},
        names={day: one["name"] for day, one in own.items()},
    )


# Where no calendar holds.
ALWAYS = Calendar("always", Elapsed())


def calendar_key(code: str, version: int, country: str, zone: str) -> str:
    return f"{code}:{version}:{zone}" + (f":{country}-{edition()}" if country else "")
