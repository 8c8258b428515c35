"""The business clock: the only place that reads the time. The demo and the tests move it; domain code is given it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta

from django.utils import timezone

_frozen: ContextVar[datetime | None] = ContextVar("frozen_clock", default=None)


def now() -> datetime:
    """The current instant, aware."""
    return _frozen.get() or timezone.now()


def today() -> date:
    """The current date in the operator's time zone."""
    return timezone.localtime(now()).date()


def yesterday() -> date:
    """The last whole day in the operator's time zone."""
    return today() - timedelta(days=1)


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
