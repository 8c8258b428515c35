"""The console as it is used: every key, on the screen of an office and at 200 % zoom."""

import pytest

from workorders.orders.states import State

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


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


def test_on_a_phone_the_call_stands_below_the_search_not_over_it(at_work):
    page, _order = at_work
    page.set_viewport_size({"width": 390, "height": 800})
    boxes = [page.locator(part).bounding_box() for part in (".rp-search", "call-timer", ".rp-script")]
    for above, below in zip(boxes, boxes[1:], strict=False):
        assert above["y"] + above["height"] <= below["y"]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
