"""Kinds of query parameters of the resources."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from retention.tmf.fields import TEXT, Filter, enum

MAX_TEXT_LENGTH = 120
RANGE_SUFFIXES = {"": "equals", ".gte": "not before", ".gt": "after", ".lte": "not after", ".lt": "before"}


def equals_text(lookup: str) -> Callable[[str], Q]:
    """The condition for exactly this text."""
    return lambda asked: Q(**{lookup: _short(asked)})


def text(lookup: str) -> Filter:
    condition = equals_text(lookup)
    return Filter(lambda asked, _today: condition(asked), TEXT)


def equals_number(lookup: str) -> Callable[[str], Q]:
    """The condition for exactly this number."""

    def condition(asked: str) -> Q:
        if not (asked.isascii() and asked.isdigit() and len(asked) < 10):
            raise ValueError("a whole number")
        return Q(**{lookup: int(asked)})

    return condition


def number(lookup: str) -> Filter:
    condition = equals_number(lookup)
    schema = {"type": "integer", "minimum": 0, "maximum": 999_999_999}
    return Filter(lambda asked, _today: condition(asked), schema)


def choice(means: Mapping[str, Q | Callable[[date], Q]]) -> Filter:
    """One of these words, or several separated by commas."""

    def condition(asked: str, today: date) -> Q:
        found = Q()
        for word in asked.split(","):
            if word not in means:
                raise ValueError(f"one of {', '.join(means)}")
            meant = means[word]
            found |= meant if isinstance(meant, Q) else meant(today)
        return found

    return Filter(condition, enum(*means), "Several with commas between.")


def days(name: str, lookup: str, *, instants: bool = False) -> dict[str, Filter]:
    """`name` and its ranges (`name.gte`, `.gt`, `.lte`, `.lt`). Each takes a day, YYYY-MM-DD."""
    return {f"{name}{side}": _day(lookup, side.lstrip("."), label, instants) for side, label in RANGE_SUFFIXES.items()}


def _day(lookup: str, side: str, label: str, instants: bool) -> Filter:
    def condition(asked: str, _today: date) -> Q:
        day = read_day(asked)
        if not instants:
            return Q(**{f"{lookup}__{side or 'exact'}": day})
        first, after = _midnight(day), _midnight(day + timedelta(days=1))
        return {
            "": Q(**{f"{lookup}__gte": first, f"{lookup}__lt": after}),
            "gte": Q(**{f"{lookup}__gte": first}),
            "gt": Q(**{f"{lookup}__gte": after}),
            "lte": Q(**{f"{lookup}__lt": after}),
            "lt": Q(**{f"{lookup}__lt": first}),
        }[side]

    return Filter(condition, {"type": "string", "format": "date"}, f"The day: {label}.")


def read_day(asked: str) -> date:
    try:
        day = date.fromisoformat(asked) if len(asked) == len("2026-01-31") else None
    except ValueError:
        day = None
    if day is None or not 1900 < day.year < 9000:
        raise ValueError("a day as YYYY-MM-DD")
    return day


def of_line(asked: str, *, line: str = "subscriber__subscriber_no", day: str, form: Callable[[str], date]) -> Q:
    """The condition for an id of two parts, line~day."""
    number, tilde, when = asked.rpartition("~")
    if not tilde or not number:
        raise ValueError("two parts joined by ~")
    return Q(**{line: _short(number), day: form(when)})


def read_month(asked: str) -> date:
    if len(asked) != len("2026-01"):
        raise ValueError("a month as YYYY-MM")
    return read_day(f"{asked}-01")


def _short(asked: str) -> str:
    if "\0" in asked or len(asked) > MAX_TEXT_LENGTH:
        raise ValueError(f"text of at most {MAX_TEXT_LENGTH} characters")
    return asked


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
