"""Celery tasks of batches. A message only triggers work: rows in PostgreSQL hold what there is to do."""

from celery import shared_task

from customers.batches.models import IngestBatch
from customers.batches.services.lifecycle import drop_old_bodies as drop_old
from customers.batches.services.loading import load_queued
from customers.batches.services.pending_references import judge_waiting_rows
from retention.core import clock

# Then other tasks run on this worker: events and webhooks are due within a minute.
TURN_SECONDS = 15.0


@shared_task
def load_batches() -> None:
    if load_queued(seconds=TURN_SECONDS) and IngestBatch.objects.queued().exists():
        load_batches.delay()


@shared_task
def judge_waiting() -> None:
    judge_waiting_rows(now=clock.now())


@shared_task
def drop_old_bodies() -> None:
    drop_old(now=clock.now())
