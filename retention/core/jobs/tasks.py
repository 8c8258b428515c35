"""Background work of jobs. Messages only wake a worker; rows in Postgres hold the work to do."""

from celery import shared_task

from retention.core.jobs import chunks


@shared_task
def join_work() -> None:
    """Help with the chunked work that is under way, on this worker too."""
    chunks.join_open_runs()
