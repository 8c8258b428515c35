"""Festivals by date, from the calendars of the `holidays` package, and other days of the year.

A day of the year is kept as the code of a festival, which moves with the moon, or as `MM-DD`.
"""

import re
from calendar import isleap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from django.utils.translation import gettext as _

from retention.core.db.models import pick
from retention.core.errors import Invalid

DAY_OF_YEAR = re.compile(r"(\d\d)-(\d\d)")
A_LEAP_YEAR = 2024


@dataclass(frozen=True)
class Festival:
    """country, listed: the calendar of `holidays` that has it, and its name there."""

    code: str
    name: str
    name_zh: str
    listed: str
    country: str = "CN"

    @property
    def title(self) -> str:
        return pick(self.name, self.name_zh)


FESTIVALS = {
    one.code: one
    for one in (
        Festival("new_year", "New Year's Day", "元旦", "New Year's Day"),
        Festival("spring_festival", "Spring Festival", "春节", "Chinese New Year (Spring Festival)"),
        Festival("womens_day", "Women's Day", "妇女节", "International Women's Day"),
        Festival("labour_day", "Labour Day", "劳动节", "Labor Day"),
        Festival("childrens_day", "Children's Day", "儿童节", "Children's Day"),
        Festival("dragon_boat", "Dragon Boat Festival", "端午节", "Dragon Boat Festival"),
        Festival("mid_autumn", "Mid-Autumn Festival", "中秋节", "Mid-Autumn Festival"),
        Festival("national_day", "National Day", "国庆节", "National Day"),
        Festival("double_ninth", "Double Ninth Festival", "重阳节", "Double Ninth Festival", "HK"),
    )
}


@cache
def festivals_of(year: int) -> dict[str, date]:
    """{code: its first day} of a year; one that the calendar does not have for the year is missing."""
    from holidays import country_holidays  # here, because it takes half a second

    kinds = {"CN": ("public", "half_day"), "HK": ("public",)}
    calendars = {
        country: country_holidays(country, years=year, observed=False, language="en_US", categories=categories)
        for country, categories in kinds.items()
    }
    days = {one.code: calendars[one.country].get_named(one.listed, lookup="exact") for one in FESTIVALS.values()}
    # Mid-Autumn and National Day fall on one day in some years, whose name then holds both.
    days |= {
        one.code: calendars[one.country].get_named(one.listed, lookup="icontains")
        for one in FESTIVALS.values()
        if not days[one.code]
    }
    return {code: min(found) for code, found in days.items() if found}


def check_dates(dates: Iterable[str]) -> list[str]:
    """The same in the order of the year's calendar, festivals first. Raises Invalid for what is no day of a year."""
    unique = list(dict.fromkeys(dates))
    for text in unique:
        if text not in FESTIVALS and not _is_day_of_year(text):
            message = _("%(text)s is no day of the year: write month and day as 04-07.") % {"text": text}
            raise Invalid(message, details=[{"field": "dates", "code": "no_day", "message": message}])
    return [code for code in FESTIVALS if code in unique] + sorted(one for one in unique if one not in FESTIVALS)


def _is_day_of_year(text: str) -> bool:
    match = DAY_OF_YEAR.fullmatch(text)
    if match is None:
        return False
    try:
        date(A_LEAP_YEAR, int(match[1]), int(match[2]))
    except ValueError:
        return False
    return True


def day_in(year: int, text: str) -> date | None:
    """Where a day of the year falls; 29 February is the 28th in years without one."""
    if text in FESTIVALS:
        return festivals_of(year).get(text)
    month, day = (int(part) for part in text.split("-"))
    return date(year, month, 28 if (month, day) == (2, 29) and not isleap(year) else day)


def names_of(text: str) -> tuple[str, str]:
    """Of a festival in English and Chinese; a plain day of the year has no name."""
    festival = FESTIVALS.get(text)
    return (festival.name, festival.name_zh) if festival else ("", "")


def format_days_of_year(dates: Iterable[str]) -> str:
    """`Mid-Autumn Festival, 04-07`, as a setting shows them."""
    return ", ".join(FESTIVALS[text].title if text in FESTIVALS else text for text in dates)


def falling_on(dates: Iterable[str], day: date) -> str | None:
    """The first of the days of the year that is this day."""
    return next((text for text in dates if day_in(day.year, text) == day), None)


def coming(dates: Iterable[str], *, first: date, days: int) -> Iterator[tuple[date, str]]:
    """Days of the year from `first` on, by date."""
    last = first + timedelta(days=days)
    found = [(day_in(year, text), text) for year in range(first.year, last.year + 1) for text in dates]
    yield from sorted((day, text) for day, text in found if day and first <= day <= last)
