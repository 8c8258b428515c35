from celery import shared_task

from workorders.supervision.services.running import waiting_runs, work_off


@shared_task
def run_bulk_actions() -> None:
    """Bulk actions that wait, and those whose worker died."""
    for run in waiting_runs():
        work_off(run=run)
