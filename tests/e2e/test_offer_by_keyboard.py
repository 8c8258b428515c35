"""An agent offers, the customer takes it, billing carries it out: the whole way of a decision, without the mouse."""

import re
from datetime import timedelta

import pytest

from campaigns.offers.models import Decision
from campaigns.offers.states import State
from retention.core import clock
from tests.api import make_client
from tests.browser import problems_in_both_themes
from tests.campaigns.offers.rows import make_offer
from tests.e2e.steps import SHOWN, give_session, open_as, press_to_call
from tests.factories import make_policy, make_user
from tests.workorders.rows import make_floor, make_orders
from tests.workorders.surveys.rows import make_asked
from tests.workorders.surveys.trees import single

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def press_in_offers(page, *keys: str) -> None:
    """Press keys of which the last one sends the page; it comes back to the offers."""
    for key in keys[:-1]:
        page.keyboard.press(key)
    with page.expect_navigation(url=re.compile(r"#answer$")):
        page.keyboard.press(keys[-1])
    page.wait_for_function("() => document.activeElement.closest('#offers') !== null")


def focused(page) -> str:
    return page.evaluate("document.activeElement.innerText.trim()")


def test_the_offers_behind_more_are_reached_by_keyboard(browse):
    team, (ana,) = make_floor()
    for place in range(5):
        make_offer(code=f"offer{place}", name=f"Offer {place}", value=100 - place)
    make_orders(1, team=team, now=clock.now())
    page = browse()
    open_as(page, ana)
    press_to_call(page, "n")
    page.keyboard.press("Alt+o")
    for _place in range(3):
        page.keyboard.press("ArrowDown")
    assert "2 more offers" in focused(page)
    page.keyboard.press("ArrowDown")
    assert "2 more offers" in focused(page)  # closed: what lies behind it is passed over
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.value") == "offer3"
    press_in_offers(page, "ArrowDown", "Enter")
    assert Decision.objects.get().offer.code == "offer4"
    assert page.problems == []


def test_an_offer_is_proposed_and_accepted_by_keyboard_and_billing_carries_it_out(browse):
    team, (ana,) = make_floor()
    boss = make_user(role="supervisor", branch=team.branch, teams=(team,))
    make_offer(code="voucher", name="Data voucher", value=10)
    make_offer(code="renew", kind="renewal", policy=make_policy(name="Gold", months=24), name="Renewal", value=90)
    (order,) = make_orders(1, team=team, now=clock.now())
    page = browse()
    open_as(page, ana)
    press_to_call(page, "n")

    # Alt+O leads to the best offer, Down to the next one, Up back; typed words survive the way.
    page.keyboard.press("Alt+n")
    page.keyboard.type("Likes the long contract.")
    page.keyboard.press("Alt+o")
    assert page.evaluate("document.activeElement.value") == "renew"
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.value") == "voucher"
    press_in_offers(page, "Enter")
    press_in_offers(page, "ArrowDown", "ArrowDown", "Enter")  # declined: the second reason
    declined = Decision.objects.get()
    assert (declined.offer.code, declined.state, declined.decline_reason) == ("voucher", State.DECLINED, "term")

    press_in_offers(page, "Alt+o", "Enter")  # the best one
    assert focused(page) == "Accepted"  # the answer is one more Enter
    page.keyboard.press("Enter")
    page.get_by_text("the billing system carries it out").wait_for()
    press_in_offers(page, "Enter")
    taken = Decision.objects.get(offer__code="renew")
    assert (taken.state, taken.accepted_by) == (State.ACCEPTED, ana)
    assert "Waiting for billing" in page.locator("#offers").inner_text()
    assert page.locator("[name=note]").input_value() == "Likes the long contract."
    assert page.locator("[name=disposition]:checked").get_attribute("value") == "accepted"

    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/work/")
    order.refresh_from_db()
    assert (order.state, order.disposition.code) == ("done", "accepted")

    billing = make_client("decisions:write")
    (waiting,) = billing.get("decisions?state=pending").json()["results"]
    assert (waiting["order_no"], waiting["offer"]["terms"]["months"]) == (order.order_no, 24)
    assert billing.post(f"decisions/{waiting['id']}/confirm", {"billing_ref": "CHG-99"}).status_code == 200

    page = browse()
    open_as(page, boss, f"/work/orders/{order.order_no}/")
    shown = page.locator("main").inner_text()
    assert "Carried out by billing" in shown
    assert "Billing reference CHG-99" in shown
    assert page.problems == []


