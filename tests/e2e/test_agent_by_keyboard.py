"""An agent's day in a real browser: signs in, takes orders, records how they ended, goes on; never with the mouse."""

import time

import pytest

from retention.core import clock
from tests.browser import problems_in_both_themes
from tests.e2e.steps import SHOWN, open_as, press_to_call, sign_in
from tests.factories import make_bill, make_risk_score, make_ticket, make_usage_month, make_user
from tests.workorders.rows import make_floor, make_orders
from workorders.orders.models import WorkOrder
from workorders.orders.states import State

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_an_agent_takes_the_next_order_records_its_outcome_and_goes_on_without_the_mouse(browse):
    team, (ana,) = make_floor()
    first, second, third = make_orders(3, team=team, now=clock.now())
    page = browse()
    sign_in(page, ana)

    assert press_to_call(page, "n") == first.order_no
    page.keyboard.press("1")  # main reason: price
    page.keyboard.press("2")  # satisfied: partly
    page.keyboard.press("Alt+3")  # stays with us
    page.keyboard.press("Alt+n")
    page.keyboard.type("Stays when the bill is explained. 价格")
    assert press_to_call(page, "Control+Enter") == second.order_no
    first.refresh_from_db()
    assert (first.state, first.disposition.code) == (State.DONE, "retained")
    assert first.answers == {"main_reason": "price", "satisfied": "partly"}
    assert first.notes.get().text == "Stays when the bill is explained. 价格"

    # No answer: two chords.
    page.keyboard.press("Alt+1")
    assert press_to_call(page, "Control+Enter") == third.order_no
    second.refresh_from_db()
    assert (second.state, second.attempts) == (State.QUEUED, 1)

    # Call back: the usual time is filled in already.
    page.keyboard.press("Alt+2")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/work/")
    third.refresh_from_db()
    assert (third.state, third.assignee) == (State.WAITING, ana)
    assert third.order_no in page.locator("main").inner_text()

    assert page.evaluate("window.mouse ?? 0") == 0
    assert page.problems == []


def test_the_number_is_shown_by_keyboard_and_the_look_is_logged(browse):
    from retention.core.audit.models import AuditEntry

    team, (ana,) = make_floor()
    (order,) = make_orders(1, team=team, now=clock.now())
    page = browse()
    open_as(page, ana)
    press_to_call(page, "n")
    assert order.subscriber.phone_number not in page.content()
    page.keyboard.press("Alt+u")
    page.keyboard.press("Enter")
    page.locator("#phone [data-revealed]").wait_for()
    assert page.locator("#phone [data-revealed]").inner_text() == order.subscriber.phone_number
    entry = AuditEntry.objects.get(action="customer.reveal_phone")
    assert (entry.actor, order.order_no in entry.detail["reason"]) == (ana, True)


def test_what_is_typed_survives_a_closed_window(browse):
    team, (ana,) = make_floor()
    make_orders(1, team=team, now=clock.now())
    page = browse()
    open_as(page, ana)
    press_to_call(page, "n")
    page.keyboard.press("Alt+5")
    page.keyboard.press("Alt+n")
    page.keyboard.type("Wants to think about the ")
    page.get_by_text("Draft saved").wait_for()
    again = browse()
    open_as(again, ana)
    press_to_call(again, "n")
    assert again.locator("[name=note]").input_value() == "Wants to think about the "
    assert again.locator("[name=disposition]:checked").get_attribute("value") == "refused"


def test_keys_stay_quiet_while_a_note_is_written(browse):
    team, (ana,) = make_floor()
    order, _next = make_orders(2, team=team, now=clock.now())
    page = browse()
    open_as(page, ana)
    press_to_call(page, "n")
    page.keyboard.press("Alt+n")
    page.keyboard.type("n 1 2 ?")
    assert page.locator("[name=note]").input_value() == "n 1 2 ?"
    assert page.locator("[data-question] input:checked").count() == 0
    assert page.url.endswith(f"{order.order_no}/")


def test_after_the_save_the_next_customer_is_there_at_once(browse):
    team, (ana,) = make_floor()
    make_orders(8, team=team, now=clock.now())
    page = browse()
    open_as(page, ana)
    press_to_call(page, "n")
    took = []
    for _call in range(6):
        page.keyboard.press("Alt+1")
        began = time.perf_counter()
        press_to_call(page, "Control+Enter")
        page.locator(".rp-call-name").wait_for()
        took.append(time.perf_counter() - began)
    # The goal is 0.4 s on a quiet machine; tests share theirs.
    assert sorted(took)[-2] < 2.0, f"save to next customer: {[round(one * 1000) for one in took]} ms"


def test_the_work_pages_are_accessible(browse):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    team, (ana,) = make_floor()
    boss = make_user(role="supervisor", branch=team.branch, teams=(team,), **SHOWN)
    type(ana).objects.filter(pk=ana.pk).update(**SHOWN)
    orders = make_orders(3, team=team, now=clock.now())
    for order in orders:
        for back in range(3):
            make_bill(subscriber=order.subscriber, month=clock.today().replace(day=1, month=back + 1))
            make_usage_month(subscriber=order.subscriber, month=clock.today().replace(day=1, month=back + 1))
        make_risk_score(subscriber=order.subscriber, as_of=clock.today())
        make_ticket(subscriber=order.subscriber)
    page = browse(locale="zh-CN")
    open_as(page, ana)
    found = {"console": problems_in_both_themes(axe, page)}
    press_to_call(page, "n")
    found["call"] = problems_in_both_themes(axe, page)
    page.goto("/work/mine/")
    found["mine"] = problems_in_both_themes(axe, page)
    page = browse(locale="zh-CN")
    open_as(page, boss, "/supervise/")
    found["supervise"] = problems_in_both_themes(axe, page)
    page.goto(f"/work/orders/{orders[0].order_no}/")
    found["order seen by the supervisor"] = problems_in_both_themes(axe, page)
    assert {name: problems for name, problems in found.items() if problems} == {}
    assert WorkOrder.objects.count() == 3
