"""A branching questionnaire is answered by keyboard alone, and nothing of it is lost."""

from datetime import timedelta

import pytest

from retention.core import clock
from tests.e2e.steps import open_as, press_to_call
from tests.factories import make_user
from tests.workorders.rows import make_floor, make_orders
from tests.workorders.surveys.rows import make_asked
from workorders.orders.models import Draft
from workorders.surveys.models import Response

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def on_call(browse):
    """An agent's page with an order that asks the questionnaire."""
    make_asked(published_at=clock.now() - timedelta(days=1))
    team, (ana,) = make_floor()
    make_orders(1, team=team, now=clock.now())
    page = browse()
    open_as(page, ana)
    press_to_call(page, "n")
    return page


def shown(page):
    return page.eval_on_selector_all(
        "[data-block]", "rows => rows.filter((r) => !r.hidden).map((r) => r.dataset.block)"
    )


def current(page):
    return page.locator("[data-current]").get_attribute("data-block")


def test_digits_lead_through_the_branch_and_typing_chooses_nothing(on_call):
    page = on_call
    assert shown(page) == ["greeting", "solved", "mark"]
    page.keyboard.press("2")
    assert shown(page) == ["greeting", "solved", "why", "words", "mark"]
    assert current(page) == "why"
    page.keyboard.press("1")
    page.keyboard.press("2")
    assert current(page) == "why"
    page.keyboard.press("0")
    assert current(page) == "words"
    page.keyboard.type("1 and 2, then n and 5")
    assert page.locator("[name=answer_words]").input_value() == "1 and 2, then n and 5"
    assert page.locator("[name=disposition]:checked").count() == 0
    page.keyboard.press("Enter")
    assert current(page) == "mark"
    page.keyboard.press("4")
    page.keyboard.press("Alt+3")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/work/")
    rows = list(Response.objects.get().answers.order_by("place").values_list("question", "value"))
    assert rows == [
        ("solved", "no"),
        ("why", "fee"),
        ("why", "network"),
        ("words", "1 and 2, then n and 5"),
        ("mark", "4"),
    ]
    assert page.problems == []
    assert page.evaluate("window.mouse ?? 0") == 0


def test_a_page_that_dies_comes_back_with_the_branch_and_its_answers(on_call):
    page = on_call
    page.keyboard.press("2")
    page.keyboard.press("1")
    page.keyboard.press("0")
    page.keyboard.type("Half a sent")
    page.wait_for_function("() => document.querySelector('[data-draft-state]').textContent.includes('saved')")
    assert Draft.objects.get().content["answer_words"] == "Half a sent"
    page.evaluate("sessionStorage.clear()")
    page.goto(page.url)
    assert shown(page) == ["greeting", "solved", "why", "words", "mark"]
    assert page.locator("[name=answer_words]").input_value() == "Half a sent"
    assert page.locator("[name=answer_why]:checked").count() == 1


def test_a_required_answer_that_is_missing_is_said_at_its_question(on_call):
    page = on_call
    page.keyboard.press("2")
    page.keyboard.press("Alt+3")
    page.keyboard.press("Control+Enter")
    page.locator("#problem-words").wait_for()
    assert shown(page) == ["greeting", "solved", "why", "words", "mark"]


def test_the_preview_follows_the_answers_like_the_call_screen(browse):
    row = make_asked(published_at=clock.now() - timedelta(days=1))
    page = browse()
    open_as(page, make_user(role="manager"), f"/questionnaires/of/{row.code}/preview/1/")
    assert shown(page) == ["greeting", "solved", "mark"]
    page.keyboard.press("2")
    assert shown(page) == ["greeting", "solved", "why", "words", "mark"]
    assert page.problems == []
