"""An offer, the customer's answer, and billing's."""

from datetime import timedelta

import pytest

from campaigns.offers.models import Decision
from campaigns.offers.services.billing import confirm, refuse
from campaigns.offers.services.proposals import accept, decline, propose, withdraw_proposals
from campaigns.offers.states import MOVES, State
from retention.core.audit.models import AuditEntry
from retention.core.errors import Conflict, Invalid, NotFound
from retention.core.webhooks.models import OutboxEvent, Webhook
from tests.api import make_client
from tests.campaigns.offers.rows import make_decision, make_line, make_offer
from tests.factories import NOW, make_user

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def agent():
    return make_user(role="agent")


@pytest.fixture
def billing():
    return make_client("decisions:write").client


def put(line, offer, agent, order_no="W1"):
    return propose(order_no=order_no, subscriber=line, offer_code=offer.code, actor=agent, now=NOW)


def test_nothing_leads_out_of_an_end():
    ends = set(State) - {source for move in MOVES.values() for source in move.sources}
    assert ends == {
        State.DECLINED, State.WITHDRAWN, State.DENIED, State.EXPIRED, State.CONFIRMED, State.REFUSED,
    }  # fmt: skip
    assert MOVES["confirm"].sources == (State.ACCEPTED,)


def test_a_proposal_freezes_the_terms_and_proposing_again_changes_nothing(agent):
    line, offer = make_line(), make_offer(kind="renewal")
    first = put(line, offer, agent)
    offer.policy.months = 99
    offer.policy.save()
    assert put(line, offer, agent).pk == first.pk
    assert first.terms["months"] == 24
    assert first.terms["name_zh"] == "赠送流量券"
    assert [one.detail["move"] for one in AuditEntry.objects.filter(action="decision.move")] == ["propose"]


def test_an_offer_that_is_not_for_the_line_cannot_be_put(agent):
    with pytest.raises(Invalid):
        put(make_line(), make_offer(enabled=False), agent)
    assert not Decision.objects.exists()


def test_accepting_tells_billing_and_withdraws_the_others(agent, billing):
    webhook = {"client": billing, "url": "https://b.test/", "events": ["decision.accepted"], "created_at": NOW}
    Webhook.objects.create(**webhook, sealed_secret="x")
    line = make_line()
    first, second = put(line, make_offer(), agent), put(line, make_offer(), agent)
    taken = accept(order_no="W1", decision_id=second.pk, actor=agent, now=LATER)
    assert (taken.state, taken.accepted_at, taken.accepted_by) == (State.ACCEPTED, LATER, agent)
    first.refresh_from_db()
    assert (first.state, first.settled_at) == (State.WITHDRAWN, LATER)
    told = OutboxEvent.objects.get()
    assert (told.name, told.subject, told.branch_id) == ("decision.accepted", line.subscriber_no, line.branch_id)
    assert told.payload["id"] == str(taken.public_id)
    assert told.payload["state"] == "pending"
    assert told.payload["offer"]["terms"] == {"value": "30.00", "gift": "10 GB", "gift_zh": "10GB 流量"}
    # The second press of the same key.
    accept(order_no="W1", decision_id=second.pk, actor=agent, now=LATER)
    assert OutboxEvent.objects.count() == 1


def test_a_line_has_one_decision_waiting_at_a_time(agent):
    line, offer = make_line(), make_offer()
    standing = put(line, offer, agent, "W2")
    make_decision(line=line)
    with pytest.raises(Conflict) as refused:
        accept(order_no="W2", decision_id=standing.pk, actor=agent, now=NOW)
    assert refused.value.code == "decision_open"
    with pytest.raises(Conflict):
        put(line, offer, agent, "W3")
    standing.refresh_from_db()
    assert standing.state == State.PROPOSED


