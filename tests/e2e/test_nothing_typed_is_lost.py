"""What is typed survives the end of the session, a lost connection and a broken server; and the page says so."""

import time
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session

from campaigns.offers.models import Offer
from retention.core import clock
from tests.campaigns.offers.rows import make_offer
from tests.e2e.steps import give_session, open_as, rewritten, wait_for
from tests.factories import PASSWORD, make_branch, make_list_entry, make_user
from workorders.order_types.models import OrderType
from workorders.orders.models import Draft, WorkOrder
from workorders.orders.services import claiming
from workorders.orders.states import State
from workorders.supervision.services import take_back

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WORDS = "Wants to stay, but the bill.\n第二行。"


def write(page, words: str = WORDS) -> None:
    page.keyboard.press("Alt+n")
    page.keyboard.insert_text(words)
    page.keyboard.press("Space")


def end_session(page) -> None:
    """As the server ends it. The desk asks for messages every 5 s and would find out before the test's own keys."""
    page.locator("#desk-messages[hx-trigger='every 5s']").wait_for(state="attached")
    page.route("**/work/messages/", lambda route: route.fulfill(status=204))
    Session.objects.all().delete()


def sign_in_again(page) -> None:
    page.locator("#sign-in-again [name=password]").wait_for()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.locator("#sign-in-again").wait_for(state="hidden")


def test_the_session_ends_while_one_types_and_nothing_is_lost(at_work):
    page, order = at_work
    address = page.url
    end_session(page)
    write(page)
    sign_in_again(page)  # the draft found out by itself
    page.get_by_text("Draft saved").wait_for()
    assert (page.url, page.locator("[name=note]").input_value()) == (address, WORDS + " ")
    assert Draft.objects.get().content["note"].split() == WORDS.split()

    end_session(page)
    page.keyboard.press("Alt+5")
    page.keyboard.press("Control+Enter")
    sign_in_again(page)
    order.refresh_from_db()
    assert (page.url, order.state) == (address, State.ASSIGNED)  # not sent, and not sent behind his back
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/work/")
    order.refresh_from_db()
    assert (order.state, order.notes.get().text.split()) == (State.DONE, WORDS.split())


def test_the_sign_in_page_is_never_swapped_into_a_pane(at_work):
    page, _order = at_work
    end_session(page)
    page.keyboard.press("Alt+u")
    page.keyboard.press("Enter")
    page.locator("#sign-in-again[open]").wait_for()
    assert page.locator("[name=username]").count() == 1  # that of the dialog
    sign_in_again(page)
    page.locator("#phone form button").click()
    page.locator("#phone [data-revealed]").wait_for()


def test_a_wrong_password_is_said_and_the_page_stays(at_work):
    page, _order = at_work
    end_session(page)
    write(page)
    page.locator("#sign-in-again [name=password]").wait_for()
    page.keyboard.type("something else")
    page.keyboard.press("Enter")
    page.get_by_text("The password is not right.").wait_for()
    sign_in_again(page)


def test_without_a_connection_nothing_is_sent_and_the_words_stay(at_work):
    page, order = at_work
    page.keyboard.press("Alt+5")
    page.context.set_offline(True)
    write(page)
    page.keyboard.press("Control+Enter")
    page.get_by_text("Not sent: there is no connection.").wait_for()
    page.locator("connection-bar").wait_for()
    assert page.locator("[name=note]").input_value() == WORDS + " "
    page.context.set_offline(False)
    page.get_by_text("Draft saved").wait_for()
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/work/")
    order.refresh_from_db()
    assert order.state == State.DONE


def test_a_broken_server_leaves_an_edit_form_full(browse):
    offer = make_offer(code="gift", name="Old name")
    page = browse()
    open_as(page, make_user(role="manager", branch=make_branch()), f"/offers/{offer.code}/edit/")
    page.locator("[name=name]").fill("A better name")
    broken = lambda route: route.fulfill(status=500, body="broken")  # noqa: E731
    page.route("**/edit/", broken)
    page.keyboard.press("Control+Enter")
    page.get_by_text("broken").wait_for()
    page.unroute("**/edit/", broken)
    page.go_back()
    page.get_by_text("What you typed is back in the form.").wait_for()
    assert page.locator("[name=name]").input_value() == "A better name"
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**/offers/{offer.code}/")
    assert Offer.objects.get().name == "A better name"


def test_who_types_without_a_pause_is_saved_within_three_seconds(at_work):
    page, _order = at_work
    page.keyboard.press("Alt+n")
    began = time.monotonic()
    while not Draft.objects.exists():
        assert time.monotonic() - began < 4.0
        page.keyboard.type("word ", delay=20)
    assert "word" in Draft.objects.get().content["note"]


def test_what_is_typed_last_goes_along_when_the_page_is_left(at_work):
    page, _order = at_work
    page.keyboard.press("Alt+n")
    page.keyboard.insert_text("Just before the end")
    page.goto("/work/mine/")
    wait_for(page, lambda: Draft.objects.filter(content__note="Just before the end").exists())


