"""Actions on so many orders that a worker does them, part by part, each part in one transaction.

A worker that dies leaves what is done; another one goes on with what waits. Who has asked may stop it in between.
"""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import structlog
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from retention.core import clock
from retention.core.accounts.models import User
from retention.core.audit import services as audit
from retention.core.db.inline import inline
from retention.core.errors import Conflict, DomainError, NotFound, Refused
from retention.core.jobs.models import Job
from retention.core.jobs.services import FINISHED_STATES, get_job, is_held, running, wake_worker
from workorders.orders.models import WorkOrder, WorkOrderQuerySet
from workorders.orders.states import SUPERVISE
from workorders.supervision.actions import Refusal
from workorders.supervision.judging import judged
from workorders.supervision.models import BulkItem, BulkRun
from workorders.supervision.services.performing import perform

log = structlog.get_logger("retention.bulk")
JOB_KIND = "bulk_orders"
TASK = "workorders.supervision.tasks.run_bulk_actions"
PART = 250
_PUT_DOWN = f"""
INSERT INTO {BulkItem._meta.db_table} (run_id, order_id, is_done, refusal)
SELECT %(run)s, q.id, false, '' FROM ({{orders}}) q
"""


@transaction.atomic
def start_run(
    *, actor: User, action: str, given: Mapping[str, Any], orders: WorkOrderQuerySet, now: datetime
) -> BulkRun:
    """Put down what is to be done with the orders, in the order in which they are worked, and wake a worker."""
    if not actor.may(SUPERVISE):
        raise Refused(_("You may not do this with a work order."), code="move_not_permitted")
    job = get_job(kind=JOB_KIND, business_date=timezone.localdate(now), key=uuid.uuid4().hex, actor=actor)
    run = BulkRun.objects.create(job=job, action=action, given=dict(given))
    chosen, params = inline(orders.in_claim_order().values("id"), "orders")
    with connection.cursor() as cursor:
        cursor.execute(_PUT_DOWN.replace("{orders}", chosen), params | {"run": run.pk})
        rows = int(cursor.rowcount)
    audit.record(actor=actor, action="order.bulk", target=f"bulk:{run.pk}", move=action, given=dict(given), orders=rows)
    wake_worker(TASK)
    return run


def stop_run(*, run: BulkRun, actor: User, now: datetime) -> None:
    """Begin no further part. NotFound for one of somebody else, Conflict for one that has ended."""
    if not BulkRun.objects.visible_to(actor).filter(pk=run.pk).exists():
        raise NotFound(_("There is no such bulk action."))
    if run.job.state not in (Job.State.QUEUED, Job.State.RUNNING):
        raise Conflict(_("It has ended already."), code="ended")
    BulkRun.objects.filter(pk=run.pk).update(stop_asked=True)
    Job.objects.filter(pk=run.job_id, state=Job.State.QUEUED).update(state=Job.State.CANCELLED, finished_at=now)
    audit.record(actor=actor, action="order.bulk", target=f"bulk:{run.pk}", stopped=True)


def waiting_runs() -> list[BulkRun]:
    """Those not begun, and those whose worker is gone."""
    unfinished = BulkRun.objects.filter(job__state__in=[Job.State.QUEUED, Job.State.RUNNING]).select_related("job")
    return [run for run in unfinished.order_by("pk") if not is_held(run.job)]


def work_off(*, run: BulkRun) -> None:
    """Do all parts that wait, unless another process is at it. What goes wrong stands on the job."""
    if run.job.state in FINISHED_STATES:
        return
    try:
        with running(run.job) as job:
            while do_part(run=run, now=clock.now()):
                pass
            if BulkRun.objects.get(pk=run.pk).stop_asked and _waiting(run).exists():
                job.state = Job.State.CANCELLED
    except DomainError as error:
        log.info("bulk action stopped", run=run.pk, code=error.code)


@transaction.atomic
def do_part(*, run: BulkRun, now: datetime) -> int:
    """The next PART orders; how many. 0 when none waits or the run is to stop. Each order is accounted for."""
    asked = BulkRun.objects.select_related("job__actor").get(pk=run.pk)
    actor = asked.job.actor
    if asked.stop_asked:
        return 0
    if actor is None or not actor.may(SUPERVISE):
        raise Refused(_("Who asked for it may not do it any more."), code="move_not_permitted")
    items = {one.order_id: one for one in _waiting(run).order_by("pk")[:PART]}
    if not items:
        return 0
    orders = WorkOrder.objects.filter(pk__in=items)
    found = judged(orders, action=asked.action, given=asked.given, actor=actor).values_list("pk", "order_no", "why")
    able = {number: pk for pk, number, why in found if not why}
    for pk, _number, why in found:
        items[pk].refusal = why
    if able:
        done = perform(action=asked.action, order_nos=list(able), given=asked.given, actor=actor, now=now)
        skipped = set(done.skipped)
        for number, pk in able.items():
            items[pk].is_done = number not in skipped
            items[pk].refusal = Refusal.MOVED if number in skipped else ""
    BulkItem.objects.bulk_update(items.values(), ["is_done", "refusal"])
    return len(items)


def _waiting(run: BulkRun) -> "QuerySet[BulkItem]":
    return BulkItem.objects.filter(run=run, is_done=False, refusal="")
