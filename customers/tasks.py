"""Background work of the customers app. Messages are hints: rows in Postgres say what there is to do."""

from celery import shared_task

from customers.batches import load_queued


@shared_task
def load_batches() -> None:
    load_queued()