def test_declining_needs_a_reason_and_ends_it(agent):
    standing = put(make_line(), make_offer(), agent)
    with pytest.raises(Invalid):
        decline(order_no="W1", decision_id=standing.pk, reason="because", actor=agent, now=LATER)
    gone = decline(order_no="W1", decision_id=standing.pk, reason="price", actor=agent, now=LATER)
    assert (gone.state, gone.decline_reason, gone.settled_at) == (State.DECLINED, "price", LATER)
    with pytest.raises(Conflict):
        accept(order_no="W1", decision_id=standing.pk, actor=agent, now=LATER)


def test_a_decision_of_another_order_does_not_exist(agent):
    standing = put(make_line(), make_offer(), agent)
    with pytest.raises(NotFound):
        accept(order_no="W2", decision_id=standing.pk, actor=agent, now=LATER)


def test_what_was_not_answered_can_be_taken_back(agent):
    standing = put(make_line(), make_offer(), agent)
    taken = make_decision()
    assert withdraw_proposals(order_no="W1", actor=agent, now=LATER) == 1
    assert withdraw_proposals(order_no=taken.order_no, actor=agent, now=LATER) == 0
    standing.refresh_from_db()
    assert standing.state == State.WITHDRAWN


def test_billing_confirms_and_may_say_so_twice(billing):
    decision = make_decision()
    key = str(decision.public_id)
    done = confirm(decision_id=key, client=billing, billing_ref=" R-1 ", now=LATER)
    assert (done.state, done.billing_ref, done.settled_at) == (State.CONFIRMED, "R-1", LATER)
    again = confirm(decision_id=key, client=billing, billing_ref="R-1", now=LATER + timedelta(hours=1))
    assert again.settled_at == LATER
    entry = AuditEntry.objects.get(action="decision.move", detail__move="confirm")
    assert (entry.detail["client"], entry.detail["billing_ref"]) == (billing.name, "R-1")
    with pytest.raises(Conflict) as other:
        confirm(decision_id=key, client=billing, billing_ref="R-2", now=LATER)
    assert other.value.code == "already_confirmed"
    with pytest.raises(Conflict):
        refuse(decision_id=key, client=billing, reason="no", now=LATER)


def test_a_refusal_keeps_its_reason_and_frees_the_line(billing, agent):
    decision = make_decision()
    key = str(decision.public_id)
    refuse(decision_id=key, client=billing, reason="Under contract.", now=LATER)
    assert refuse(decision_id=key, client=billing, reason="Under contract.", now=LATER).state == State.REFUSED
    with pytest.raises(Conflict) as other:
        confirm(decision_id=key, client=billing, billing_ref="R", now=LATER)
    assert other.value.code == "already_refused"
    assert list(Decision.objects.refused_and_left()) == [decision]
    make_decision(line=decision.subscriber)
    Decision.objects.filter(state=State.ACCEPTED).update(accepted_at=LATER)
    assert not Decision.objects.refused_and_left().exists()


@pytest.mark.parametrize("text", ["", "  ", None, 7, ["R"], "x" * 81, "a\0b"])
def test_a_reference_must_be_a_text(billing, text):
    with pytest.raises(Invalid) as refused:
        confirm(decision_id=str(make_decision().public_id), client=billing, billing_ref=text, now=LATER)
    assert refused.value.details[0]["field"] == "billing_ref"


def test_what_the_customer_has_not_accepted_does_not_exist_for_billing(billing, agent):
    standing = put(make_line(), make_offer(), agent)
    for key in (str(standing.public_id), "no-uuid"):
        with pytest.raises(NotFound):
            confirm(decision_id=key, client=billing, billing_ref="R", now=LATER)


def test_a_client_of_a_branch_sees_only_its_own(branches, agent):
    mine, other = make_line(branch=branches.outlet), make_line(branch=branches.other)
    decision, foreign = make_decision(line=mine), make_decision(line=other)
    client = make_client("decisions:write", branch=branches.city).client
    assert list(Decision.objects.visible_to(client).for_billing()) == [decision]
    with pytest.raises(NotFound):
        confirm(decision_id=str(foreign.public_id), client=client, billing_ref="R", now=LATER)
