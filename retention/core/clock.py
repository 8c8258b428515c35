"""The business clock: the only place that reads the time. The demo and the tests move it; domain code is given it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta

from django.utils import timezone

_frozen: ContextVar[datetime | None] = ContextVar("frozen_clock", default=None)


def now() -> datetime:
    """The current instant, aware, in the operator's time zone: its `.date()` is the operator's day."""
    return timezone.localtime(_frozen.get() or timezone.now())


def today() -> date:
    """The current date in the operator's time zone."""
    return now().date()


def midnight(day: date) -> datetime:
    """The instant at which a day begins in the operator's time zone."""
    return timezone.make_aware(datetime.combine(day, time()))


def yesterday() -> date:
    """The last whole day in the operator's time zone."""
    return today() - timedelta(days=1)


def format_instant(at: datetime) -> str:
    """ISO 8601 with the offset of the operator's time zone: the one form in which machines are given an instant."""
    return timezone.localtime(at).isoformat()


@contextmanager
def freeze(at: datetime) -> Iterator[None]:
    """Let the business clock stand at `at` (aware) inside the block."""
    if timezone.is_naive(at):
        raise ValueError("freeze() needs an aware datetime")
    token = _frozen.set(at)
    try:
        yield
    finally:
        _frozen.reset(token)
