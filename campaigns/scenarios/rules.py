"""What a scenario's settings have to agree on: its occasion, the variables of its text, the facts it waits for."""

from datetime import date
from typing import Any, Protocol

from django.utils.translation import gettext as _

from campaigns.audiences.days_of_year import check_dates
from campaigns.audiences.occasions import OCCASIONS, Asked, Occasion
from campaigns.audiences.rules import parse
from campaigns.audiences.rules.feeds import needed_feeds
from campaigns.audiences.text import TEXT_VARIABLE
from retention.core.errors import Invalid

LONGEST_DAYS = 90
EVERY_TEXT = ("customer",)  # variables of every text; {day} where an event or an occasion has one


class Settings(Protocol):
    """What these rules read of a Scenario, and settle."""

    pk: Any
    rule: Any
    event_kinds: Any
    occasion: Any
    days: Any
    dates: Any
    hint: Any
    hint_zh: Any


def occasion_of(scenario: Settings) -> Occasion | None:
    return OCCASIONS.get(scenario.occasion)


def asked_of(scenario: Settings, as_of: date) -> Asked:
    return Asked(as_of, scenario.days, tuple(scenario.dates), scenario.pk or 0)


def check_occasion(scenario: Settings) -> None:
    """Events have no occasion; days and days of the year only where the occasion takes them. Raises Invalid."""
    if scenario.event_kinds:
        scenario.occasion = ""
    if not scenario.occasion:
        scenario.days, scenario.dates = 0, []
        return
    occasion = occasion_of(scenario)
    if occasion is None:
        raise _invalid("occasion", "unknown", _("There is no occasion %(code)s.") % {"code": scenario.occasion})
    if not occasion.fewest_days <= scenario.days <= LONGEST_DAYS:
        limits = {"low": occasion.fewest_days, "high": LONGEST_DAYS}
        raise _invalid("days", "out_of_range", _("Between %(low)s and %(high)s days for this occasion.") % limits)
    if not occasion.dated:
        scenario.dates = []
    elif not scenario.dates:
        raise _invalid("dates", "required", _("Name at least one festival or day of the year."))
    else:
        scenario.dates = check_dates(scenario.dates)


def text_variables(scenario: Settings) -> tuple[str, ...]:
    occasion = occasion_of(scenario)
    if occasion is not None:
        return (*EVERY_TEXT, "day", *occasion.variables)
    return (*EVERY_TEXT, "day") if scenario.event_kinds else EVERY_TEXT


def check_text(scenario: Settings) -> None:
    """Raise Invalid for a variable that nothing fills in."""
    known = text_variables(scenario)
    for name in ("hint", "hint_zh"):
        for variable in TEXT_VARIABLE.findall(getattr(scenario, name)):
            if variable not in known:
                listed = ", ".join(f"{{{one}}}" for one in known)
                text = _("There is no {%(name)s} here; known are %(known)s.") % {"name": variable, "known": listed}
                raise _invalid(name, "unknown_variable", text)


def needed_facts(scenario: Settings) -> list[str]:
    """Names of the feeds that it waits for. An event is acted on whatever feed is late."""
    if scenario.event_kinds:
        return []
    occasion = occasion_of(scenario)
    feeds = {feed.value for feed in occasion.feeds} if occasion else set()
    return sorted({*needed_feeds(parse(scenario.rule)), *feeds})


def _invalid(field: str, code: str, message: str) -> Invalid:
    return Invalid(message, details=[{"field": field, "code": code, "message": message}])
