"""Running a job: claim its row, go through its steps, skip those already done, record what happened.

A job that dies leaves its row and its finished steps; running it again goes on after them. Two processes never run the
same job at once: the runner holds an advisory lock of its session, which Postgres frees when the process dies.

The work to do is in rows. A task message only wakes a worker, so a lost one costs time and nothing else.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import date, datetime
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import structlog
from celery import current_app
from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.models import F
from kombu.exceptions import OperationalError

from retention.core import clock
from retention.core.accounts.models import User
from retention.core.db import locks
from retention.core.errors import Conflict, DomainError
from retention.core.jobs.models import Job, JobStep

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

log = structlog.get_logger("retention.jobs")
JOB_LOCK = locks.LOCK_SPACES.declare(7301, "running a job")
INTERRUPTED = "The process that ran this ended before it was finished; run it again to complete it."
FINISHED_STATES = {Job.State.DONE, Job.State.GAPS}

hints_log = structlog.get_logger("retention.hints")
# While the broker is gone or hangs, every try would delay a request; beat triggers the same tasks anyway.
BROKER_PAUSE_SECONDS = 5.0
BROKER_TIMEOUTS = {"socket_timeout": 1.0, "socket_connect_timeout": 1.0}
EXPIRES_SECONDS = 60
_silent_until = 0.0


def get_job(*, kind: str, business_date: date, key: str = "", actor: User | None = None) -> Job:
    """The one row of this work, made when it is new."""
    job, _ = Job.objects.get_or_create(
        kind=kind, business_date=business_date, key=key, defaults={"actor": actor, "created_at": clock.now()}
    )
    return job


@contextmanager
def running(job: Job) -> Iterator[Job]:
    """Hold the job while the block runs; its state then holds the result. Conflict when another process has it."""
    if not locks.try_lock(JOB_LOCK, job.pk):
        raise Conflict(f"{job} is already running in another process.", code="already_running")
    Job.objects.filter(pk=job.pk).update(
        state=Job.State.RUNNING, started_at=clock.now(), finished_at=None, error="", attempts=F("attempts") + 1
    )
    job.refresh_from_db()
    try:
        yield job
        if job.state == Job.State.RUNNING:
            job.state = Job.State.DONE
    except BaseException as error:
        job.state, job.error = Job.State.FAILED, _format_error(error)
        # Without a database this cannot be stored; the first error must stay visible.
        with suppress(DatabaseError, InterfaceError):
            _close(job)
        raise
    else:
        _close(job)
    finally:
        log.info(
            "job finished", kind=job.kind, date=str(job.business_date), key=job.key, state=job.state, error=job.error
        )


def _close(job: Job) -> None:
    job.finished_at = clock.now()
    job.save(update_fields=["state", "error", "counts", "finished_at"])
    locks.unlock(JOB_LOCK, job.pk)


def run_step(job: Job, name: str, work: Callable[[JobStep], None]) -> JobStep:
    """Run one step unless an earlier attempt finished it. `work` sets step.rows and step.counts."""
    step, _ = JobStep.objects.get_or_create(job=job, name=name, defaults={"position": job.steps.count() + 1})
    if step.finished_at:
        return step
    step.started_at, step.error = clock.now(), ""
    step.save(update_fields=["started_at", "error"])
    try:
        work(step)
    except BaseException as error:
        step.error = _format_error(error)
        error.add_note(f"in step {name}")
        with suppress(DatabaseError, InterfaceError):
            step.save(update_fields=["error"])
        raise
    step.finished_at = clock.now()
    step.save()
    return step


def as_counts(report: "DataclassInstance") -> dict[str, Any]:
    """The report of a service as JSON, to be kept as the counts of a step: what does not apply (None) is left out."""
    return asdict(report, dict_factory=lambda pairs: {name: value for name, value in pairs if value is not None})


def is_held(job: Job) -> bool:
    """Whether a living process works on the job now."""
    return locks.is_held(JOB_LOCK, job.pk)


def _format_error(error: BaseException) -> str:
    if isinstance(error, DomainError):
        return str(error.message)
    where = " ".join(getattr(error, "__notes__", ()))
    return f"{type(error).__name__} {where}: {error}"[:2000]


def fail_interrupted(*, job: Job, now: datetime) -> bool:
    """Mark a job whose process is gone as failed. False when it has meanwhile ended otherwise."""
    changed = Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, started_at=job.started_at).update(
        state=Job.State.FAILED, error=INTERRUPTED, finished_at=now
    )
    return bool(changed)


def wake_worker(task: str) -> None:
    """Ask a worker to run the task of this name: after the commit, and once per transaction.

    Never fails.
    """
    send = _sender(task)
    if not any(waiting[1] is send for waiting in connection.run_on_commit):
        transaction.on_commit(send, robust=True)


@cache
def _sender(task: str) -> Callable[[], None]:
    """The same object for the same task, to be known again among what waits for a commit."""
    return partial(_send, task)


def _send(task: str) -> None:
    global _silent_until  # noqa: PLW0603  (one broker, one pause for the process)
    if time.monotonic() < _silent_until:
        return
    try:
        with current_app.connection_for_write() as broker:
            broker.transport_options = broker.transport_options | BROKER_TIMEOUTS
            current_app.send_task(task, connection=broker, retry=False, ignore_result=True, expires=EXPIRES_SECONDS)
    except (OperationalError, OSError) as error:
        _silent_until = time.monotonic() + BROKER_PAUSE_SECONDS
        hints_log.warning("hint lost", task=task, error=str(error))
