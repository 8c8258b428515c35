"""A person gives the keys of a page other keys, without a mouse, and finds them again on another computer."""

import pytest

from retention.core.accounts.models import User
from tests.browser import problems_of
from tests.e2e.steps import open_as

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
axe = pytest.importorskip("axe_playwright_python.sync_playwright")
expect = pytest.importorskip("playwright.sync_api").expect
COMPOSED = """() => document.activeElement.dispatchEvent(
  new KeyboardEvent("keydown", {key: "Escape", code: "Escape", isComposing: true, bubbles: true}))"""


def button(page, name: str):
    return page.locator("#key-sheet").get_by_role("button", name=name, exact=True)


def change(page, what: str, *keys: str) -> None:
    """Open the sheet where it is closed and press the new keys of a row."""
    if not page.locator("#key-sheet").is_visible():
        page.keyboard.press("?")
    button(page, f"Change the keys of “{what}”").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-key-status]")).to_contain_text("Press the new keys")
    for key in keys:
        page.keyboard.press(key)


def says(page, words: str) -> None:
    expect(page.locator("[data-key-status]")).to_contain_text(words)


def person_of(page) -> User:
    return User.objects.get(username=page.locator("body").get_attribute("data-person"))


def test_a_key_is_changed_in_the_sheet_and_goes_with_the_person(at_work, browse):
    page, _order = at_work
    change(page, "Note", "Alt+x")
    says(page, "Saved: “Note” is “Alt+X”")
    expect(button(page, "Change the keys of “Note”")).to_be_focused()
    assert "Alt+X" in page.locator("#key-sheet tr", has_text="Note").first.inner_text()
    assert problems_of(axe, page) == []
    page.keyboard.press("Escape")
    expect(page.locator("label[for=note] kbd")).to_have_text("Alt+X")

    page.reload()
    expect(page.locator("label[for=note] kbd")).to_have_text("Alt+X")
    page.keyboard.press("Alt+n")
    expect(page.locator("#note")).not_to_be_focused()
    page.keyboard.press("Alt+x")
    expect(page.locator("#note")).to_be_focused()

    elsewhere = browse()
    open_as(elsewhere, person_of(page), page.url)
    expect(elsewhere.locator("label[for=note] kbd")).to_have_text("Alt+X")
    assert elsewhere.evaluate("window.mouse ?? 0") == page.evaluate("window.mouse ?? 0") == 0
    assert elsewhere.problems == []


def test_keys_of_others_and_of_the_browser_are_refused_and_the_default_comes_back(at_work):
    page, _order = at_work
    change(page, "Note", "Alt+a")
    says(page, "“Alt+A” is already “Appointment” on this page")
    change(page, "Note", "F5")
    says(page, "“F5” belongs to the browser")
    change(page, "Note", "Tab")
    says(page, "“Tab” moves through every page")
    change(page, "Note")
    page.evaluate(COMPOSED)
    says(page, "Press the new keys")
    page.keyboard.press("Escape")
    expect(page.locator("[data-key-status]")).to_be_empty()
    expect(page.locator("#key-sheet")).to_be_visible()

    change(page, "Save and next", "b", "s")
    says(page, "Saved: “Save and next” is “b s”")
    change(page, "Note", "b")
    says(page, "“b” is already “Save and next”")
    page.keyboard.press("Escape")
    expect(page.locator("#outcome .btn-primary kbd")).to_have_text("b s")
    page.keyboard.press("Alt+3")
    page.keyboard.press("Control+Enter")
    page.keyboard.press("Alt+n")
    page.keyboard.type("b s")
    assert page.locator("#note").input_value() == "b s"
    page.keyboard.press("Escape")
    expect(page.locator("#note")).not_to_be_focused()

    page.keyboard.press("?")
    button(page, "Back to the default keys of “Save and next”").focus()
    page.keyboard.press("Enter")
    says(page, "Saved: “Save and next” is “Ctrl+Enter”")
    expect(button(page, "Back to the default keys of “Save and next”")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(page.locator("#outcome .btn-primary kbd")).to_have_text("Ctrl+Enter")
    assert person_of(page).own_keys == {}
    # The browser itself says that F5 and Tab were refused.
    assert len(page.problems) == 2 and all("422" in one for one in page.problems)


def test_a_sequence_saves_the_call_and_the_next_page_is_as_it_was_chosen(at_work):
    page, order = at_work
    change(page, "Save and next", "b", "s")
    says(page, "Saved: ")
    page.keyboard.press("Escape")
    page.keyboard.press("Alt+3")
    page.keyboard.press("b")
    page.keyboard.press("s")
    page.wait_for_url(lambda url: order.order_no not in url)
    order.refresh_from_db()
    assert order.disposition is not None
    assert page.problems == []
