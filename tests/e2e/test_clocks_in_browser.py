"""Calendars, clocks and their board as a browser shows them: accessible, without errors, inside a telephone's width."""

import os
from datetime import timedelta

import pytest

from retention.core import clock
from tests.browser import problems_of
from tests.e2e.steps import give_session, open_narrow_then_wide
from tests.factories import make_user
from tests.workorders.clocks.rows import give_clocks, make_calendar
from tests.workorders.rows import make_floor, make_orders
from workorders.clocks.services.telling import tell

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(browse):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    team, _agents = make_floor()
    give_clocks()
    now = clock.now()
    make_orders(3, team=team, now=now - timedelta(days=6))
    tell(now=now)
    make_calendar(code="office", days=[{"day": f"{now:%Y-%m}-12", "hours": "09:00-12:00", "name": "Half day"}])
    page = browse()
    page.axe, page.order = axe, make_orders(1, team=team, now=now)[0].order_no
    give_session(page, make_user(role="administrator"))
    return page


def test_the_pages_are_accessible_and_stay_within_a_telephone(page):
    paths = (
        "/administration/calendars/", "/administration/calendars/office/", "/administration/calendars/office/edit/",
        "/administration/order-types/of/churn_retention/clocks/", "/supervise/clocks/", "/supervise/?clock=breached",
        f"/work/orders/{page.order}/",
    )  # fmt: skip
    for path in paths:
        open_narrow_then_wide(page, path)
        if folder := os.environ.get("LOOK_AT"):
            page.screenshot(path=f"{folder}/{path.strip('/').replace('/', '_').replace('?', '_')}.png", full_page=True)
        assert problems_of(page.axe, page) == [], path
    assert page.problems == []


def test_a_change_says_which_orders_it_moves_and_is_saved_at_the_second_press(page):
    page.goto("/administration/calendars/office/edit/")
    for place in range(7):
        page.fill(f"#id_hours_{place}", "00:00-00:30")
    page.click("form.rp-stack .rp-form-actions .btn-primary")
    page.get_by_text("open orders get another due time").wait_for()
    page.click("form.rp-stack .rp-form-actions .btn-primary")
    page.wait_for_url("**/administration/calendars/office/")
    assert page.locator(".rp-month td.rp-day").count() >= 28
    assert page.problems == []
