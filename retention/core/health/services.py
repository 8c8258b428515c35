"""Health of the database, the broker, the migrations and the workers."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache

import redis
import structlog
from django.conf import settings
from django.core.cache import cache as store
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

log = structlog.get_logger("retention.health")
HEARTBEAT_KEY = "health:heartbeat"
HEARTBEAT_MAX_AGE = timedelta(seconds=120)


def record_heartbeat(*, now: datetime) -> None:
    """Record in the cache that a worker consumes tasks, for /consumez."""
    store.set(HEARTBEAT_KEY, now, timeout=24 * 3600)


def readiness() -> dict[str, str]:
    """{part: "ok" or the error} for the database, the broker and the migrations."""
    return {
        "database": _run_check(_ask_database),
        "broker": _run_check(_ask_broker),
        "migrations": _run_check(_ask_migrations),
    }


def consumption(*, now: datetime) -> dict[str, str]:
    """{"worker": "ok" or the time since the last consumed task}."""

    def worker() -> str:
        last = store.get(HEARTBEAT_KEY)
        if last is None:
            return "no task has been consumed yet"
        return (
            "ok" if now - last <= HEARTBEAT_MAX_AGE else f"no task consumed since {last.isoformat(timespec='seconds')}"
        )

    return {"worker": _run_check(worker)}


def _run_check(ask: Callable[[], str]) -> str:
    try:
        return ask()
    except (DatabaseError, redis.RedisError) as error:
        log.warning("health check failed", part=ask.__name__, error=f"{type(error).__name__}: {error}")
        return "does not answer"


def _ask_database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "ok"


def _ask_broker() -> str:
    _broker().ping()
    return "ok"


@cache
def _broker() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=2, socket_timeout=2)


_up_to_date = False


def _ask_migrations() -> str:
    # Reading every migration takes 0.1 s, and an applied migration stays applied while this process lives.
    global _up_to_date  # noqa: PLW0603
    if not _up_to_date:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if waiting:
            return f"{len(waiting)} not applied"
        _up_to_date = True
    return "ok"
