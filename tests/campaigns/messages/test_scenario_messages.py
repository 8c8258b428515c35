"""A scenario that sends a message: the same funnel, gate, hold-out and cap as one that opens orders."""

from datetime import timedelta

import pytest

from campaigns.messages.models import Message, MessageTemplate
from campaigns.messages.services.scenario_hits import queue_from_events, queue_from_hits
from campaigns.scenarios.models import Scenario, ScenarioHit
from campaigns.scenarios.queries import dry_run
from campaigns.scenarios.services.events import react_to_events
from campaigns.scenarios.services.nightly import run_scenarios
from customers.contacts.models import ContactRecord
from retention.core.errors import Invalid
from retention.core.managed.services import create, switch
from tests.campaigns.messages.rows import make_template
from tests.campaigns.rows import SPEND_FELL, make_line, make_scenario, rule
from tests.factories import NOW, TODAY, make_event, make_list_entry, make_user

pytestmark = pytest.mark.django_db
Action, State = Scenario.Action, ScenarioHit.State


def messaging(template, **given):
    values = {"action": Action.SEND_MESSAGE, "order_type": "", "template": template.code}
    same = {"channel": template.channel, "purpose": template.purpose}
    return make_scenario(**values | same | given)


def night():
    run_scenarios(as_of=TODAY, now=NOW)
    return queue_from_hits(as_of=TODAY, now=NOW)


def test_hits_of_the_night_become_messages_through_the_gate():
    scenario = messaging(make_template(), code="S5", priority=3)
    line, listed = make_line(), make_line()
    make_list_entry(customer=listed.customer, kind="do_not_disturb", channel="any")
    report = night()
    assert (report.queued, report.refused, report.held) == (1, 1, 0)
    message = Message.objects.get(state="queued")
    assert (message.customer, message.origin_kind, message.origin_key, message.priority) == (
        line.customer, "scenario", f"S5:{TODAY}", 3,
    )  # fmt: skip
    hit = ScenarioHit.objects.get(subscriber=line.pk)
    assert (hit.state, hit.order_no) == (State.MESSAGED, message.reference)
    record = ContactRecord.objects.get(order_no=message.reference)
    assert (record.state, record.channel, record.purpose, record.source) == (
        "reserved", "sms", "care", "scenario:S5",
    )  # fmt: skip
    assert queue_from_hits(as_of=TODAY, now=NOW).queued == 0
    assert scenario.hits.exclude(state__in=[State.MESSAGED, State.PENDING, State.REFUSED]).count() == 0


def test_whom_the_gate_refuses_in_the_end_is_refused_with_the_reason():
    messaging(make_template())
    line = make_line()
    run_scenarios(as_of=TODAY, now=NOW)
    make_list_entry(customer=line.customer, kind="blacklist")
    report = queue_from_hits(as_of=TODAY, now=NOW)
    assert report.refused_because == {"blacklisted": 1}
    hit = ScenarioHit.objects.get()
    assert (hit.state, hit.reason) == (State.REFUSED, "blacklisted")


def test_cap_and_hold_out_hold_for_messages_too():
    capped = messaging(make_template(), daily_cap=2)
    for _line in range(5):
        make_line()
    assert night().queued == 2
    assert capped.runs.get().capped == 3
    all_out = messaging(make_template(), holdout_percent=50, code="H1")
    Scenario.objects.filter(pk=capped.pk).update(enabled=False)
    assert dry_run(scenario=all_out, user=make_user(role="administrator"), now=NOW).funnel.customers == 5


def test_a_held_out_customer_gets_no_message():
    scenario = messaging(make_template(), holdout_percent=50, code="H2")
    for _line in range(12):
        make_line()
    report = night()
    held_out = scenario.hits.filter(state=State.HELD_OUT).count()
    assert held_out > 0
    assert report.queued == 12 - held_out == Message.objects.count()


def test_who_was_found_rests():
    messaging(make_template(), cooldown_days=30)
    line = make_line()
    night()
    Message.objects.all().delete()
    tomorrow = TODAY + timedelta(days=1)
    type(line).objects.update(as_of=tomorrow)
    run_scenarios(as_of=tomorrow, now=NOW + timedelta(days=1))
    assert queue_from_hits(as_of=tomorrow, now=NOW + timedelta(days=1)).queued == 0


def test_of_two_scenarios_the_more_urgent_writes_and_a_template_that_is_off_holds():
    off = make_template()
    messaging(off, code="A1", priority=1)
    messaging(make_template(), code="A2", priority=2)
    messaging(make_template(), code="A3", priority=3)
    make_line()
    run_scenarios(as_of=TODAY, now=NOW)
    MessageTemplate.objects.filter(pk=off.pk).update(enabled=False)
    report = queue_from_hits(as_of=TODAY, now=NOW)
    assert (report.queued, report.held) == (1, 1)
    states = dict(ScenarioHit.objects.values_list("scenario__code", "state"))
    assert (states["A1"], states["A2"]) == (State.HELD, State.MESSAGED)
    assert report.refused_because == {"already_reserved": 1}


def test_a_message_that_has_no_value_is_held():
    messaging(make_template(body="", body_zh="上月账单{bill}元"))
    make_line()
    assert night().held == 1
    assert Message.objects.get().reason == "missing_value"


def test_an_event_sends_a_message():
    messaging(make_template(), trigger="event", event_kinds=["port_out_inquiry"])
    line = make_line()
    make_event(subscriber=line.subscriber, kind="port_out_inquiry", at=NOW)
    react_to_events(now=NOW)
    assert queue_from_hits(as_of=TODAY, now=NOW, only_events=True).queued == 1
    assert queue_from_events(now=NOW).queued == 0


def test_channel_and_purpose_are_those_of_the_template():
    template = make_template(channel="email", purpose="renewal", subject="s", subject_zh="s")
    values = {"name": "x", "rule": rule(SPEND_FELL), "action": Action.SEND_MESSAGE, "template": template.code}
    manager = make_user(role="administrator")
    made = create(model=Scenario, actor=manager, code="N1", values=values | {"purpose": "care", "holdout_percent": 10})
    assert (made.channel, made.purpose, made.order_type, made.holdout_percent) == ("email", "renewal", "", 10)
    MessageTemplate.objects.update(enabled=False)
    with pytest.raises(Invalid) as problem:
        switch(model=Scenario, actor=manager, code="N1", enabled=True)
    assert problem.value.code == "template_off"


def test_a_scenario_that_sends_names_its_message():
    values = {"name": "x", "rule": rule(SPEND_FELL), "action": Action.SEND_MESSAGE}
    with pytest.raises(Invalid):
        create(model=Scenario, actor=make_user(role="administrator"), code="N2", values=values)
