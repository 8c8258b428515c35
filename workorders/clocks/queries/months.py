"""A month of a calendar as weeks of days, Monday first."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import get_language

from workorders.clocks.calendars import Day, DayKind
from workorders.clocks.hours import format_hours
from workorders.clocks.models import WorkCalendar

# A year that begins within so many days should be arranged by now.
AHEAD = timedelta(days=30)


@dataclass(frozen=True)
class Cell:
    """One day of the month view. tone: of a stylesheet. hours: as written, "" for a day off."""

    day: date
    kind: DayKind
    hours: str
    name: str
    is_today: bool

    @property
    def is_off(self) -> bool:
        return not self.hours


@dataclass(frozen=True)
class Month:
    """weeks: seven cells each, None outside the month."""

    first: date
    weeks: list[list[Cell | None]]
    before: date
    after: date


def month_of(row: WorkCalendar, first: date, *, today: date) -> Month:
    """first: any day of the month."""
    hours, language = row.to_hours(), get_language() or "en"
    weeks = []
    for week in calendar.Calendar().monthdatescalendar(first.year, first.month):
        days = [hours.day(day, language) if day.month == first.month else None for day in week]
        weeks.append([_cell(day, today) if day else None for day in days])
    start = first.replace(day=1)
    return Month(start, weeks, (start - timedelta(days=1)).replace(day=1), (start + timedelta(days=31)).replace(day=1))


def _cell(day: Day, today: date) -> Cell:
    return Cell(day.day, day.kind, format_hours(day.shifts), day.name, day.day == today)


def unknown_years(row: WorkCalendar, *, today: date) -> list[int]:
    """This year and one that begins soon, when their holidays are not arranged as far as the product knows."""
    return row.to_hours().unknown_years(sorted({today.year, (today + AHEAD).year}))
