"""Background work of jobs. Messages are hints: rows in Postgres say what there is to do."""

from celery import shared_task

from retention.core.jobs import chunks


@shared_task
def join_work() -> None:
    """Help with the chunked work that is under way, on this worker too."""
    chunks.join_open_runs()
