"""One night at a time, for a day that is over. What writes the state of now by a date goes through here."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date

from django.db import DatabaseError, InterfaceError
from django.utils.translation import gettext as _

from retention.core import clock
from retention.core.db import locks
from retention.core.errors import Conflict, Invalid
from retention.core.jobs.models import Job

NIGHT_LOCK = locks.LOCK_SPACES.declare(7314, "writing the state of now: a night or a scoring")


def require_over(as_of: date) -> None:
    """Invalid unless the day has ended in the operator's time zone.

    The state of a day to come would hide the real one from everything that reads the newest.
    """
    last = clock.yesterday()
    if as_of > last:
        raise Invalid(
            _("%(day)s is not over: the last whole day is %(last)s.") % {"day": as_of, "last": last},
            code="day_not_over",
            details=[{"field": "as_of"}],
        )


@contextmanager
def one_night() -> Iterator[None]:
    """Keep every other night and scoring out while the block runs. Conflict, naming the night, when one is at it.

    The lock is the session's: Postgres frees it when the process dies. The holder may enter again.
    """
    if not locks.try_lock(NIGHT_LOCK):
        running = Job.objects.nights().filter(state=Job.State.RUNNING).order_by("-started_at").first()
        text = (
            _("The night of %(day)s is running in another process.") % {"day": running.business_date}
            if running
            else _("A night or a scoring is running in another process.")
        )
        raise Conflict(text, code="already_running")
    try:
        yield
    finally:
        # Without a database there is no lock any more, and the first error must stay visible.
        with suppress(DatabaseError, InterfaceError):
            locks.unlock(NIGHT_LOCK)
