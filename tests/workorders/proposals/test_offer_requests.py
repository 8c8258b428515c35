"""Offers above the ceiling of their agent: a supervisor decides, never the agent; stock is held meanwhile."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from campaigns.offers.models import Decision, OfferCeiling, OfferPool
from campaigns.offers.services.limits import set_ceiling
from campaigns.offers.services.proposals import RESERVED_FOR, accept
from campaigns.offers.services.requests import approvers_of
from campaigns.offers.states import State
from customers.profile.models import SubscriberProfile
from retention.core.audit.models import AuditEntry
from retention.core.errors import Conflict, Invalid, NotFound, Refused
from retention.core.notices.models import Notice
from tests.campaigns.offers.rows import make_offer
from tests.factories import NOW, make_user
from workorders.orders.models import WorkOrder
from workorders.orders.services.outcomes import record_outcome
from workorders.proposals.queries import offers_pane
from workorders.proposals.services import accept_offer, approve_offer, deny_offer, propose_offer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]
LATER = NOW + timedelta(minutes=3)
REQUESTS = reverse("workorders:offer-requests")


@pytest.fixture
def ana(floor):
    return floor[1][0]


@pytest.fixture
def dear():
    """An agent gives up to 300 alone."""
    offer = make_offer(code="dear", name="Phone", cost=Decimal("300.01"))
    OfferPool.objects.create(offer=offer, stock=1, budget=1000)
    return offer


@pytest.fixture
def asked(ana, order, boss, dear):
    return propose_offer(order_no=order.order_no, agent=ana, offer="dear", now=NOW)


def screen(client, order):
    return client.get(reverse("workorders:order", args=[order.order_no])).content.decode()


def test_up_to_the_ceiling_the_agent_gives_it_alone(ana, order):
    make_offer(code="just", cost=Decimal("300"))
    assert propose_offer(order_no=order.order_no, agent=ana, offer="just", now=NOW).state == State.PROPOSED


def test_above_it_the_supervisor_is_told_and_the_stock_is_held(asked, ana, boss, order):
    assert (asked.state, asked.cost) == (State.REQUESTED, Decimal("300.01"))
    notice = Notice.objects.get()
    assert (notice.person, notice.where) == (boss, REQUESTS)
    assert notice.text == f"{ana.display_name} asks you to approve offer dear on order {order.order_no}."
    assert OfferPool.objects.get().held_units == 1
    propose_offer(order_no=order.order_no, agent=ana, offer="dear", now=LATER)  # the key pressed again
    assert (Decision.objects.count(), Notice.objects.count()) == (1, 1)


def test_it_is_not_accepted_before_it_is_approved(asked, ana, order):
    with pytest.raises(Conflict) as early:
        accept(order_no=order.order_no, decision_id=asked.pk, actor=ana, now=LATER)
    assert early.value.code == "illegal_move"


def test_approved_it_can_be_accepted_and_the_agent_is_told(asked, ana, boss, order):
    done = approve_offer(decision=asked.pk, actor=boss, now=LATER)
    assert (done.state, done.decided_by, done.decided_at) == (State.PROPOSED, boss, LATER)
    assert done.stands_until == LATER + RESERVED_FOR
    told = Notice.objects.get(person=ana)
    assert told.text == f"Offer dear on order {order.order_no} is approved: put it to the customer."
    assert told.where == reverse("workorders:order", args=[order.order_no])
    accept_offer(order_no=order.order_no, agent=ana, decision=asked.pk, now=LATER)
    assert OfferPool.objects.get().held_yuan == Decimal("300.01")
    moves = [one.detail["move"] for one in AuditEntry.objects.filter(action="decision.move").order_by("pk")]
    assert moves == ["propose", "approve", "accept"]


def test_denied_with_a_reason_it_releases_what_it_held(asked, ana, boss, order):
    for nothing in ("", "   ", "x" * 301):
        with pytest.raises(Invalid):
            deny_offer(decision=asked.pk, actor=boss, note=nothing, now=LATER)
    done = deny_offer(decision=asked.pk, actor=boss, note="Too much for this plan.", now=LATER)
    assert (done.state, done.decision_note, done.settled_at) == (State.DENIED, "Too much for this plan.", LATER)
    assert OfferPool.objects.get().held_units == 0
    assert Notice.objects.get(person=ana).text == f"Offer dear on order {order.order_no} is not approved."
    with pytest.raises(Conflict):
        approve_offer(decision=asked.pk, actor=boss, now=LATER)
    again = propose_offer(order_no=order.order_no, agent=ana, offer="dear", now=LATER)
    assert again.pk != asked.pk


def test_what_nobody_decided_in_time_is_asked_for_again(asked, ana, boss, order):
    late = NOW + RESERVED_FOR + timedelta(minutes=1)
    with pytest.raises(Conflict) as over:
        approve_offer(decision=asked.pk, actor=boss, now=late)
    assert over.value.code == "expired"
    OfferPool.objects.update(stock=2)  # what has run out holds its piece until it is proposed again or the job comes
    pane = offers_pane(WorkOrder.objects.for_call().get(pk=order.pk), now=late, may_propose=True)
    assert [one.offer.code for one in pane["offers"]] == [asked.offer.code]
    assert pane["decisions"][0].validity == "The reservation is over. Propose the offer again."
    again = propose_offer(order_no=order.order_no, agent=ana, offer="dear", now=late)
    assert (again.state, Notice.objects.filter(person=boss).count()) == (State.REQUESTED, 2)
    assert OfferPool.objects.get().held_units == 1


def test_nobody_approves_what_they_proposed(asked, boss):
    Decision.objects.update(proposed_by=boss)
    with pytest.raises(Refused) as own:
        approve_offer(decision=asked.pk, actor=boss, now=LATER)
    assert own.value.code == "own_proposal"
    assert boss not in approvers_of(Decision.objects.get())


def test_a_supervisor_has_a_ceiling_too_and_the_manager_is_told_above_it(ana, order, boss):
    manager = make_user(role="manager", branch=order.branch)
    SubscriberProfile.objects.filter(pk=order.subscriber_id).update(arpu=900)
    make_offer(code="house", cost=Decimal("2000.01"))
    asked = propose_offer(order_no=order.order_no, agent=ana, offer="house", now=NOW)
    assert [one.person for one in Notice.objects.all()] == [manager]
    with pytest.raises(Refused) as above:
        approve_offer(decision=asked.pk, actor=boss, now=LATER)
    assert above.value.code == "ceiling"
    assert approve_offer(decision=asked.pk, actor=manager, now=LATER).decided_by == manager


def test_others_supervisors_and_agents_do_not_see_it(asked, ana, floor):
    for stranger in (make_user(role="supervisor"), floor[1][1], ana):
        with pytest.raises(NotFound):
            approve_offer(decision=asked.pk, actor=stranger, now=LATER)


def test_a_ceiling_that_is_set_counts_from_then_on(ana, order, boss):
    make_offer(code="small", cost=Decimal("6"))
    set_ceiling(actor=make_user(role="administrator"), role="agent", yuan=Decimal("5"))
    assert OfferCeiling.objects.get().yuan == 5
    assert propose_offer(order_no=order.order_no, agent=ana, offer="small", now=NOW).state == State.REQUESTED


def test_the_end_of_the_call_withdraws_what_waits(asked, ana, order):
    record_outcome(order_no=order.order_no, agent=ana, disposition="no_answer", version=None, now=LATER)
    asked.refresh_from_db()
    assert asked.state == State.WITHDRAWN
    assert OfferPool.objects.get().held_units == 0


def test_the_agent_sees_how_it_stands(client, asked, ana, boss, order):
    client.force_login(ana)
    text = screen(client, order)
    assert "Waiting for approval" in text
    assert "Above your ceiling: a supervisor decides. Reserved until" in text
    assert 'name="accept"' not in text
    approve_offer(decision=asked.pk, actor=boss, now=NOW)
    text = screen(client, order)
    assert "Reserved for this customer until" in text
    assert "Offer approved" in text
    assert 'name="accept"' in text


def test_the_button_asks_for_approval_and_says_so(client, ana, order, boss, dear):
    client.force_login(ana)
    assert "Ask for approval" in screen(client, order)
    sent = {"version": order.version, "propose": "dear"}
    answer = client.post(reverse("workorders:offer", args=[order.order_no]), sent, follow=True)
    assert "This is above your ceiling: a supervisor has been asked." in answer.content.decode()


def test_the_supervisors_page_shows_it_and_takes_the_decision(client, asked, boss, order):
    client.force_login(boss)
    assert "1 offer waits for your approval" in client.get(reverse("workorders:supervise")).content.decode()
    text = client.get(REQUESTS).content.decode()
    assert order.order_no in text
    assert "Costs us ¥300.01 over the term." in text
    assert "You may approve up to ¥2,000.00." in text
    address = reverse("workorders:offer-decide", args=[asked.pk])
    answer = client.post(address, {"deny": "1", "note": ""}, follow=True)
    assert "Say why, in at most 300 characters." in answer.content.decode()
    assert "Approved: the agent is told." in client.post(address, {"approve": "1"}, follow=True).content.decode()
    assert "No offer waits for your approval." in client.get(REQUESTS).content.decode()
    assert "This cannot be done any more" in client.post(address, {"approve": "1"}, follow=True).content.decode()


def test_what_the_supervisor_may_not_approve_has_no_button(client, ana, order, boss):
    SubscriberProfile.objects.filter(pk=order.subscriber_id).update(arpu=900)
    make_offer(code="house", cost=Decimal("2000.01"))
    propose_offer(order_no=order.order_no, agent=ana, offer="house", now=NOW)
    client.force_login(boss)
    text = client.get(REQUESTS).content.decode()
    assert "a manager has to decide" in text
    assert 'name="approve"' not in text


def test_the_page_costs_the_same_for_any_number_that_wait(client, asked, boss, django_assert_max_num_queries):
    client.force_login(boss)
    for _place in range(9):
        row = Decision.objects.get(pk=asked.pk)
        row.pk, row.public_id, row.order_no = None, Decision().public_id, f"W-{_place}"
        row.save(force_insert=True)
    with django_assert_max_num_queries(14):
        assert len(client.get(REQUESTS).context["rows"]) == 10
