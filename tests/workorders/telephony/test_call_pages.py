"""The call on the pages: the call screen, My workload, the board and the day of an agent."""

from datetime import timedelta

import pytest
from django.urls import reverse

from retention.core import clock
from tests.factories import NOW
from tests.workorders.rows import make_orders
from workorders.orders.services.claiming import claim_next
from workorders.supervision.services import take_back
from workorders.telephony.models import Call
from workorders.telephony.services.recording import record_events
from workorders.telephony.states import CallState, Event, EventKind
from workorders.telephony.switches.base import Answer, Outcome, Reported
from workorders.telephony.switches.simulated import script

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]
BOARD, DESK = reverse("workorders:supervise"), reverse("workorders:console")


@pytest.fixture
def ana(floor, client):
    client.force_login(floor[1][0])
    return floor[1][0]


def address(name: str, order) -> str:
    return reverse(f"workorders:{name}", args=[order.order_no])


def report(kind: str, **more) -> None:
    event = Event(EventKind(kind), more.pop("at", NOW), **more)
    record_events(rows=[Reported(kind, Call.objects.get().reference, event)], now=NOW)


def text_of(response) -> str:
    return " ".join(response.text.split())


def test_the_call_screen_dials_follows_and_hangs_up_without_showing_the_number(client, switch, ana, order):
    page = text_of(client.get(address("order", order)))
    assert 'data-key="Alt+L"' in page
    page = text_of(client.post(address("dial", order), follow=True))
    assert "Dialling" in page
    assert order.subscriber.phone_number not in page
    state = address("call", order)
    assert client.get(state, {"seen": "dialling"}).status_code == 204
    report("answered")
    fragment = client.get(state, {"seen": "dialling"})
    assert "On the line" in fragment.text
    assert 'hx-trigger="every 3s"' in fragment.text
    page = text_of(client.post(address("hang-up", order), follow=True))
    assert "Call ended" in page
    assert 'hx-trigger="every' not in page.split('id="call"')[1].split("</span>")[0]
    assert "the agent hung up" in page


@pytest.mark.parametrize(("kind", "code"), [("no_answer", "no_answer"), ("busy", "switched_off")])
def test_the_fitting_end_is_proposed(client, switch, ana, order, kind, code):
    client.post(address("dial", order))
    report(kind)
    fragment = client.get(address("call", order), {"seen": "ringing"}).text
    assert f'<call-end data-end="{code}">' in fragment
    page = client.get(address("order", order))
    assert page.context["typed"]["disposition"] == code
    client.post(address("draft", order), {"disposition": "callback"})
    assert client.get(address("order", order)).context["typed"]["disposition"] == "callback"


def test_a_type_without_the_usual_end_proposes_what_counts_as_not_answered(client, switch, ana, order):
    order.type.flow = {**order.type.flow, "dispositions": ["wrong_number", "no_answer", "retained"]}
    order.type.save()
    client.post(address("dial", order))
    report("busy")
    assert 'data-end="no_answer"' in client.get(address("call", order)).text


def test_the_simulated_call_goes_on_while_the_page_asks(client, simulated, floor, ana):
    make_orders(8, team=floor[0])
    while (order := claim_next(agent=ana, now=NOW)) and script(f"{order.order_no}-1", NOW)[-1].kind != "no_answer":
        type(order).objects.filter(pk=order.pk).update(state="queued", assignee=None, lease_until=None, priority=9)
    with clock.freeze(NOW):
        client.post(address("dial", order))
    seen = []
    for seconds in (0, 2, 30):
        with clock.freeze(NOW + timedelta(seconds=seconds)):
            client.get(address("call", order))
            seen.append(Call.objects.get().state)
    assert seen == [CallState.DIALLING, CallState.RINGING, CallState.NO_ANSWER]


def test_a_switch_that_is_down_is_said_on_the_call_screen(client, switch, ana, order):
    switch.answer = Answer(Outcome.DOWN)
    page = client.post(address("dial", order), follow=True)
    assert "The telephone switch does not answer. Show the number and call by hand." in page.text
    assert "Not connected" in page.text


def test_without_a_switch_the_shown_number_is_a_link(client, settings, ana, order):
    settings.TELEPHONE = "link"
    page = client.get(address("order", order)).text
    assert address("dial", order) not in page
    assert "tel:" not in page
    client.post(reverse("customers:phone", args=[order.subscriber.subscriber_no]), {"reason": "Call"})
    assert f'href="tel:{order.subscriber.phone_number}"' in client.get(address("order", order)).text


def test_the_desk_hangs_up_a_call_whose_order_has_left(client, switch, boss, ana, order):
    client.post(address("dial", order))
    take_back(order_nos=[order.order_no], actor=boss, now=NOW)
    assert f"You are on a call for order {order.order_no}" in client.get(DESK).text
    assert client.post(address("hang-up", order)).url == DESK
    assert "You are on a call" not in client.get(DESK).text


def test_the_agents_telephone_is_said_on_the_desk(client, switch, ana):
    switch.needs_extension = True
    client.post(reverse("workorders:extension"), {"number": "8021"})
    assert 'value="8021"' in client.get(DESK).text
    page = client.post(reverse("workorders:extension"), {"number": "x"}, follow=True).text
    assert "An extension has digits only" in page


def test_calls_stand_on_the_trail_on_my_workload_and_on_the_agents_day(client, switch, settings, boss, ana, order):
    settings.CALL_RECORDING_URL = "https://recorder.example/{recording}"
    client.post(address("dial", order))
    report("ended", seconds=50, recording="R7", by="customer")
    made = Call.objects.get()
    link = f'href="{reverse("workorders:recording", args=[made.reference])}"'
    pages = [address("order", order), reverse("workorders:mine")]
    found = [client.get(page).text for page in pages]
    client.force_login(boss)
    found.append(client.get(reverse("workorders:agent-day", args=[ana.username])).text)
    found.append(client.get(address("order", order)).text)
    for page in found:
        assert link in page
        assert made.number in page
        assert order.subscriber.phone_number not in page
    answer = client.get(reverse("workorders:recording", args=[made.reference]))
    assert answer.url == "https://recorder.example/R7"


def test_the_board_shows_who_calls_since_when_and_refreshes_with_each_state(client, switch, boss, ana, order):
    client.post(address("dial", order))
    client.force_login(boss)
    page = client.get(BOARD)
    assert "Dialling since" in page.text
    assert page.context["on_call"] == 1
    seen = page.context["seen"]
    assert client.get(reverse("workorders:floor"), {"seen": seen}).status_code == 204
    report("answered")
    fresh = client.get(reverse("workorders:floor"), {"seen": seen})
    assert (fresh.status_code, "On the line since" in fresh.text) == (200, True)
