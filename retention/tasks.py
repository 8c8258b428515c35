"""Periodic tasks. Each only triggers work: rows and locks in Postgres decide what is done."""

from datetime import date, datetime, timedelta

import structlog
from celery import shared_task
from django.conf import settings
from django.utils import timezone

from campaigns.messages.services.scenario_hits import queue_from_events
from customers.imports.tasks import resume_imports
from customers.ingest.services.acceptance import forget_settled
from customers.ingest.services.pending_references import land_pending
from retention import pipeline
from retention.core import clock
from retention.core.errors import Conflict
from retention.core.exports.tasks import resume_exports
from retention.core.health import services as health
from retention.core.jobs.models import Job
from retention.core.jobs.services import FINISHED_STATES, fail_interrupted, is_held
from retention.core.restores.services import holds_sending
from workorders.orders.services.claiming import release_expired_leases
from workorders.orders.services.insertion import adopt_orphans
from workorders.orders.services.scenario_opening import open_from_events as react_to_events

log = structlog.get_logger("retention.tasks")
NIGHTLY_ATTEMPTS = 5
# Facts that come later than this change history only, which people rebuild by hand.
HELD_DAYS = 7


@shared_task
def heartbeat() -> None:
    """Proof for /consumez that a worker consumes."""
    health.record_heartbeat(now=clock.now())


@shared_task
def ensure_nightly() -> None:
    """Run the night that is due: poked every five minutes by any number of beats.

    `manage.py nightly --as-of DATE` runs an older one by hand.
    """
    as_of = nightly_due(clock.now())
    if as_of is None or holds_sending("the orders of the night"):
        return
    try:
        pipeline.run_nightly(as_of=as_of)
    except Conflict:
        log.info("nightly already running elsewhere", as_of=str(as_of))


def nightly_due(now: datetime) -> date | None:
    """The date whose night should be run now, or None.

    The night of the last whole day, once it is time for it; else one that somebody asked for again; else one of the
    last days that was held, when its facts have come.
    """
    local = timezone.localtime(now)
    last = local.date() - timedelta(days=1)
    if local.hour >= settings.NIGHTLY_HOUR and _is_due(last):
        return last
    wanted = Job.objects.wanted_again().filter(business_date__lte=last).first()
    if wanted is not None:
        return wanted.business_date
    held = Job.objects.held().filter(business_date__range=(last - timedelta(days=HELD_DAYS), last))
    return next((job.business_date for job in held if pipeline.have_facts_come(job)), None)


def _is_due(as_of: date) -> bool:
    """Whether the night is not done, not running, and has not failed too often to be tried again."""
    job = Job.objects.nights().filter(business_date=as_of).first()
    if job is None:
        return True
    given_up = job.state == Job.State.FAILED and job.attempts >= NIGHTLY_ATTEMPTS
    return not (job.state in FINISHED_STATES or job.state == Job.State.CANCELLED or given_up or is_held(job))


@shared_task
def react() -> None:
    """Act on what happened to lines: every 20 seconds, and at once when billing has sent events."""
    if not holds_sending("the orders of events"):
        react_to_events(now=clock.now())
        queue_from_events(now=clock.now())


@shared_task
def reconcile() -> None:
    """Repair what a killed process left behind: running jobs without a process, orders with an expired lease or
    without a group, rows whose reference came while they were being put aside, keys left for ended deliveries.

    An interrupted night, import or export is taken up again at once, after what it has finished; other work is
    started again by people.
    """
    now = clock.now()
    for job in Job.objects.filter(state=Job.State.RUNNING):
        if not is_held(job) and fail_interrupted(job=job, now=now):
            log.warning("job interrupted", kind=job.kind, date=str(job.business_date), key=job.key)
            if job.kind == pipeline.KIND:
                ensure_nightly.delay()
    resume_imports.delay()
    resume_exports.delay()
    release_expired_leases(now=now)
    adopt_orphans(now=now)
    land_pending(now=now)
    forget_settled(now=now)
