"""Offers on the call screen: proposed, answered, and how they show afterwards."""

import re

import pytest
from django.urls import reverse

from campaigns.offers.models import Decision
from campaigns.offers.services.billing import confirm, refuse
from campaigns.offers.states import State
from customers.profile.models import SubscriberProfile
from retention.core.errors import Conflict
from tests.api import make_client
from tests.campaigns.offers.rows import make_offer
from tests.factories import NOW, make_plan, make_policy, make_user
from tests.workorders.rows import HOUR
from workorders.orders.services.claiming import claim_next
from workorders.orders.services.outcomes import record_outcome
from workorders.proposals.services import accept_offer, propose_offer
from workorders.supervision.services import take_back

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]


@pytest.fixture
def ana(floor, client):
    client.force_login(floor[1][0])
    return floor[1][0]


@pytest.fixture
def offer():
    return make_offer(code="renew", kind="renewal", policy=make_policy(name="Gold", months=24), name="Renewal")


def address(name, order):
    return reverse(f"workorders:{name}", args=[order.order_no])


def text_of(response):
    return response.content.decode()


def press(client, order, **button):
    typed = {"version": order.version, "note": "He likes it.", "answer_main_reason": "price"}
    return client.post(address("offer", order), typed | button)


def test_the_screen_shows_what_may_be_offered_and_keeps_the_cost_from_the_customer(client, ana, order, offer):
    make_offer(code="other", enabled=False)
    text = text_of(client.get(address("order", order)))
    assert 'data-key="Alt+O"' in text
    assert "24 months with Gold" in text
    assert "Ten gigabytes more." in text
    assert "costs us ¥6.00" in text
    assert "do not say" in text
    assert 'value="other"' not in text


def test_the_screen_says_what_it_costs_over_the_term_and_why_others_are_not_for_this_customer(client, ana, order):
    line = order.subscriber
    line.plan.monthly_fee = 159
    line.plan.save()
    SubscriberProfile.objects.filter(pk=line.pk).update(arpu=159)
    for code, plan in (("saver", make_plan(monthly_fee=100)), ("same", line.plan)):
        make_offer(code=code, name=code, kind="plan_change", plan=plan, value=0, cost=0)
    make_offer(code="firm", name="firm", kind="plan_change", plan=make_plan(monthly_fee=49, market="business"))
    text = text_of(client.get(address("order", order)))
    assert "saves ¥59.00 a month, worth ¥708.00 over 12 months" in text
    assert "costs us ¥708.00 over 12 months" in text
    assert "2 other offers, and why not" in text
    assert "The customer has this plan already." in text
    assert "A business plan is not sold to a private customer." in text
    assert 'value="saver"' in text
    assert 'value="same"' not in text
    press(client, order, propose="firm")
    assert not Decision.objects.exists()  # refused, whoever sends it


def test_the_whole_way_from_the_proposal_to_billings_reference(client, ana, order, offer, boss):
    answer = press(client, order, propose="renew")
    assert answer.url == address("order", order) + "#answer"
    decision = Decision.objects.get()
    assert (decision.state, decision.order_no, decision.proposed_by) == (State.PROPOSED, order.order_no, ana)
    screen = client.get(address("order", order))
    assert screen.context["typed"]["note"] == "He likes it."  # nothing typed is lost
    assert 'name="accept"\n' in text_of(screen) or 'name="accept"' in text_of(screen)
    press(client, order, accept=str(decision.pk))
    decision.refresh_from_db()
    assert (decision.state, decision.accepted_by) == (State.ACCEPTED, ana)
    screen = client.get(address("order", order))
    assert screen.context["typed"]["disposition"] == "accepted"  # the natural end of the call
    assert "Waiting for billing" in text_of(screen)
    assert 'name="propose"' not in text_of(screen)
    client.post(
        address("outcome", order),
        {"disposition": "accepted", "version": order.version, "answer_main_reason": "price", "then": "stop"},
    )
    confirm(decision_id=str(decision.public_id), client=make_client().client, billing_ref="CHG-7", now=NOW + HOUR)
    client.force_login(boss)
    text = text_of(client.get(address("order", order)))
    assert "Carried out by billing" in text
    assert "Billing reference CHG-7" in text
    assert "Offer proposed" in text


