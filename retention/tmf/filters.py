"""Kinds of query parameters of the resources. The values of one, repeated or with commas, are alternatives."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from retention.tmf.fields.base import Filter
from retention.tmf.fields.schemas import TEXT, enum
from retention.tmf.fields.times import RANGES, SCHEMA, days_at, instants_at, read_day, read_when
from retention.tmf.fields.values import LAST_SECOND

MAX_TEXT_LENGTH, MAX_VALUES = 120, 100
NOTHING = Q(pk__in=[])
SEVERAL = "Several with commas between."


def equals_text(lookup: str) -> Callable[[str], Q]:
    """The condition for exactly this text."""
    return lambda asked: Q(**{lookup: _short(asked)})


def equals_number(lookup: str) -> Callable[[str], Q]:
    """The condition for exactly this number."""

    def condition(asked: str) -> Q:
        if not (asked.isascii() and asked.isdigit() and len(asked) < 10):
            raise ValueError("a whole number")
        return Q(**{lookup: int(asked)})

    return condition


def text(lookup: str) -> Filter:
    """A text that may hold commas."""
    return Filter(lambda asked, _today: Q(**{f"{lookup}__in": _few(map(_short, asked))}), TEXT, column=lookup)


def keys(lookup: str) -> Filter:
    """Numbers or codes of things."""
    return Filter(lambda asked, _today: Q(**{f"{lookup}__in": _keys(asked)}), TEXT, SEVERAL, column=lookup)


def keys_of(related: Callable[[list[str]], QuerySet]) -> Filter:
    """Numbers of things of which the row has several; related: the primary keys of the rows that have one of them."""
    return Filter(lambda asked, _today: Q(pk__in=related(_keys(asked))), TEXT, SEVERAL)


def ids(by_id: Callable[[str], Q], *, column: str = "") -> Filter:
    """Ids of the resource. One that cannot be an id is the id of nothing."""

    def condition(asked: Sequence[str], _today: date) -> Q:
        return _any(_or_nothing(by_id, id) for id in _keys(asked))

    return Filter(condition, TEXT, SEVERAL, column)


def choice(means: Mapping[str, Q | Callable[[date], Q]], *, standard: Sequence[str] = ()) -> Filter:
    """One of these words. standard: further words of the specification, which no row has."""

    def condition(asked: Sequence[str], today: date) -> Q:
        found = []
        for word in _split(asked):
            if word not in means and word not in standard:
                raise ValueError(f"one of {', '.join([*means, *standard])}")
            meant = means.get(word, NOTHING)
            found.append(meant if isinstance(meant, Q) else meant(today))
        return _any(found)

    return Filter(condition, enum(*means, *standard), SEVERAL)


def instants(name: str, lookup: str) -> dict[str, Filter]:
    """`name` and its ranges (`name.gte`, `.gt`, `.lte`, `.lt`) over a column of instants."""
    return _ranges(name, lookup, lambda side, asked: instants_at(lookup, side, read_when(asked)))


def days(name: str, lookup: str, *, ends: bool = False) -> dict[str, Filter]:
    """The same over a column of days. ends: the day is written as its last second, not as its first."""
    shift = LAST_SECOND if ends else None
    return _ranges(name, lookup, lambda side, asked: days_at(lookup, side, read_when(asked), shift))


def only(condition: Q, filters: Mapping[str, Filter]) -> dict[str, Filter]:
    """The filters among the rows that have what they compare."""
    return {name: replace(one, condition=_both(one, condition)) for name, one in filters.items()}


def _both(one: Filter, condition: Q) -> Callable[[Sequence[str], date], Q]:
    return lambda asked, today: one.condition(asked, today) & condition


def _ranges(name: str, lookup: str, at: Callable[[str, str], Q]) -> dict[str, Filter]:
    return {f"{name}{suffix}": _range(suffix.lstrip("."), label, lookup, at) for suffix, label in RANGES.items()}


def _range(side: str, label: str, lookup: str, at: Callable[[str, str], Q]) -> Filter:
    described = f"An instant as the answers give it, or a day: {label}."
    return Filter(
        lambda asked, _today: _any(at(side, one) for one in _few(asked)), SCHEMA, described, "" if side else lookup
    )


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


def _any(conditions: Iterable[Q]) -> Q:
    """Alternatives. Q() is true of every row, but is left out by `|`."""
    found = list(conditions)
    return reduce(or_, found, NOTHING) if all(found) else Q()


def _or_nothing(by_id: Callable[[str], Q], id: str) -> Q:
    try:
        return by_id(id)
    except ValueError:
        return NOTHING


def _split(asked: Sequence[str]) -> list[str]:
    return _few(part for one in asked for part in one.split(","))


def _keys(asked: Sequence[str]) -> list[str]:
    return [_short(part) for part in _split(asked)]


def _few(asked: Iterable[str]) -> list[str]:
    found = list(asked)
    if len(found) > MAX_VALUES:
        raise ValueError(f"at most {MAX_VALUES} values")
    return found


def _short(asked: str) -> str:
    if "\0" in asked or len(asked) > MAX_TEXT_LENGTH:
        raise ValueError(f"text of at most {MAX_TEXT_LENGTH} characters")
    return asked