def test_two_windows_on_one_order_choose_which_words_stay(at_work):
    page, _order = at_work
    second = page.context.new_page()
    second.goto(page.url)
    write(page, "First window")
    page.get_by_text("Draft saved").wait_for()
    second.bring_to_front()
    write(second, "Second window")
    second.locator("[data-other-window]:not([hidden])").wait_for()
    assert second.locator("[data-other-note]").input_value() == "First window "
    assert second.locator("#note").input_value() == "Second window "
    assert Draft.objects.get().content["note"] == "First window "
    second.get_by_text("Keep this window's").click()
    second.get_by_text("Draft saved").wait_for()
    assert Draft.objects.get().content["note"] == "Second window "


def test_a_limit_is_said_and_nothing_is_cut(at_work):
    page, order = at_work
    write(page, "x" * 49_998 + "\ny")
    page.get_by_text("46001 characters too many: at most 4000.").wait_for()
    assert len(page.locator("#note").input_value()) == 50_001
    page.get_by_text("Draft saved").wait_for()
    assert len(Draft.objects.get().content["note"]) == 50_001
    page.keyboard.press("Alt+3")
    page.keyboard.press("Control+Enter")
    assert page.evaluate("document.querySelector('#note').validity.customError")
    order.refresh_from_db()
    assert order.state == State.ASSIGNED


def test_an_edit_form_asks_before_its_changes_are_lost(browse):
    offer = make_offer(code="gift", name="Old name")
    page = browse()
    give_session(page, make_user(role="manager", branch=make_branch()))
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto(f"/offers/{offer.code}/edit/")
    page.locator(".rp-form-actions a").click()
    page.wait_for_url(f"**/offers/{offer.code}/")
    assert asked == []  # nothing was changed
    for field, value in (("name", "New name"), ("pitch", "New words")):
        page.goto(f"/offers/{offer.code}/edit/")
        page.locator(f"[name={field}]").fill(value)
        page.locator(".rp-form-actions a").click()
        page.wait_for_url(f"**/offers/{offer.code}/")
    assert asked == ["beforeunload", "beforeunload"]
    page.goto(f"/offers/{offer.code}/edit/")
    page.locator("[name=name]").fill("New name")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**/offers/{offer.code}/")
    assert asked == ["beforeunload", "beforeunload"]


def test_a_dead_browsers_order_comes_back_with_what_was_typed(at_work, monkeypatch):
    page, order = at_work
    OrderType.objects.update(lease_seconds=5)
    monkeypatch.setattr(claiming, "LEASE_UNWRITTEN", timedelta(seconds=1))
    page.route("**/pulse-clock.js", rewritten("EVERY_MS = 4000", "EVERY_MS = 1000"))  # four times as fast
    page.reload()
    WorkOrder.objects.update(lease_until=clock.now() + timedelta(seconds=5))
    write(page)
    for _half in range(14):  # longer than the lease: the page is open
        page.wait_for_timeout(500)
        assert claiming.release_expired_leases(now=clock.now()) == 0
    page.close()
    until = time.monotonic() + 7
    while claiming.release_expired_leases(now=clock.now()) == 0:
        assert time.monotonic() < until
        time.sleep(0.2)
    order.refresh_from_db()
    assert (order.state, order.assignee) == (State.QUEUED, None)
    assert order.notes.get().text.split() == WORDS.split()


def test_who_loses_an_order_is_told_within_five_seconds_in_view(at_work):
    page, order = at_work
    write(page, "Half a")
    page.keyboard.type(" sentence")
    team = order.team
    take_back(
        order_nos=[order.order_no],
        actor=make_user(role="supervisor", branch=team.branch, teams=(team,)),
        now=clock.now(),
    )
    told = page.get_by_text("This order is no longer with you.")
    told.wait_for(timeout=5000)
    box = told.bounding_box()
    assert 0 <= box["y"] < 768
    assert page.locator("#note").input_value() == "Half a  sentence"
    assert page.locator("#outcome .btn-primary").is_disabled()
    assert not page.get_by_text("Show number").first.is_visible()
    wait_for(page, lambda: [note.text for note in order.notes.all()] == ["Half a  sentence"])


def test_a_wrong_end_is_taken_back_by_one_key_and_goes_away_by_itself(at_work):
    page, order = at_work
    page.clock.install()  # of this page and the next ones; it goes on as the real one until it is turned
    write(page, "Stays")
    page.keyboard.press("Alt+5")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/work/")
    page.keyboard.press("Alt+z")
    page.wait_for_url(f"**/{order.order_no}/")
    assert page.locator("#note").input_value() == "Stays"
    page.keyboard.press("Alt+3")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/work/")
    order.refresh_from_db()
    assert (order.state, order.disposition.code, order.attempts) == (State.DONE, "retained", 1)
    page.locator("undo-bar").wait_for()
    page.clock.run_for(7_000)
    assert page.locator("undo-bar").is_visible()
    page.clock.run_for(3_000)
    page.locator("undo-bar").wait_for(state="detached", timeout=500)


def test_a_customer_who_wants_no_calls_any_more_stops_the_open_page(at_work):
    page, order = at_work
    page.keyboard.press("Alt+u")
    page.keyboard.press("Enter")
    page.locator("#phone [data-revealed]").wait_for()
    make_list_entry(customer=order.customer, kind="do_not_disturb", starts_on=clock.today())
    page.get_by_text("Do not call now: Do not disturb.").wait_for(timeout=5000)
    assert page.locator("[data-revealed]").count() == 0
    assert not page.locator("#appointment").is_visible()
