"""The demo's agents call: every contact has its calls, and ends as the last of them has ended."""

import random
from collections import Counter
from datetime import timedelta

import pytest

from customers.facts.models import Subscriber
from retention.portal.services.demo_calls import TRIED_AGAIN, TRY_AGAIN_AFTER
from retention.portal.services.working_days import at_hour, work_orders
from tests.factories import TODAY
from tests.workorders.rows import make_floor, make_orders
from workorders.order_types.models import Disposition, OrderType
from workorders.orders.models import Transition, WorkOrder
from workorders.orders.states import State
from workorders.pauses.models import WrapUp
from workorders.telephony.models import Call
from workorders.telephony.states import CallState
from workorders.telephony.switches.http import HttpTelephone

pytestmark = pytest.mark.django_db
FIRST_DAY = TODAY + timedelta(days=1)


@pytest.fixture
def floor(settings):
    settings.TELEPHONE = "simulated"
    team, _agents = make_floor(3)
    make_orders(36, team=team)
    return team


def contacts():
    found = Transition.objects.standing_contacts().with_call_start()
    return found.select_related("disposition", "order", "actor").order_by("at", "pk")


def calls_of(contact):
    """The first first; an order that comes back on the same day has earlier ones."""
    since, until = contact.began_at, contact.at
    return list(Call.objects.filter(order=contact.order, started_at__range=(since, until)).order_by("pk"))


def test_every_contact_ends_as_its_last_call(floor):
    assert work_orders(day=FIRST_DAY, dice=random.Random(7)) == 36
    assert not Call.objects.open().exists()
    for contact in contacts():
        call = calls_of(contact)[-1]
        assert call.ended_at < contact.at < call.ended_at + timedelta(minutes=2)
        is_unanswered = contact.disposition.result == Disposition.Result.NO_ANSWER
        assert is_unanswered == (call.answered_at is None), call.state
        if call.state == CallState.NO_ANSWER:
            assert contact.disposition.code == "no_answer"
    results = Counter(one.disposition.result for one in contacts())
    assert 0.05 < results[Disposition.Result.NO_ANSWER] / 36 < 0.6


def test_a_call_that_did_not_come_through_is_tried_once_more(floor):
    work_orders(day=FIRST_DAY, dice=random.Random(7))
    again = 0
    for contact in contacts():
        first, *others = calls_of(contact)
        assert len(others) == (first.state in TRIED_AGAIN)
        for other in others:
            assert other.started_at == first.ended_at + TRY_AGAIN_AFTER
            again += 1
    assert again


def test_contacts_have_a_time_of_handling_and_recordings(floor):
    work_orders(day=FIRST_DAY, dice=random.Random(7))
    assert not contacts().filter(began_at=None).exists()
    recorded = set(Call.objects.exclude(recording="").values_list("state", flat=True))
    assert recorded == {CallState.ENDED}
    assert not Call.objects.filter(state=CallState.ENDED, recording="").exists()


def test_the_wrap_up_of_the_type_begins_with_the_outcome(floor):
    OrderType.objects.update(wrap_up_seconds=30)
    work_orders(day=FIRST_DAY, dice=random.Random(7))
    began = dict(WrapUp.objects.values_list("order", "began_at"))
    assert began == {one.order_id: one.at for one in contacts()}


def test_an_agent_has_one_call_at_a_time(floor):
    work_orders(day=FIRST_DAY, dice=random.Random(7))
    for agent in floor.members.all():
        calls = list(Call.objects.filter(agent=agent).order_by("started_at"))
        assert calls[0].started_at >= at_hour(FIRST_DAY, 9)
        assert all(one.ended_at < other.started_at for one, other in zip(calls, calls[1:], strict=False))


def test_only_who_has_a_share_works(floor):
    agent = floor.members.order_by("pk").first()
    assert work_orders(day=FIRST_DAY, dice=random.Random(7), shares={agent: 5}) == 5
    assert set(contacts().values_list("actor", flat=True)) == {agent.pk}


def test_who_has_no_number_is_not_called(floor):
    Subscriber.objects.update(phone_number="")
    assert work_orders(day=FIRST_DAY, dice=random.Random(7)) == 36
    assert not Call.objects.exists()
    assert WorkOrder.objects.filter(state=State.DONE).exists()


@pytest.mark.parametrize("name", ["link", "http"])
def test_nobody_is_called_by_any_other_switch(floor, settings, monkeypatch, name):
    settings.TELEPHONE, settings.TELEPHONE_HTTP_URL = name, "https://switch.example"
    monkeypatch.setenv("TELEPHONE_HTTP_URL", "https://switch.example")
    monkeypatch.setattr(HttpTelephone, "dial", lambda *_given: pytest.fail("dialled"))
    assert work_orders(day=FIRST_DAY, dice=random.Random(7)) == 36
    assert not Call.objects.exists()
