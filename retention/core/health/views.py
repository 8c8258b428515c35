"""Health endpoints for monitoring: live, ready, consuming, metrics. Open without sign-in, no personal data.

/livez     the process answers; checks nothing else, so a dead database does not restart a healthy process
/readyz    database, broker and migrations; 503 names the failing part
/consumez  a worker ran a heartbeat task within the last 120 s (a worker that hangs still has a process)
/metrics   Prometheus
"""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_prometheus.exports import ExportToDjangoView

from retention.core import clock
from retention.core.accounts.permissions import public
from retention.core.health.services import consumption, readiness


def _respond(parts: dict[str, str]) -> JsonResponse:
    healthy = set(parts.values()) == {"ok"}
    return JsonResponse({"status": "ok" if healthy else "failing", **parts}, status=200 if healthy else 503)


@public
@never_cache
@require_safe
def livez(request: HttpRequest) -> HttpResponse:
    return _respond({"process": "ok"})


@public
@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    return _respond(readiness())


@public
@never_cache
@require_safe
def consumez(request: HttpRequest) -> HttpResponse:
    return _respond(consumption(now=clock.now()))


@public
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    return ExportToDjangoView(request)
