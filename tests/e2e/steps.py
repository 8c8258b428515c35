"""What people do first in most browser tests, and by which rules their pages are accessible."""

import re

from tests.factories import PASSWORD

CALL = re.compile(r"/work/orders/W\d+-\d+/$")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}


def sign_in(page, person) -> None:
    page.goto("/login/")
    page.locator("[name=username]").focus()
    page.keyboard.type(person.username)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login/" not in url)


def press_to_call(page, key: str) -> str:
    """Press a key that leads to another call screen; its order number."""
    before = page.url
    page.keyboard.press(key)
    page.wait_for_url(lambda url: url != before and CALL.search(url))
    return page.url.rstrip("/").rsplit("/", 1)[1]


def problems_of(axe, page) -> list:
    """What axe finds on the page, and its errors."""
    found = axe.Axe().run(page, options=RULES).response["violations"]
    return [(rule["id"], [node["target"] for node in rule["nodes"]]) for rule in found] + page.problems
