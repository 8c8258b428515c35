"""The main pages, asked for in this process as manager, agent and administrator, with the queries each makes."""

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from bench.measure import beside, percentile, seconds
from bench.night import after_a_night
from customers.facts.models import Subscriber
from customers.profile.models import SubscriberProfile
from retention.core import clock
from retention.core.accounts.models import User
from workorders.orders.models import WorkOrder
from workorders.orders.services.claiming import claim_next

TURNS = 20
MOST_MS = 300
PLAIN_FILES = settings.STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}


def run(subscribers: int) -> dict:
    after_a_night()
    with override_settings(STORAGES=PLAIN_FILES):
        pages = [_page(role, path) for role, path in _pages()]
        floor = _page("manager", "/livez")
    slowest = max(pages, key=lambda page: page["p95_ms"])
    return beside(
        figure=slowest["p95_ms"], floor=floor["p95_ms"], unit="ms (p95 of the slowest page)",
        floor_is="/livez: the middleware alone", goal=f"p95 <= {MOST_MS} ms on every page",
        reached=slowest["p95_ms"] <= MOST_MS and all(page["status"] == 200 for page in pages),
        slowest=f"{slowest['role']} {slowest['path']}", pages=pages,
    )  # fmt: skip


def _pages() -> list[tuple[str, str]]:
    """(role, path). The customer is one at great risk; the order is one on the agent's desk."""
    risky = SubscriberProfile.objects.order_by("-risk_probability").values("subscriber_id")[:1]
    line = Subscriber.objects.get(pk=risky).subscriber_no
    paths = ["/", "/customers/", f"/customers/{line}/", "/churn/", "/scenarios/", "/supervise/", "/jobs/"]
    agent = User.objects.get(username="agent0")
    order = WorkOrder.objects.filter(assignee=agent).first() or claim_next(agent=agent, now=clock.now())
    own = ["/work/", *([f"/work/orders/{order.order_no}/"] if order else [])]
    found = [("manager", path) for path in paths]
    return found + [("agent", path) for path in own] + [("admin", path) for path in (*paths, "/admin/")]


def _page(role: str, path: str) -> dict:
    visitor = Client(HTTP_HOST="localhost", raise_request_exception=False)
    visitor.force_login(
        User.objects.get(username="agent0" if role == "agent" else role),
        backend="django.contrib.auth.backends.ModelBackend",
    )

    def ask() -> int:
        response = visitor.get(path, secure=settings.HTTPS)
        return response.status_code

    ask()
    with CaptureQueriesContext(connection) as queries:
        status = ask()
        made = len(queries)  # now: the next request clears the list
    took = [seconds(ask) * 1000 for _ in range(TURNS)]
    return {
        "role": role, "path": path, "status": status, "queries": made,
        "p50_ms": round(percentile(took, 50), 1), "p95_ms": round(percentile(took, 95), 1),
    }  # fmt: skip
