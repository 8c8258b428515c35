"""Public holidays and make-up working days 调休, from the `holidays` package.

The State Council publishes the arrangement of a year late in the year before. Of a year that the package has no
arrangement for, only the days that the law names are off: no day is moved and none is made up, and the pages say so.
"""

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.metadata import version

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

COUNTRIES = {"CN": pgettext_lazy("country", "China"), "": _("None: the hours of the week hold on every day")}


@dataclass(frozen=True)
class PublicDays:
    """Of one year. off: {day: name}. made_up: days of a weekend that are worked instead. is_arranged: whether the
    arrangement of the year is known."""

    off: dict[date, str] = field(default_factory=dict)
    made_up: frozenset[date] = frozenset()
    is_arranged: bool = True


@cache
def public_days(country: str, year: int, language: str = "en") -> PublicDays:
    """language: of the names, "en" or "zh"."""
    if not country:
        return PublicDays()
    from holidays import country_holidays  # here, because it takes half a second
    from holidays.countries.china import ChinaStaticHolidays

    if country != "CN":
        raise ValueError(f"no calendar of {country!r}")
    known = year in ChinaStaticHolidays.special_public_holidays
    named = "zh_CN" if language.startswith("zh") else "en_US"
    listed = country_holidays(country, years=year, observed=known, language=named)
    worked = {day for day in listed.weekend_workdays if day.year == year} if known else set()
    return PublicDays(dict(sorted(listed.items())), frozenset(worked), known)


@cache
def edition() -> str:
    """Which release of the package is asked: another one may know more years."""
    return version("holidays")
