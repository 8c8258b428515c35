"""A supervisor moves orders between agents from the keyboard, one of them under the hands of who is writing; the board
refreshes and leaves the focus where it is."""

import re

import pytest

from retention.core import clock
from tests.e2e.steps import open_as, press_to_call
from tests.factories import make_user
from tests.workorders.rows import make_floor, make_orders
from workorders.orders.models import WorkOrder

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def floor():
    team, agents = make_floor(2)
    return team, agents, make_user(role="supervisor", branch=team.branch, teams=(team,))


def focused(page) -> str:
    return page.evaluate("document.activeElement.getAttribute('href') ?? document.activeElement.name ?? ''")


def test_ticked_orders_change_hands_and_the_one_who_writes_is_told(browse, floor):
    team, (ana, ben), boss = floor
    first, second, third = make_orders(3, team=team, now=clock.now())
    desk = browse()
    open_as(desk, ana)
    assert press_to_call(desk, "n") == first.order_no
    desk.keyboard.press("Alt+n")
    desk.keyboard.type("Wants the cheaper plan")

    page = browse()
    open_as(page, boss, "/supervise/")
    for _row in range(2):  # in the order of work: the one on the desk, and the next
        page.keyboard.press("j")
        page.keyboard.press("Space")
    page.locator(".rp-bulk [data-selected]", has_text="2").wait_for()
    page.keyboard.press("a")
    page.wait_for_url("**/bulk/")
    assert focused(page) == "agent"
    page.keyboard.type(ben.display_name)
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"/supervise/(\?.*)?$"))

    assert dict(WorkOrder.objects.values_list("order_no", "assignee")) == {
        first.order_no: ben.pk, second.order_no: ben.pk, third.order_no: None,
    }  # fmt: skip
    assert page.locator(f".rp-tile a[href='?agent={ben.username}']").inner_text() == "holds 2 orders"
    assert (page.evaluate("window.mouse ?? 0"), page.problems) == (0, [])

    desk.get_by_text("This order is no longer with you.").wait_for(timeout=5000)
    assert desk.locator("#note").input_value() == "Wants the cheaper plan"
    hers = browse()
    open_as(hers, ben)
    assert press_to_call(hers, "n") == first.order_no
    hers.keyboard.press("Alt+t")
    hers.locator("#trail").get_by_text("Wants the cheaper plan").wait_for()


def test_the_board_refreshes_and_keeps_the_focus(browse, floor):
    team, (_ana, ben), boss = floor
    page = browse()
    page.clock.install()  # goes on as the real one until it is turned
    open_as(page, boss, "/supervise/")
    link = page.locator(f".rp-tile a[href='?agent={ben.username}']")
    link.focus()
    page.evaluate("document.querySelector('#floor').old = true")
    make_orders(1, team=team, now=clock.now())
    page.clock.run_for(10_000)
    page.wait_for_function("() => !document.querySelector('#floor').old")
    page.wait_for_timeout(100)
    assert focused(page) == f"?agent={ben.username}"
    assert page.problems == []
