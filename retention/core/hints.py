"""Hints to the workers that there is something to do. The rows in Postgres say what; a lost hint only costs time."""

import time
from functools import partial

import structlog
from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

log = structlog.get_logger("retention.hints")
# While the broker is gone every try would hold up a request; beat pokes the same tasks anyway.
PAUSE_SECONDS = 5.0
_silent_until = 0.0


def hint(task: str) -> None:
    """Ask a worker to run the task of this name, once the transaction has committed. Never fails."""
    transaction.on_commit(partial(_send, task), robust=True)


def _send(task: str) -> None:
    global _silent_until  # noqa: PLW0603  (one broker, one pause for the process)
    if time.monotonic() < _silent_until:
        return
    try:
        current_app.send_task(task, retry=False, ignore_result=True)
    except (OperationalError, OSError) as error:
        _silent_until = time.monotonic() + PAUSE_SECONDS
        log.warning("hint lost", task=task, error=str(error))
