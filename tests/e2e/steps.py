"""What people do first in most browser tests, and by which rules their pages are accessible."""

import re
import time
from collections.abc import Callable

from django.conf import settings
from django.test import Client

from tests.factories import PASSWORD

# For a person whose pages axe sees: Chinese, and the theme follows the browser.
SHOWN = {"theme": "system", "language": "zh-hans"}
CALL = re.compile(r"/work/orders/W\d+-\d+/$")


def sign_in(page, person) -> None:
    page.goto("/login/")
    page.locator("[name=username]").focus()
    page.keyboard.type(person.username)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login/" not in url)


def give_session(page, person) -> None:
    """Who has signed in already. The form is two pages more; it is gone through where an agent's day begins."""
    client = Client()
    client.force_login(person)
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": page.host}])


def open_as(page, person, path: str = "/") -> None:
    give_session(page, person)
    page.goto(path)


def open_narrow_then_wide(page, path: str) -> None:
    """Open the page as a telephone does and make it as wide as an office's; nothing of it is beside the window."""
    for width in (390, 1366):
        page.set_viewport_size({"width": width, "height": 800})
        if width == 390:
            page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (path, width)


def press_to_call(page, key: str) -> str:
    """Press a key that leads to another call screen; its order number."""
    before = page.url
    page.keyboard.press(key)
    page.wait_for_url(lambda url: url != before and CALL.search(url))
    return page.url.rstrip("/").rsplit("/", 1)[1]


def wait_for(page, condition, seconds: float = 5.0) -> None:
    """Until something is so that the page does not show."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "nothing came"
        page.wait_for_timeout(50)


def rewritten(old: str, new: str) -> Callable:
    """For `page.route`: a script of the product in which one thing stands otherwise."""

    def answer(route) -> None:
        found = route.fetch()
        assert old in found.text()
        route.fulfill(response=found, body=found.text().replace(old, new))

    return answer
