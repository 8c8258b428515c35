"""A browser that dies, a server that restarts and a hand that clicks twice: nothing is lost and nothing done twice."""

import os
import time

import pytest

from tests.e2e.steps import open_as, press_to_call
from tests.factories import make_branch, make_user
from workorders.orders.models import Draft
from workorders.orders.states import State

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_tab_that_crashes_gives_back_what_was_typed_on_another_computer(at_work, browse):
    page, order = at_work
    page.keyboard.press("Alt+5")
    page.keyboard.press("Alt+n")
    until = time.monotonic() + 10
    while not Draft.objects.filter(content__note__icontains="word").exists():
        assert time.monotonic() < until
        page.keyboard.type("word ", delay=20)
    with page.expect_event("crash"), pytest.raises(Exception, match="crash"):  # no code of the page runs any more
        page.goto("chrome://crash")
    kept = Draft.objects.get().content
    elsewhere = browse()
    open_as(elsewhere, order.team.members.get(role="agent"))
    assert press_to_call(elsewhere, "n") == order.order_no
    assert elsewhere.locator("#note").input_value() == kept["note"]
    assert elsewhere.locator("[name=disposition]:checked").get_attribute("value") == "refused"


def test_a_server_that_restarts_gets_the_words_by_itself_when_it_is_back(at_work):
    """The network is there all the while, so the browser says neither that it is gone nor that it is back."""
    page, order = at_work
    page.route("**/*", lambda route: route.abort("connectionrefused"))
    page.keyboard.press("Alt+5")
    page.keyboard.press("Alt+n")
    page.keyboard.type("While it restarts")
    page.locator("connection-bar:not([hidden])").wait_for()
    page.keyboard.press("Control+Enter")
    page.get_by_text("Not sent: there is no connection.").wait_for()
    assert not Draft.objects.exists()
    page.unroute("**/*")
    page.get_by_text("Draft saved").wait_for(timeout=10_000)
    page.locator("connection-bar").wait_for(state="hidden", timeout=15_000)
    assert Draft.objects.get().content["note"] == "While it restarts"
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/work/")
    order.refresh_from_db()
    assert (order.state, order.notes.get().text) == (State.DONE, "While it restarts")


def test_a_file_of_two_gigabytes_is_named_and_not_sent(browse, tmp_path):
    file = tmp_path / "recording.wav"
    file.touch()
    os.truncate(file, 2 << 30)  # without a byte on the disk
    page = browse()
    open_as(page, make_user(role="manager", branch=make_branch()), "/administration/documents/new/")
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    field = page.locator("[name=file]")
    field.set_input_files(file)
    assert field.evaluate("field => field.validationMessage") == "The file is larger than 50 MB."
    page.keyboard.press("Control+Enter")
    page.wait_for_timeout(500)
    assert (sent, page.evaluate("document.activeElement.name")) == ([], "file")


def test_a_double_click_on_save_saves_once(at_work):
    page, order = at_work
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.url.endswith("/outcome/") else None)
    page.keyboard.press("Alt+1")
    page.locator("#outcome .btn-primary").dblclick()
    page.wait_for_url("**/work/")
    order.refresh_from_db()
    assert (len(sent), order.state, order.attempts) == (1, State.QUEUED, 1)
    assert order.transitions.filter(move="retry").count() == 1
    assert page.problems == []
