"""The console as it is used: every key, on the screen of an office and at 200 % zoom."""

import pytest

from retention.core import clock
from tests.e2e.test_agent_by_keyboard import (  # noqa: F401  (fixtures)
    browse,
    orm_beside_the_browser,
    press_to_call,
    sign_in,
)
from tests.workorders.rows import make_floor, make_orders
from workorders.orders.states import State

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def at_work(browse):  # noqa: F811
    team, (ana,) = make_floor()
    (order,) = make_orders(1, team=team, now=clock.now())
    page = browse()
    sign_in(page, ana)
    press_to_call(page, "n")
    return page, order


def test_ctrl_k_leads_from_the_call_to_every_page_also_out_of_a_note(at_work):
    page, order = at_work
    page.keyboard.press("Alt+n")
    page.keyboard.press("Control+k")
    page.locator("#command-palette[open]").wait_for()
    assert page.locator("#palette-list li").count() > 3
    page.keyboard.type("customers")
    page.keyboard.press("Enter")
    page.wait_for_url("**/customers/")
    assert page.problems == []


def test_the_sheet_of_keys_names_them_all_and_the_outcome_without_a_number_has_one(at_work):
    page, order = at_work
    page.keyboard.press("?")
    sheet = page.locator("#key-sheet").inner_text()
    for words in ("Answer the current question", "Back to the question before", "Next and previous of my orders"):
        assert words in sheet
    for key in ("Alt+0", "Alt+1", "Alt+9", "Alt+A", "Alt+N", "Ctrl+Enter", "Ctrl+k", "Backspace"):
        assert key in sheet, key
    page.keyboard.press("Escape")
    page.keyboard.press("Alt+0")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/work/")
    order.refresh_from_db()
    assert (order.state, order.disposition.code) == (State.QUEUED, "switched_off")


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (683, 384)])
def test_talk_track_and_form_are_on_the_screen(at_work, width, height):
    page, _order = at_work
    page.set_viewport_size({"width": width, "height": height})
    page.reload()
    talk = page.locator(".rp-script").bounding_box()
    assert 0 <= talk["y"] < height
    save = page.locator("#outcome .btn-primary").bounding_box()
    first = page.locator("[name=disposition]").first.bounding_box()
    assert save["y"] >= 0 and save["y"] + save["height"] <= height
    assert 0 <= first["y"] < (height if width > 1000 else 2 * height)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
