"""One night at a time, for a day that is over, and a night done again. What writes the state of now passes here."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date

from django.db import DatabaseError, InterfaceError, transaction
from django.utils.translation import gettext as _

from retention.core import clock
from retention.core.accounts.models import User
from retention.core.audit import services as audit
from retention.core.db import locks
from retention.core.errors import Conflict, Invalid
from retention.core.jobs.models import Job
from retention.core.jobs.services import is_held, wake_worker

NIGHT_LOCK = locks.LOCK_SPACES.declare(7314, "writing the state of now: a night or a scoring")

NIGHTLY_TASK = "retention.tasks.ensure_nightly"
RERUN_STATES = {Job.State.GAPS, Job.State.FAILED}


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
            _("The night of %(day)s is already running in another process.") % {"day": running.business_date}
            if running
            else _("A night or a scoring is already running in another process.")
        )
        raise Conflict(text, code="already_running")
    try:
        yield
    finally:
        # Without a database there is no lock any more, and the first error must stay visible.
        with suppress(DatabaseError, InterfaceError):
            locks.unlock(NIGHT_LOCK)


@transaction.atomic
def request_rerun(*, job: Job, actor: User, accept: bool = False) -> Job:
    """Have a worker do the night again: all of it where it has gaps, the steps that are left where it failed.

    accept: feeds that held it are taken as they are, since the day was such a day. Conflict when it is done, waits
    already, or a process is at it.
    """
    job = Job.objects.select_for_update().get(pk=job.pk)
    if job.state not in RERUN_STATES or is_held(job):
        raise Conflict(_("Only a night that has failed or has gaps can be run again."), code="not_rerunnable")
    accepted = sorted(job.counts.get("held", {})) if accept else []
    if job.state == Job.State.GAPS:
        forget_steps(job)
    job.state, job.counts = Job.State.QUEUED, job.counts | {"again": True, "accepted": accepted}
    job.save(update_fields=["state", "counts"])
    audit.record(actor=actor, action="night.rerun", target=str(job), accepted=accepted)
    wake_worker(NIGHTLY_TASK)
    return job


@transaction.atomic
def forget_steps(job: Job) -> None:
    """Let every step of the night be done anew, the profile too, although it stands for the date."""
    job.steps.all().delete()
    job.counts = {"facts_came_late": True}
    job.save(update_fields=["counts"])
