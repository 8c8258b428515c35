"""What opens stays in the window, and what is printed fits two sheets with who printed it, when and of what."""

import re
from datetime import timedelta

import pytest

from customers.facts.models import Subscriber
from retention.core import clock
from tests.e2e.steps import open_as
from tests.factories import (
    grant,
    make_bill,
    make_job,
    make_profile,
    make_risk_score,
    make_subscriber,
    make_ticket,
    make_usage_month,
    make_user,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDTHS = (1366, 390)


@pytest.fixture
def line(branches) -> Subscriber:
    """A line with a year of use and bills, a score and more tickets than fit a sheet."""
    line = make_subscriber(branch=branches.outlet)
    make_profile(subscriber=line, risk_probability=0.42, risk_tier="high")
    today = clock.today()
    make_risk_score(subscriber=line, as_of=today)
    for months in range(1, 13):
        month = (today.replace(day=1) - timedelta(days=30 * months)).replace(day=1)
        make_usage_month(subscriber=line, month=month)
        make_bill(subscriber=line, month=month)
    for days in range(40):
        make_ticket(subscriber=line, opened_at=clock.now() - timedelta(days=days))
    return line


def open_wide(browse, person, path: str, *, width: int):
    page = browse()
    page.set_viewport_size({"width": width, "height": 768})
    open_as(page, person, path)
    return page


def sheets(page) -> int:
    """How many sheets the page prints on, in the size and orientation that it asks for."""
    page.wait_for_load_state("networkidle")
    paper = page.pdf(prefer_css_page_size=True, print_background=True)
    return len(re.findall(rb"/Type\s*/Page\b", paper))


def is_inside(page, box, width: int) -> bool:
    found = box.bounding_box()
    whole = page.evaluate("document.documentElement.scrollWidth") <= width
    return found["x"] >= 0 and found["x"] + found["width"] <= width and found["width"] > 200 and whole


@pytest.mark.parametrize("width", WIDTHS)
def test_the_number_of_a_line_is_asked_for_inside_the_window(browse, line, width):
    person = make_user(role="agent", branch=line.branch)
    grant(customer=line.account.customer, user=person)
    page = open_wide(browse, person, f"/customers/{line.subscriber_no}/", width=width)
    page.click(".rp-reveal > summary")
    assert is_inside(page, page.locator(".rp-reveal-form"), width)
    page.click(".rp-reveal-form button")  # without a reason the browser keeps the form open
    assert page.problems == []


@pytest.mark.parametrize("width", WIDTHS)
def test_the_number_of_a_call_is_asked_for_inside_the_window(at_work, width):
    page, _order = at_work
    page.set_viewport_size({"width": width, "height": 768})
    page.click(".rp-reveal > summary")
    assert is_inside(page, page.locator(".rp-reveal-form"), width)


def test_a_window_made_narrow_keeps_what_is_open_inside(at_work):
    page, _order = at_work
    page.click(".rp-reveal > summary")
    page.set_viewport_size({"width": 390, "height": 768})
    page.wait_for_function("() => document.querySelector('.rp-reveal-form').getBoundingClientRect().left >= 0")
    assert is_inside(page, page.locator(".rp-reveal-form"), 390)


def is_in_its_panel(drawing) -> bool:
    """Whether a chart takes the place it fills, and no more than its panel has."""
    chart, panel = (
        drawing.bounding_box(),
        drawing.locator("xpath=ancestor::*[contains(@class, 'card')][last()]").bounding_box(),
    )
    return chart["height"] > 50 and chart["y"] + chart["height"] <= panel["y"] + panel["height"]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("place", ["360", "home", "list"])
def test_a_printed_page_fits_two_sheets_and_says_by_whom_and_when(browse, line, branches, place, width):
    for _more in range(30):
        make_profile(subscriber=make_subscriber(branch=branches.outlet), risk_tier="high", risk_probability=0.5)
    for _job in range(30):
        make_job(kind="import")
    paths = {"360": f"/customers/{line.subscriber_no}/", "home": "/", "list": "/customers/?tier=high"}
    person = make_user(role="administrator", first_name="Ada", last_name="Print")
    page = open_wide(browse, person, paths[place], width=width)
    assert 1 <= sheets(page) <= 2
    page.emulate_media(media="print")
    head = page.locator(".rp-print-head").inner_text()
    assert head.startswith(f"Printed by Ada Print, as of {clock.now():%Y-%m-%d}")
    for control in (".rp-nav", ".rp-top", ".rp-page-actions", ".rp-table-tools-end"):
        assert not any(one.is_visible() for one in page.locator(control).all()), control
    if place == "360":
        charts = page.locator(".rp-chart-canvas canvas").all()
        assert charts
        assert all(is_in_its_panel(one) for one in charts)
    if place == "list":
        assert "High" in page.locator(".rp-chips").inner_text()
