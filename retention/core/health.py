"""Health, for the machines that watch: alive, ready, consuming, and figures. Open to anyone, no personal data.

/livez     the process answers; asks nothing else, so a dead database does not get a healthy process restarted
/readyz    database, broker and migrations; 503 names the part that fails
/consumez  a worker ran a heartbeat task within the last 120 s (a worker that hangs still has a process)
/metrics   Prometheus
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache

import redis
import structlog
from django.conf import settings
from django.core.cache import cache as store
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_prometheus.exports import ExportToDjangoView

from retention.core import clock
from retention.core.access import public

log = structlog.get_logger("retention.health")
HEARTBEAT = "health:heartbeat"
FRESH = timedelta(seconds=120)


def record_heartbeat(*, now: datetime) -> None:
    """A worker is consuming: kept in the cache for /consumez."""
    store.set(HEARTBEAT, now, timeout=24 * 3600)


def readiness() -> dict[str, str]:
    """{part: "ok" or what is wrong} for the database, the broker and the migrations."""
    return {
        "database": _tried(_ask_database),
        "broker": _tried(_ask_broker),
        "migrations": _tried(_ask_migrations),
    }


def consumption(*, now: datetime) -> dict[str, str]:
    """{"worker": "ok" or since when nothing was consumed}."""

    def worker() -> str:
        last = store.get(HEARTBEAT)
        if last is None:
            return "no task has been consumed yet"
        return "ok" if now - last <= FRESH else f"no task consumed since {last.isoformat(timespec='seconds')}"

    return {"worker": _tried(worker)}


def _tried(ask: Callable[[], str]) -> str:
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
    # Reading every migration takes a tenth of a second, and what is applied stays so while this process lives.
    global _up_to_date  # noqa: PLW0603
    if not _up_to_date:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if waiting:
            return f"{len(waiting)} not applied"
        _up_to_date = True
    return "ok"


def _answer(parts: dict[str, str]) -> JsonResponse:
    healthy = set(parts.values()) == {"ok"}
    return JsonResponse({"status": "ok" if healthy else "failing", **parts}, status=200 if healthy else 503)


@public
@never_cache
@require_safe
def livez(request: HttpRequest) -> HttpResponse:
    return _answer({"process": "ok"})


@public
@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    return _answer(readiness())


@public
@never_cache
@require_safe
def consumez(request: HttpRequest) -> HttpResponse:
    return _answer(consumption(now=clock.now()))


@public
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    return ExportToDjangoView(request)


urlpatterns = [
    path("livez", livez, name="livez"),
    path("readyz", readyz, name="readyz"),
    path("consumez", consumez, name="consumez"),
    path("metrics", metrics, name="metrics"),
]