def test_an_accepted_offer_with_three_questions_and_an_appointment_takes_eight_chords(browse):
    team, (ana,) = make_floor()
    questions = [single(key, required_when=[]) for key in ("first", "second", "third")]
    make_asked(blocks=questions, published_at=clock.now() - timedelta(days=1))
    make_offer(code="renew", kind="renewal", name="Renewal", value=90)
    make_offer(code="voucher", name="Data voucher", value=10)
    (order,) = make_orders(1, team=team, now=clock.now())
    page = browse()
    open_as(page, ana)
    press_to_call(page, "n")

    press_in_offers(page, "Alt+P")  # the best one is proposed
    page.keyboard.press("Enter")  # accepted,
    page.locator("#ask-first[open]").wait_for()
    press_in_offers(page, "Enter")  # and sure
    for digit in ("1", "2", "1"):
        page.keyboard.press(digit)
    page.keyboard.press("Alt+2")  # calls back: the usual time is filled in already
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/work/")

    order.refresh_from_db()
    decision = Decision.objects.get()
    assert (decision.offer.code, decision.state) == ("renew", State.ACCEPTED)
    assert (order.state, order.disposition.code, order.assignee) == ("waiting", "callback", ana)
    answers = order.responses.get().answers.order_by("place").values_list("question", "value")
    assert list(answers) == [("first", "yes"), ("second", "no"), ("third", "yes")]
    assert (page.evaluate("window.mouse ?? 0"), page.problems) == (0, [])


def test_the_pages_of_offers_are_accessible(browse):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    team, (ana,) = make_floor()
    mia = make_user(role="manager", branch=team.branch, **SHOWN)
    type(ana).objects.filter(pk=ana.pk).update(**SHOWN)
    offer = make_offer(branch=team.branch)
    make_offer(kind="renewal")
    make_orders(1, team=team, now=clock.now())
    page = browse(locale="zh-CN")
    open_as(page, ana)
    press_to_call(page, "n")
    press_in_offers(page, "Alt+o", "Enter")
    found = {"call": problems_in_both_themes(axe, page)}
    page = browse(locale="zh-CN")
    give_session(page, mia)
    for address in ("/offers/", f"/offers/{offer.code}/", f"/offers/{offer.code}/edit/", "/offers/new/"):
        page.goto(address)
        page.wait_for_load_state("networkidle")
        found[address] = problems_in_both_themes(axe, page)
    assert {name: problems for name, problems in found.items() if problems} == {}


def test_a_held_key_makes_nobody_take_an_offer(browse):
    team, (ana,) = make_floor()
    make_offer(code="voucher", name="Data voucher", value=10)
    (order,) = make_orders(1, team=team, now=clock.now())
    page = browse()
    open_as(page, ana)
    press_to_call(page, "n")
    page.keyboard.press("Alt+o")
    with page.expect_navigation(url=re.compile(r"#answer$")):
        page.keyboard.down("Enter")
    page.wait_for_function("() => document.activeElement.innerText.trim() === 'Accepted'")
    for _repeat in range(5):
        page.keyboard.down("Enter")  # still held: the browser says so with each
    assert not page.locator("#ask-first").is_visible()
    page.keyboard.up("Enter")
    page.keyboard.down("Enter")  # pressed anew: asked, and held on that is no answer either
    page.locator("#ask-first[open]").wait_for()
    page.keyboard.down("Enter")
    page.keyboard.up("Enter")
    assert page.locator("#ask-first").is_visible()
    page.keyboard.press("Escape")
    assert Decision.objects.get().state == State.PROPOSED

    # A held digit answers one question, a held save saves once.
    page.locator("body").click(position={"x": 5, "y": 300})
    page.keyboard.down("1")
    page.keyboard.down("1")
    page.keyboard.up("1")
    assert page.locator("[data-question] input:checked").count() == 1
    page.keyboard.press("Alt+1")
    page.keyboard.down("Control")
    for _repeat in range(3):
        page.keyboard.down("Enter")
    page.wait_for_url("**/work/")
    order.refresh_from_db()
    assert (order.state, order.attempts) == ("queued", 1)


def test_the_key_of_the_note_puts_the_cursor_behind_what_is_written(browse):
    team, (ana,) = make_floor()
    make_orders(1, team=team, now=clock.now())
    page = browse()
    open_as(page, ana)
    press_to_call(page, "n")
    page.keyboard.press("Alt+n")
    page.keyboard.type("First.")
    page.keyboard.press("Escape")
    page.keyboard.press("Alt+n")
    page.keyboard.type(" Second.")
    assert page.locator("#note").input_value() == "First. Second."
