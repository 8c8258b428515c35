"""One Chromium for all browser tests of a process, since its start costs a second and a half; and what axe finds."""

import asyncio
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

CANDIDATES = ("chromium", "chromium-browser", "google-chrome")
# Not waited for: transitions run on only while the browser draws, and it need not.
END_TRANSITIONS = """() => {
  const running = () => document.getAnimations().filter((one) => one instanceof CSSTransition);
  for (let round = 0; round < 10 && running().length; round++) running().forEach((one) => one.finish());
}"""
# Of what is right only one place of each rule: to carry all of them out of the page takes as long as the check.
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
    "preload": {"assets": ["media"]},  # no rule of these asks for the parsed style sheets
}


@pytest.fixture(scope="session")
def started_chromium() -> Iterator[tuple]:
    """(browser, its event loop). Skips by name where there is no Chromium."""
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CANDIDATES)), None)
    if path is None:
        pytest.skip("no Chromium on this machine")
    api = pytest.importorskip("playwright.sync_api")
    play = api.sync_playwright().start()
    loop = asyncio.get_running_loop()
    browser = play.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
    asyncio._set_running_loop(None)
    yield browser, loop
    with _running(loop):
        browser.close()
        play.stop()


@pytest.fixture
def chromium(started_chromium) -> Iterator[object]:
    """A headless browser of the system, driven through Playwright."""
    browser, loop = started_chromium
    with _running(loop):
        yield browser


@contextmanager
def _running(loop: asyncio.AbstractEventLoop) -> Iterator[None]:
    """Playwright leaves its loop as the running one of this thread; other tests must not find it there."""
    asyncio._set_running_loop(loop)
    try:
        yield
    finally:
        asyncio._set_running_loop(None)


def problems_of(axe, page, rules: dict = RULES) -> list:
    """What axe finds on the whole page, and its errors."""
    page.locator("later-part").first.wait_for(state="detached")
    found = axe.Axe().run(page, options=rules).response["violations"]
    return [(rule["id"], [node["target"] for node in rule["nodes"]]) for rule in found] + page.problems


def problems_in_both_themes(axe, page) -> list:
    """For a page that follows the browser. The dark one has other colours and nothing else, so only those are asked."""
    html = page.locator("html")
    assert html.get_attribute("data-bs-theme") == "light"
    found = problems_of(axe, page)
    page.emulate_media(color_scheme="dark")
    html.and_(page.locator("[data-bs-theme=dark]")).wait_for()
    page.evaluate(END_TRANSITIONS)
    found += problems_of(axe, page, {"runOnly": ["color-contrast"], "resultTypes": ["violations"]})
    page.emulate_media(color_scheme="light")
    return found
