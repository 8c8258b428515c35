"""Instants and days of query parameters, compared with columns of instants and with columns of days."""

from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from retention.tmf.fields.schemas import INSTANT
from retention.tmf.fields.values import midnight

RANGES = {"": "equals", ".gte": "not before", ".gt": "after", ".lte": "not after", ".lt": "before"}
DAY_LENGTH = len("2026-01-31")
FIRST_YEAR, LAST_YEAR = 1900, 8999
YEAR = {"pattern": "^(19|[2-8][0-9])[0-9]{2}-"}
SCHEMA = {"anyOf": [INSTANT | YEAR, {"type": "string", "format": "date"} | YEAR]}


def read_when(asked: str) -> date | datetime:
    """A day, or an instant as the answers write it. A `+` that the address did not escape has come as a blank.

    The instant is in UTC: PostgreSQL reads no offset of 16 hours or more.
    """
    if len(asked) == DAY_LENGTH:
        return read_day(asked)
    try:
        at = datetime.fromisoformat(asked.replace(" ", "+"))
    except ValueError:
        at = None
    if at is None or at.tzinfo is None or not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise ValueError("an instant with its offset, or a day as YYYY-MM-DD, of the years 1900 to 8999")
    return at.astimezone(UTC)


def read_day(asked: str) -> date:
    try:
        day = date.fromisoformat(asked) if len(asked) == DAY_LENGTH else None
    except ValueError:
        day = None
    if day is None or day.isoformat() != asked or not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError("a day as YYYY-MM-DD, of the years 1900 to 8999")
    return day


def instants_at(lookup: str, side: str, when: date | datetime) -> Q:
    """Rows whose instant compares with `when`; side: "" or one of gte, gt, lte, lt. A day is all of its instants."""
    if isinstance(when, datetime):
        return _compare(lookup, side, when)
    first, after = midnight(when), midnight(when + timedelta(days=1))
    return {
        "": Q(**{f"{lookup}__gte": first, f"{lookup}__lt": after}),
        "gte": Q(**{f"{lookup}__gte": first}),
        "gt": Q(**{f"{lookup}__gte": after}),
        "lte": Q(**{f"{lookup}__lt": after}),
        "lt": Q(**{f"{lookup}__lt": first}),
    }[side]


def days_at(lookup: str, side: str, when: date | datetime, shift: timedelta | None) -> Q:
    """The same for a column of days, each of which stands for its first instant plus `shift`."""
    if not isinstance(when, datetime):
        return _compare(lookup, side, when)
    at = timezone.localtime(when).replace(tzinfo=None) - (shift or timedelta())
    day, exact = at.date(), at.time() == time()
    if side == "":
        return _compare(lookup, "", day) if exact else Q(pk__in=[])
    if not exact:  # between two days
        side = {"gte": "gt", "lt": "lte"}.get(side, side)
    return _compare(lookup, side, day)


def _compare(lookup: str, side: str, value: date | datetime) -> Q:
    return Q(**{f"{lookup}__{side or 'exact'}": value})
