"""Using reservations, giving them back, and asking again when the call is made."""

from datetime import timedelta

import pytest

from campaigns.outreach import ContactRequest, may_call_now, release, release_many, reserve, use
from campaigns.outreach.models import ContactOutcome, ContactPolicy, RefusalReason
from customers.contacts.models import ContactRecord
from retention.core.errors import Conflict
from tests.factories import NOW, make_contact, make_list_entry, make_subscriber

pytestmark = pytest.mark.django_db
State = ContactRecord.State
LATER = NOW + timedelta(hours=2)


@pytest.fixture
def line():
    """A line whose customer has the contact of order W1 reserved."""
    line = make_subscriber()
    assert reserved(line, "W1")
    return line


def reserved(line, order_no, now=NOW):
    wish = ContactRequest(line.account.customer_id, line.pk, "call", "retention", "test", order_no)
    return reserve(requests=[wish], now=now)[0].allowed


def may_call(line, now=LATER, order_no="W1"):
    return may_call_now(
        customer_id=line.account.customer_id, subscriber_id=line.pk, now=now, purpose="retention", order_no=order_no
    )


def states():
    return list(ContactRecord.objects.order_by("pk").values_list("state", "outcome"))


def test_the_last_attempt_uses_up_the_reservation(line, ana):
    record = use(order_no="W1", outcome=ContactOutcome.CONNECTED, now=LATER, actor=ana)
    assert states() == [(State.USED, "connected")]
    assert (record.at, record.actor) == (LATER, ana)


def test_an_attempt_that_goes_on_keeps_the_reservation(line, ana):
    use(order_no="W1", outcome=ContactOutcome.NOT_REACHED, now=LATER, actor=ana, goes_on=True)
    assert states() == [(State.RESERVED, ""), (State.USED, "not_reached")]
    use(order_no="W1", outcome=ContactOutcome.CONNECTED, now=LATER, actor=ana)
    assert states() == [(State.USED, "connected"), (State.USED, "not_reached")]


def test_while_an_order_goes_on_no_other_gets_the_customer(line, ana):
    use(order_no="W1", outcome=ContactOutcome.NOT_REACHED, now=LATER, actor=ana, goes_on=True)
    assert not reserved(line, "W2", LATER)


def test_without_a_reservation_nothing_can_be_used(line, ana):
    release(order_no="W1", now=LATER)
    for order_no in ("W1", "W9", ""):
        with pytest.raises(Conflict):
            use(order_no=order_no, outcome=ContactOutcome.CONNECTED, now=LATER, actor=ana)


def test_what_is_given_back_is_free_for_others(line):
    assert release(order_no="W1", now=LATER)
    assert states() == [(State.RELEASED, "")]
    assert reserved(line, "W2", LATER)
    assert not release(order_no="W1", now=LATER)


def test_many_are_given_back_at_once(line):
    other = make_subscriber()
    reserved(other, "W2")
    assert release_many(order_nos=["W1", "W2", "", "W9"], now=LATER) == 2


def test_used_contacts_are_not_given_back(line, ana):
    use(order_no="W1", outcome=ContactOutcome.NOT_REACHED, now=LATER, actor=ana)
    assert not release(order_no="W1", now=LATER)


def test_an_outcome_that_does_not_exist_is_refused(line, ana):
    with pytest.raises(ValueError, match="perhaps"):
        use(order_no="W1", outcome="perhaps", now=LATER, actor=ana)


def test_the_orders_own_reservation_is_no_obstacle_to_its_call(line):
    assert may_call(line) is None
    assert may_call(line, order_no="W2") == RefusalReason.ALREADY_RESERVED
    assert may_call(line, order_no="") == RefusalReason.ALREADY_RESERVED


@pytest.mark.parametrize(
    ("hour", "minute", "reason"),
    [(8, 59, RefusalReason.QUIET_HOURS), (9, 0, None), (19, 59, None), (20, 0, RefusalReason.QUIET_HOURS)],
)
def test_calls_are_made_between_nine_and_twenty_by_the_operators_clock(line, hour, minute, reason):
    assert may_call(line, now=NOW.replace(hour=hour, minute=minute)) == reason


def test_the_hours_are_a_setting(line):
    ContactPolicy.objects.create(calls_from="10:00", calls_until="11:00")
    assert may_call(line, now=NOW.replace(hour=9, minute=30)) == RefusalReason.QUIET_HOURS


def test_whoever_said_no_after_the_order_was_opened_is_not_called(line):
    make_list_entry(customer=line.account.customer)
    assert may_call(line) == RefusalReason.DO_NOT_DISTURB


def test_three_calls_to_nobody_are_enough_for_the_order_too(line, ana):
    for _ in range(3):
        use(order_no="W1", outcome=ContactOutcome.NOT_REACHED, now=LATER, actor=ana, goes_on=True)
    assert may_call(line, now=LATER + timedelta(days=1)) == RefusalReason.ATTEMPTS_SPENT
    assert may_call(line, now=LATER + timedelta(days=8)) is None


def test_a_customer_who_was_reached_may_be_called_back_as_promised(line, ana):
    use(order_no="W1", outcome=ContactOutcome.CONNECTED, now=LATER, actor=ana, goes_on=True)
    assert may_call(line, now=LATER + timedelta(days=1)) is None


def test_a_conversation_for_another_order_still_counts(line):
    make_contact(subscriber=line, outcome=ContactOutcome.CONNECTED, order_no="W0")
    assert may_call(line) == RefusalReason.CONNECTED_LATELY
