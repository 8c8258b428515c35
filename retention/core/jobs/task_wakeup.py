"""Wakes workers by task messages. The work itself is in rows of Postgres, so a lost message only costs time."""

import time
from collections.abc import Callable
from functools import cache, partial

import structlog
from celery import current_app
from django.db import connection, transaction
from kombu.exceptions import OperationalError

log = structlog.get_logger("retention.hints")
# While the broker is gone or hangs, every try would hold up a request; beat pokes the same tasks anyway.
BROKER_PAUSE_SECONDS = 5.0
BROKER_TIMEOUTS = {"socket_timeout": 1.0, "socket_connect_timeout": 1.0}
EXPIRES_SECONDS = 60
_silent_until = 0.0


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
        log.warning("hint lost", task=task, error=str(error))
