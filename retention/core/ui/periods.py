"""The days and months of a history, each once: what is missing in between keeps its place on the axis."""

from collections.abc import Collection
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


def all_days(known: Collection[date]) -> list[date]:
    """Every day from the first to the last known one, oldest first."""
    if not known:
        return []
    first, last = min(known), max(known)
    return [first + timedelta(days=ahead) for ahead in range((last - first).days + 1)]


def all_months(known: Collection[date]) -> list[date]:
    """The first day of every month from that of the first to that of the last known day, oldest first."""
    if not known:
        return []
    month, last, found = min(known).replace(day=1), max(known), []
    while month <= last:
        found.append(month)
        month = next_month(month)
    return found


def all_month_ends(known: Collection[date]) -> list[date]:
    """The last day of each of those months."""
    return [next_month(month) - ONE_DAY for month in all_months(known)]


def next_month(month: date) -> date:
    """The first day of the month after that of a day."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)
