"""The next screen of the console comes into the page that is open; everything is as if the browser had loaded it."""

from types import SimpleNamespace

import pytest

from retention.core import clock
from tests.e2e.steps import CALL, open_as, press_to_call, rewritten, wait_for
from tests.workorders.rows import make_floor, make_orders
from workorders.orders.models import WorkOrder
from workorders.orders.states import State

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NOTE = "Asks about the bill"


@pytest.fixture
def call(browse):
    """An agent's page with the first of two orders on the desk."""
    team, (ana,) = make_floor()
    make_orders(2, team=team, now=clock.now())
    page = browse()
    open_as(page, ana)
    order_no = press_to_call(page, "n")
    page.evaluate("window.opened = true")
    return SimpleNamespace(page=page, order=WorkOrder.objects.get(order_no=order_no), address=page.url)


def is_open(page) -> bool:
    """Whether the page is still the one that was opened first."""
    return page.evaluate("window.opened === true")


def write(page) -> None:
    page.keyboard.press("Alt+7")
    page.keyboard.press("Alt+n")
    page.keyboard.type(NOTE)


def test_the_next_order_is_worked_in_the_page_that_is_open(call):
    page = call.page
    write(page)
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: url != call.address and CALL.search(url))
    second = WorkOrder.objects.exclude(pk=call.order.pk).get()
    assert is_open(page)
    assert second.order_no in page.title()
    assert page.evaluate("document.activeElement.id") == "content"
    assert page.locator("[name=note]").input_value() == ""
    page.locator("#line").wait_for()  # what comes later is of this order too
    page.keyboard.press("Alt+k")
    page.locator("#knowledge[open] #knowledge-found").wait_for()
    page.keyboard.press("Escape")
    page.keyboard.press("Alt+n")
    page.keyboard.type("Second")
    page.get_by_text("Draft saved").wait_for()
    page.keyboard.press("Alt+7")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/work/")
    page.locator("h1", has_text="Work").wait_for(state="attached")
    assert is_open(page)
    for order, note in ((call.order, NOTE), (second, "Second")):
        order.refresh_from_db()
        assert (order.state, order.notes.get().text) == (State.DONE, note)
    assert (page.evaluate("window.mouse ?? 0"), page.problems) == (0, [])


def test_a_click_takes_the_next_order_as_the_key_does(browse):
    team, (ana,) = make_floor()
    make_orders(1, team=team, now=clock.now())
    page = browse()
    open_as(page, ana)
    page.locator("[data-key=n]").click()
    page.wait_for_url(CALL)
    page.locator("#note").wait_for()
    assert page.problems == []


def test_back_shows_what_is_at_that_address_now(call):
    page = call.page
    write(page)
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: url != call.address and CALL.search(url))
    page.go_back()
    page.locator(".rp-console").wait_for(state="detached")  # closed: not the agent's any more
    assert (page.url, is_open(page)) == (call.address, False)
    page.go_forward()
    page.locator("#note").wait_for()


def test_a_save_that_the_server_fails_is_said_and_can_be_sent_again(call):
    page, order = call.page, call.order
    write(page)
    page.route("**/outcome/", lambda route: route.fulfill(status=500, headers={"X-Request-ID": "r-17"}))
    page.keyboard.press("Control+Enter")
    page.locator("#messages", has_text="r-17").wait_for()
    assert (page.url, page.locator("[name=note]").input_value()) == (call.address, NOTE)
    page.get_by_text("Draft saved").wait_for()
    page.unroute("**/outcome/")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: url != call.address and CALL.search(url))
    order.refresh_from_db()
    assert order.notes.get().text == NOTE
    assert is_open(page)


def test_a_save_that_is_never_answered_can_be_sent_again(call):
    page = call.page
    page.route("**/js/sending*.js", rewritten("AGAIN_MS = 10000", "AGAIN_MS = 500"))
    page.reload()
    write(page)
    unanswered = []
    page.route("**/outcome/", lambda route: unanswered.append(route))
    page.keyboard.press("Control+Enter")
    page.wait_for_timeout(600)
    page.unroute("**/outcome/")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: url != call.address and CALL.search(url))
    call.order.refresh_from_db()
    assert (call.order.state, len(unanswered)) == (State.DONE, 1)


def test_after_an_update_of_the_product_the_next_page_is_loaded_whole(call):
    page = call.page
    page.evaluate("document.querySelector('[data-page]').setAttribute('src', '/static/js/page.before.js')")
    write(page)
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: url != call.address and CALL.search(url))
    page.locator("#note").wait_for()
    assert not is_open(page)


def test_what_the_form_lacks_is_said_on_the_same_screen(call):
    page, order = call.page, call.order
    page.keyboard.press("Alt+n")
    page.keyboard.type(NOTE)
    page.evaluate("for (const field of document.querySelectorAll('#outcome [required]')) field.required = false")
    page.keyboard.press("Control+Enter")
    page.locator("#outcome [role=alert]:not([hidden])").wait_for()
    assert (page.url, page.locator("[name=note]").input_value(), is_open(page)) == (call.address, NOTE, True)
    order.refresh_from_db()
    assert order.state == State.ASSIGNED


def test_a_session_that_another_window_has_begun_saves_all_the_same(call):
    page, order = call.page, call.order
    cookies = {cookie["name"]: cookie for cookie in page.context.cookies()}
    page.context.add_cookies([{**cookies["csrftoken"], "value": "x" * 32}])
    write(page)
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: url != call.address and CALL.search(url))
    order.refresh_from_db()
    assert order.state == State.DONE


def test_what_comes_later_is_asked_for_again_and_leaves_a_way_to_the_customer_meanwhile(call):
    page = call.page
    asked = []
    page.route("**/background/", lambda route: (asked.append(route), route.abort()))
    page.reload()
    page.locator("later-part").get_by_role("link", name="Everything about the customer").wait_for()
    wait_for(page, lambda: len(asked) > 0)
    page.unroute("**/background/")
    page.locator("#line").wait_for()
    assert page.locator("later-part").count() == 0