def test_an_end_the_agent_chose_is_not_overruled(client, ana, order, offer):
    press(client, order, propose="renew", disposition="considering")
    press(client, order, accept=str(Decision.objects.get().pk), disposition="considering")
    assert client.get(address("order", order)).context["typed"]["disposition"] == "considering"


def test_a_declined_offer_keeps_its_reason_and_the_next_can_be_put(client, ana, order, offer):
    make_offer(code="gift")
    press(client, order, propose="renew")
    press(client, order, decline=f"{Decision.objects.get().pk}:price")
    text = text_of(client.get(address("order", order)))
    assert "Declined by the customer" in text
    assert "Too expensive" in text
    press(client, order, propose="gift")
    assert Decision.objects.count() == 2


@pytest.mark.parametrize(
    "button",
    [
        {}, {"propose": "nothing"}, {"accept": "x"}, {"accept": "99999999999999999999"}, {"decline": ":"},
        {"decline": "1"},
    ],
)  # fmt: skip
def test_a_button_that_means_nothing_does_nothing(client, ana, order, offer, button):
    assert press(client, order, **button).status_code in {302, 404}
    assert not Decision.objects.exists()


def test_declining_without_a_reason_is_asked_for_again(client, ana, order, offer):
    press(client, order, propose="renew")
    answer = client.post(address("offer", order), {"decline": f"{Decision.objects.get().pk}:"}, follow=True)
    assert "Say why the offer was declined." in text_of(answer)
    assert Decision.objects.get().state == State.PROPOSED


def test_what_was_not_answered_is_withdrawn_with_the_end_of_the_contact(ana, order, offer):
    propose_offer(order_no=order.order_no, agent=ana, offer="renew", now=NOW)
    record_outcome(order_no=order.order_no, agent=ana, disposition="no_answer", version=None, now=NOW)
    assert Decision.objects.get().state == State.WITHDRAWN


def test_only_the_agent_at_the_order_may_offer(client, ana, order, offer, boss):
    stranger = make_user(role="agent")
    client.force_login(stranger)
    assert press(client, order, propose="renew").status_code == 404
    take_back(order_nos=[order.order_no], actor=boss, now=NOW)
    with pytest.raises(Conflict):
        propose_offer(order_no=order.order_no, agent=ana, offer="renew", now=NOW)
    client.force_login(ana)
    assert press(client, order, propose="renew").status_code == 404
    assert not Decision.objects.exists()


def test_an_order_taken_away_between_the_page_and_the_key_says_so(client, ana, order, offer, boss, monkeypatch):
    from workorders.console.views import proposals

    def taken_away(**given):
        take_back(order_nos=[order.order_no], actor=boss, now=NOW)
        return propose_offer(**given)

    monkeypatch.setattr(proposals, "propose_offer", taken_away)
    answer = press(client, order, propose="renew")
    assert answer.status_code == 409
    assert "He likes it." in text_of(answer)


def test_while_another_order_s_promise_waits_nothing_is_offered(client, ana, order, offer):
    from tests.campaigns.offers.rows import make_decision

    make_decision(line=order.subscriber, order_no="W0-000001")
    text = text_of(client.get(address("order", order)))
    assert re.search(r"accepted on order\s+(<[^>]*>)?W0-000001(</\w+>)?\s+waits", text)
    assert 'name="propose"' not in text


