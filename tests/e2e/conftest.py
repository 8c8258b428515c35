"""What the browser tests share: windows, and calls at any hour, since they run by the real clock."""

from collections.abc import Callable, Iterator

import pytest
from django.db import connections

from campaigns.outreach.models import ContactPolicy
from retention.core import clock
from tests.e2e.steps import open_as, press_to_call
from tests.workorders.rows import make_floor, make_orders

COUNT_MOUSE = "addEventListener('mousedown', () => { window.mouse = (window.mouse ?? 0) + 1; }, true);"


@pytest.fixture(autouse=True)
def calls_at_any_hour(transactional_db):
    ContactPolicy.objects.create(calls_from="00:00", calls_until="23:59:59.999999")


@pytest.fixture(autouse=True)
def orm_beside_the_browser(monkeypatch):
    """Playwright keeps an event loop in this thread; the queries of the test itself are plain ones all the same."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture
def browse(live_server, chromium) -> Iterator[Callable]:
    """Opens a page of the running product in its own window; every error of the page fails the test."""
    contexts = []

    def open_window(**options):
        context = chromium.new_context(viewport={"width": 1366, "height": 768}, base_url=live_server.url, **options)
        contexts.append(context)
        context.add_init_script(COUNT_MOUSE)
        page = context.new_page()
        page.host, page.problems = live_server.url, []
        page.on("console", lambda said: page.problems.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        return page

    yield open_window
    connections.close_all()  # the one of this event loop; nobody else would
    for context in contexts:
        context.close()


@pytest.fixture
def at_work(browse):
    """(page, order): an agent's page with an order on the desk."""
    team, (ana,) = make_floor()
    (order,) = make_orders(1, team=team, now=clock.now())
    page = browse()
    open_as(page, ana)
    press_to_call(page, "n")
    return page, order
