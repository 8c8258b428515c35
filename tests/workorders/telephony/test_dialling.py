"""Dialling from the call screen: one call an agent, logged as a look at the number, with a switch that may fail."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from retention.core.accounts.services.staff import save_staff
from retention.core.audit.models import AuditEntry
from retention.core.errors import Conflict, Invalid, NotFound
from tests.factories import NOW, make_list_entry, make_user
from tests.workorders.rows import HOUR, MINUTE, make_orders
from workorders.order_types.models import OrderType
from workorders.orders.services.claiming import claim_next, take
from workorders.orders.services.outcomes import record_outcome
from workorders.orders.states import State
from workorders.pauses.models import Pause
from workorders.pauses.queries import running_wrap_up
from workorders.pauses.services import begin_pause, install_pause_codes
from workorders.supervision.services import take_back
from workorders.telephony.models import Call, Extension
from workorders.telephony.services.calling import dial, hang_up, hang_up_of, open_recording
from workorders.telephony.services.extensions import set_extension
from workorders.telephony.services.following import follow_open_calls
from workorders.telephony.services.recording import record_events
from workorders.telephony.states import CallState, Event, EventKind
from workorders.telephony.switches.base import Answer, Outcome, Reported

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]
SECOND = timedelta(seconds=1)


@pytest.fixture
def ana(floor):
    return floor[1][0]


def call(order, agent, *, at=NOW) -> Call:
    return dial(order_no=order.order_no, agent=agent, now=at)


def report(made: Call, kind: str, at=NOW, **more) -> None:
    event = Event(EventKind(kind), at, more.get("seconds"), more.get("recording", ""), more.get("by", ""))
    record_events(rows=[Reported(f"{kind}-{at}", made.reference, event)], now=at)
    made.refresh_from_db()


def test_the_switch_gets_the_number_and_nobody_else(switch, order, ana):
    number = order.subscriber.phone_number
    made = call(order, ana)
    assert [(one.reference, one.number) for one in switch.dialled] == [(made.reference, number)]
    assert (made.state, number in made.number, made.number[-4:]) == (CallState.DIALLING, False, number[-4:])
    entry = AuditEntry.objects.get(action="call.dial")
    assert (entry.actor, entry.target) == (ana, f"subscriber:{order.subscriber.subscriber_no}")
    assert entry.detail == {"order": order.order_no, "call": made.reference}
    order.refresh_from_db()
    assert order.state == State.IN_PROGRESS


def test_a_key_pressed_twice_is_one_call(switch, order, ana):
    assert call(order, ana) == call(order, ana, at=NOW + SECOND)
    assert len(switch.dialled) == 1
    assert AuditEntry.objects.filter(action="call.dial").count() == 1


def test_the_database_allows_one_open_call_an_agent(switch, order, ana):
    made = call(order, ana)
    with pytest.raises(IntegrityError), transaction.atomic():
        Call.objects.create(reference="other", order=order, agent=ana, number="1", started_at=made.started_at)


def test_without_a_switch_nothing_is_dialled(settings, order, ana):
    settings.TELEPHONE = "link"
    with pytest.raises(Conflict, match="No telephone switch"):
        call(order, ana)
    assert not Call.objects.exists()


@pytest.mark.parametrize(
    ("outcome", "words"), [(Outcome.DOWN, "does not answer"), (Outcome.REFUSED, r"refuses the call \(no line\)")]
)
def test_a_switch_that_fails_is_said_and_the_agent_may_call_again(switch, order, ana, outcome, words):
    switch.answer = Answer(outcome, "no line")
    with pytest.raises(Conflict, match=words):
        call(order, ana)
    made = Call.objects.get()
    assert (made.state, made.ended_because) == (CallState.FAILED, "unreached")
    switch.answer = Answer(Outcome.TAKEN)
    assert call(order, ana).reference.endswith("-2")


def test_in_doubt_the_call_goes_on_until_nothing_is_heard(switch, settings, order, ana):
    switch.answer = Answer(Outcome.DOUBTFUL)
    made = call(order, ana)
    assert made.is_open
    assert follow_open_calls(now=NOW + MINUTE) == 0
    late = NOW + timedelta(seconds=settings.CALL_TIMEOUT + 61)
    assert [follow_open_calls(now=late), follow_open_calls(now=late)] == [1, 0]
    made.refresh_from_db()
    assert (made.state, made.ended_because) == (CallState.FAILED, "lost")


def test_a_talk_without_an_end_is_over_after_hours(switch, order, ana):
    made = call(order, ana)
    report(made, "answered")
    assert follow_open_calls(now=NOW + 3 * HOUR) == 0
    assert follow_open_calls(now=NOW + 5 * HOUR) == 1
    made.refresh_from_db()
    assert (made.state, made.ended_because) == (CallState.ENDED, "lost")


def test_whoever_may_not_be_called_is_not_dialled(switch, order, ana):
    make_list_entry(customer=order.customer, kind="blacklist")
    with pytest.raises(Conflict, match="Do not call now"):
        call(order, ana)
    assert switch.dialled == []


def test_only_the_order_on_the_desk_is_called(switch, floor, order, ana):
    ben = floor[1][1]
    with pytest.raises((Conflict, NotFound)):
        call(order, ben)
    record_outcome(
        order_no=order.order_no, agent=ana, disposition="callback", appointment_at=NOW + HOUR, version=None, now=NOW
    )
    with pytest.raises(Conflict, match="Take the order on your desk first"):
        call(order, ana)


def test_the_next_order_is_called_once_the_last_call_is_over(switch, floor, order, ana):
    made = call(order, ana)
    record_outcome(order_no=order.order_no, agent=ana, disposition="retained", version=None, now=NOW)
    make_orders(1, team=floor[0])
    second = claim_next(agent=ana, now=NOW)
    with pytest.raises(Conflict, match=f"on a call for order {order.order_no}"):
        call(second, ana)
    hang_up(agent=ana, now=NOW + SECOND)
    assert call(second, ana).order == second
    assert switch.hung_up == [made.reference]


def test_a_call_ends_the_pause_that_still_ran(switch, order, ana):
    install_pause_codes()
    record_outcome(
        order_no=order.order_no, agent=ana, disposition="callback", appointment_at=NOW + HOUR, version=None, now=NOW
    )
    begin_pause(agent=ana, code="lunch", now=NOW)
    take(order_no=order.order_no, agent=ana, now=NOW + MINUTE)
    call(order, ana, at=NOW + 2 * MINUTE)
    assert Pause.objects.values_list("ended_at", "ended_by").get() == (NOW + 2 * MINUTE, "call")


def test_hanging_up_counts_whatever_the_switch_says(switch, order, ana):
    made = call(order, ana)
    report(made, "answered", NOW + 5 * SECOND)
    switch.hears = False
    with pytest.raises(Conflict, match="Hang up at your telephone"):
        hang_up(agent=ana, now=NOW + 65 * SECOND)
    made.refresh_from_db()
    assert (made.state, made.ended_because, made.seconds) == (CallState.ENDED, "agent", 60)
    assert hang_up(agent=ana, now=NOW + 70 * SECOND) is None


def test_an_order_taken_back_during_the_call_leaves_the_call_to_its_agent(switch, boss, order, ana):
    made = call(order, ana)
    report(made, "answered", NOW + SECOND)
    take_back(order_nos=[order.order_no], actor=boss, now=NOW + 2 * SECOND)
    made.refresh_from_db()
    assert made.is_open
    with pytest.raises(Conflict, match="no longer with you"):
        call(order, ana)
    assert hang_up(agent=ana, now=NOW + 9 * SECOND).state == CallState.ENDED


def test_who_signs_out_hangs_up(client, switch, order, ana):
    made = call(order, ana)
    client.force_login(ana)
    client.post("/logout/")
    made.refresh_from_db()
    assert (made.is_open, switch.hung_up) == (False, [made.reference])
    hang_up_of(user=ana, now=NOW)


def test_who_is_deactivated_in_a_call_is_hung_up(switch, order, ana, django_capture_on_commit_callbacks):
    admin = make_user(role="administrator")
    made = call(order, ana)
    with django_capture_on_commit_callbacks(execute=True):
        save_staff(user=ana, actor=admin, changed=["first_name"], now=NOW)
    made.refresh_from_db()
    assert made.is_open and switch.hung_up == []
    with django_capture_on_commit_callbacks(execute=True):
        ana.is_active = False
        save_staff(user=ana, actor=admin, changed=["is_active"], now=NOW)
    made.refresh_from_db()
    assert (made.is_open, switch.hung_up) == (False, [made.reference])


def test_an_extension_is_asked_for_where_the_switch_needs_it(switch, floor, order, ana):
    switch.needs_extension = True
    with pytest.raises(Conflict, match="at which telephone you sit"):
        call(order, ana)
    set_extension(agent=ana, number="8021", now=NOW)
    assert call(order, ana).extension == "8021"
    assert switch.dialled[0].extension == "8021"


def test_a_telephone_is_taken_over_only_from_who_has_gone(floor, ana):
    ben = floor[1][1]
    with pytest.raises(Invalid):
        set_extension(agent=ana, number="80 21", now=NOW)
    set_extension(agent=ana, number="8021", now=NOW)
    type(ana).objects.filter(pk=ana.pk).update(last_used_at=NOW, signed_out_at=None)
    with pytest.raises(Conflict, match="sits at this telephone"):
        set_extension(agent=ben, number="8021", now=NOW)
    type(ana).objects.filter(pk=ana.pk).update(signed_out_at=NOW)
    set_extension(agent=ben, number="8021", now=NOW)
    assert list(Extension.objects.values_list("agent", "number")) == [(ben.pk, "8021")]


def test_a_recording_is_opened_by_whoever_may_and_logged(switch, settings, floor, boss, order, ana):
    made = call(order, ana)
    report(made, "ended", NOW + 60 * SECOND, seconds=50, recording="2026/11/a b.wav")
    with pytest.raises(NotFound):
        open_recording(reference=made.reference, user=ana)
    settings.CALL_RECORDING_URL = "https://recorder.example/play/{recording}"
    for person in (ana, boss):
        address = open_recording(reference=made.reference, user=person)
        assert address == "https://recorder.example/play/2026%2F11%2Fa%20b.wav"
    with pytest.raises(NotFound):
        open_recording(reference=made.reference, user=floor[1][1])
    assert AuditEntry.objects.filter(action="call.listen", target=f"call:{made.reference}").count() == 2


def test_the_wrap_up_of_a_contact_saved_on_the_line_counts_from_the_end_of_its_call(switch, order, ana):
    OrderType.objects.update(wrap_up_seconds=40)
    made = call(order, ana)
    report(made, "answered", NOW + 5 * SECOND)
    record_outcome(order_no=order.order_no, agent=ana, disposition="retained", version=None, now=NOW + MINUTE)
    report(made, "ended", NOW + 3 * MINUTE, by="customer")
    running = running_wrap_up(ana, now=NOW + 3 * MINUTE)
    assert (running.began_at, running.until) == (NOW + 3 * MINUTE, NOW + 3 * MINUTE + 40 * SECOND)
    report(made, "ended", NOW + 4 * MINUTE, by="switch")
    assert running_wrap_up(ana, now=NOW + 3 * MINUTE).began_at == NOW + 3 * MINUTE
