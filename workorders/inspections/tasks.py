"""Each morning: lay out the coming weeks, open the orders of the day."""

from celery import shared_task

from retention.core import clock
from workorders.inspections.services import open_due, plan_visits


@shared_task
def lay_out_inspections() -> None:
    """Runs hourly: after the first run of a day there is nothing left to do."""
    plan_visits(on=clock.today())
    open_due(now=clock.now())