def test_a_promise_that_billing_refused_is_not_lost(client, ana, order, offer, boss):
    propose_offer(order_no=order.order_no, agent=ana, offer="renew", now=NOW)
    accept_offer(order_no=order.order_no, agent=ana, decision=Decision.objects.get().pk, now=NOW)
    record_outcome(
        order_no=order.order_no, agent=ana, disposition="accepted", answers={"main_reason": "price"}, version=None,
        now=NOW,
    )  # fmt: skip
    client.force_login(boss)
    supervise = reverse("workorders:supervise")
    assert "billing refused" not in text_of(client.get(supervise))
    waiting = client.get(supervise, {"billing": "waiting"})
    assert [row.record.order_no for row in waiting.context["table"].page] == [order.order_no]
    key = str(Decision.objects.get().public_id)
    refuse(decision_id=key, client=make_client().client, reason="Under contract.", now=NOW)
    assert "1 order has an accepted offer that billing refused" in text_of(client.get(supervise))
    listed = client.get(supervise, {"billing": "refused"})
    assert [row.record.order_no for row in listed.context["table"].page] == [order.order_no]
    text = text_of(client.get(address("order", order)))
    assert "Refused by billing" in text
    assert "Under contract." in text


def test_offers_add_a_fixed_number_of_queries_to_the_call_screen(client, ana, order, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert client.get(address("order", order)).status_code == 200
        return len(found)

    cost()
    make_offer()
    few = cost()
    for _offer in range(10):
        make_offer()
    assert cost() == few


@pytest.mark.parametrize("ending", ["refused", "considering", "no_answer", "wrong_number"])
def test_an_end_that_an_accepted_offer_contradicts_is_refused(client, ana, order, offer, ending):
    press(client, order, propose="renew")
    press(client, order, accept=str(Decision.objects.get().pk))
    form = {"version": order.version, "note": "Typed.", "disposition": ending}
    page = client.post(address("outcome", order), form)
    assert (page.status_code, list(page.context["problems"])) == (422, ["disposition"])
    assert "The customer has accepted “Renewal”" in page.context["problems"]["disposition"]
    assert "Typed." in text_of(page)
    order.refresh_from_db()
    assert order.is_open
    assert client.post(address("outcome", order), form | {"disposition": "accepted"}).status_code == 302


def test_accepting_the_offer_needs_one(client, ana, order, offer):
    form = {"version": order.version, "disposition": "accepted"}
    page = client.post(address("outcome", order), form)
    assert (page.status_code, "Alt+O" in page.context["problems"]["disposition"]) == (422, True)
    press(client, order, propose="renew")  # put to the customer is not accepted
    assert client.post(address("outcome", order), form).status_code == 422


@pytest.mark.parametrize("ending", ["accepted", "retained", "do_not_call"])
def test_ends_that_go_with_an_accepted_offer(ana, order, offer, ending):
    decision = propose_offer(order_no=order.order_no, agent=ana, offer="renew", now=NOW)
    accept_offer(order_no=order.order_no, agent=ana, decision=decision.pk, now=NOW)
    saved = record_outcome(order_no=order.order_no, agent=ana, disposition=ending, version=None, now=NOW)
    assert saved.disposition.code == ending


def test_after_billings_no_the_customer_may_refuse_too(ana, order, offer):
    decision = propose_offer(order_no=order.order_no, agent=ana, offer="renew", now=NOW)
    accept_offer(order_no=order.order_no, agent=ana, decision=decision.pk, now=NOW)
    decision.refresh_from_db()
    refuse(decision_id=str(decision.public_id), client=make_client().client, reason="Not possible", now=NOW)
    assert record_outcome(order_no=order.order_no, agent=ana, disposition="refused", version=None, now=NOW).closed_at


def test_who_accepted_in_an_earlier_call_may_not_be_reached_in_the_next(ana, order, offer):
    decision = propose_offer(order_no=order.order_no, agent=ana, offer="renew", now=NOW)
    accept_offer(order_no=order.order_no, agent=ana, decision=decision.pk, now=NOW)
    later = NOW + HOUR
    record_outcome(
        order_no=order.order_no, agent=ana, disposition="callback", appointment_at=later, version=None, now=NOW
    )
    claim_next(agent=ana, now=later)
    assert record_outcome(order_no=order.order_no, agent=ana, disposition="no_answer", version=None, now=later)
