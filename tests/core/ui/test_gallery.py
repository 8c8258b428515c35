"""Every component in a real browser under the product's policy: accessible, narrow enough, keys work."""

import pytest

from tests.browser import problems_of

pytestmark = pytest.mark.browser
axe = pytest.importorskip("axe_playwright_python.sync_playwright")
expect = pytest.importorskip("playwright.sync_api").expect

QUERY = "&tier=high&region=GD&region=ZJ"
# Wider than the window although nothing scrolls: what a phone would cut off.
SPILL = """Math.max(...[...document.querySelectorAll('body *')].filter(
  e => !e.closest('.rp-table-scroll,.rp-scroll-x,.rp-tabs,.offcanvas-lg,.rp-skip,svg,.visually-hidden'))
  .map(e => e.getBoundingClientRect().right)) - innerWidth"""


@pytest.fixture
def visit(chromium, gallery_url):
    contexts = []

    def open_page(path: str, *, theme: str = "light", language: str = "en", width: int = 1440, **options):
        context = chromium.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        page.problems = []
        page.on("console", lambda message: page.problems.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.goto(f"{gallery_url}{path}?theme={theme}&language={language}{QUERY}")
        expect(page.locator("rp-chart:not([data-drawn])")).to_have_count(0)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize(("theme", "language"), [("light", "en"), ("dark", "zh-hans")])
@pytest.mark.parametrize("path", ["/", "/console/", "/login/", "/403/", "/500/"])
def test_a_page_is_accessible_and_fits_the_window(visit, path, theme, language, width):
    page = visit(path, theme=theme, language=language, width=width)
    assert problems_of(axe, page) == []
    assert page.evaluate(SPILL) <= 0.5


def test_the_system_theme_follows_the_machine_at_once(visit):
    page = visit("/", theme="system", color_scheme="dark")
    assert page.get_attribute("html", "data-bs-theme") == "dark"
    page.emulate_media(color_scheme="light")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "light")


def test_question_mark_lists_the_keys_of_the_page(visit):
    page = visit("/")
    page.keyboard.press("?")
    sheet = page.locator("#key-sheet")
    assert sheet.is_visible()
    assert "New campaign" in sheet.inner_text()
    page.keyboard.press("Escape")
    assert not sheet.is_visible()


def test_slash_searches_and_keys_stay_quiet_while_typing(visit):
    page = visit("/")
    page.keyboard.press("/")
    page.keyboard.type("j?c")
    assert page.input_value(".rp-search input") == "j?c"
    assert not page.locator("#key-sheet").is_visible()


def test_keys_stay_quiet_while_chinese_is_composed(visit):
    page = visit("/")
    page.evaluate(
        "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: '?', isComposing: true, bubbles: true}))"
    )
    assert not page.locator("#key-sheet").is_visible()


def test_single_keys_can_be_switched_off(visit):
    page = visit("/")
    page.keyboard.press("?")
    page.uncheck("#keys-on")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("?")
    assert page.locator("tr.rp-current").count() == 0
    assert not page.locator("#key-sheet").is_visible()


def test_j_and_k_walk_the_rows_and_space_ticks_one(visit):
    page = visit("/")
    for key in "jjk":
        page.keyboard.press(key)
    assert page.locator("tr.rp-current").get_attribute("data-href") == "/customers/S100200/"
    page.keyboard.press(" ")
    assert page.locator(".rp-bulk").first.is_visible()
    assert page.locator("[data-selected]").first.inner_text() == "1"


def test_the_palette_finds_a_page_and_goes_there(visit):
    page = visit("/")
    page.keyboard.press("Control+k")
    page.keyboard.type("camp")
    assert "Campaigns" in page.locator("#palette-list [aria-selected=true]").inner_text()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith("/campaigns/")


def test_a_sequence_of_keys_goes_to_a_page(visit):
    page = visit("/")
    page.keyboard.press("g")
    with page.expect_navigation():
        page.keyboard.press("s")
    assert page.url.endswith("/segments/")


def test_digits_answer_a_question_and_notes_open_by_chord(visit):
    page = visit("/console/")
    page.keyboard.press("2")
    assert page.is_checked("input[value='2']")
    page.keyboard.press("Alt+n")
    assert page.evaluate("document.activeElement.id") == "note"


def test_what_was_typed_survives_a_server_that_does_not_answer(visit):
    page = visit("/console/")
    page.fill("#note", "wants a call on Monday")
    expect(page.locator("[data-draft-state]")).to_contain_text("Not saved")
    page.reload()
    assert page.input_value("#note") == "wants a call on Monday"


def test_a_draft_is_said_to_be_saved_once_the_server_has_it(visit):
    page = visit("/console/")
    bodies = []
    page.route("**/work/draft/", lambda route: (bodies.append(route.request.post_data), route.fulfill(status=204)))
    page.fill("#note", "ok")
    expect(page.locator("[data-draft-state]")).to_have_text("Draft saved")
    assert bodies == ["note=ok"]
    assert page.evaluate("sessionStorage.getItem('rp-draft:/work/draft/')") is None


def test_columns_and_density_are_remembered(visit):
    page = visit("/")
    page.click("#people [data-density]")
    page.click("#people [data-columns] button")
    page.uncheck("#people [data-columns] input[value=fee]")
    page.reload()
    assert page.locator("#people.rp-compact").count() == 1
    assert not page.locator("#people thead [data-column=fee]").is_visible()


def test_a_mark_of_a_chart_leads_to_its_rows(visit):
    page = visit("/")
    box = page.locator("rp-chart .rp-chart-canvas").nth(1).bounding_box()
    page.mouse.wheel(0, 0)
    with page.expect_navigation():
        # The first column of "Customers by plan and contract".
        page.mouse.click(box["x"] + box["width"] * 0.2, box["y"] + box["height"] * 0.8)
    assert "/customers/?plan=0" in page.url


def test_pages_without_charts_do_not_fetch_the_chart_engine(visit):
    page = visit("/console/")
    names = page.evaluate("performance.getEntriesByType('resource').map(r => r.name)")
    assert not [name for name in names if "echarts" in name]
