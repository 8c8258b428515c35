"""The working days of the demo: the API finds decisions in every state on a fresh one."""

import random
from datetime import timedelta

import pytest

from campaigns.declarations import DECISIONS_WRITE
from campaigns.offers.models import Decision
from campaigns.offers.states import State
from retention.core.accounts.models import User
from retention.core.api.models import ApiClient
from retention.portal.services import demo_contacts
from retention.portal.services.demo import allow_calls_at_any_hour
from retention.portal.services.working_days import BILLING_CLIENT, REFUSAL, settle_decisions, work_orders
from tests.api import make_client
from tests.campaigns.offers.rows import make_offer
from tests.factories import NOW, TODAY, make_user
from tests.workorders.rows import make_floor, make_orders
from workorders.order_types.models import Disposition, OrderType
from workorders.orders.models import WorkOrder
from workorders.orders.services.claiming import next_order
from workorders.telephony.states import EventKind
from workorders.telephony.switches import simulated

pytestmark = pytest.mark.django_db
FIRST_DAY, SECOND_DAY = TODAY + timedelta(days=1), TODAY + timedelta(days=2)


@pytest.fixture
def two_days():
    """Three agents work for two days, as the demo lets them."""
    team, _agents = make_floor(3)
    make_orders(72, team=team)
    make_offer(code="gift")
    dice = random.Random(7)
    for day in (FIRST_DAY, SECOND_DAY):
        settle_decisions(day=day)
        work_orders(day=day, dice=dice)


def test_decisions_of_every_state_are_left(two_days):
    billing = make_client(DECISIONS_WRITE)
    for state in ("pending", "confirmed", "refused"):
        found = billing.get(f"decisions?state={state}").json()["results"]
        assert found, state
        assert {one["state"] for one in found} == {state}
    assert Decision.objects.filter(state=State.DECLINED).exists()


def test_billing_settles_what_was_accepted_the_day_before(two_days):
    days = {
        state: set(Decision.objects.filter(state=state).values_list("accepted_at__date", flat=True))
        for state in (State.ACCEPTED, State.CONFIRMED, State.REFUSED)
    }
    assert days == {State.ACCEPTED: {SECOND_DAY}, State.CONFIRMED: {FIRST_DAY}, State.REFUSED: {FIRST_DAY}}
    settled = Decision.objects.filter(state=State.REFUSED).first()
    assert (settled.refusal_reason, settled.settled_at.date()) == (REFUSAL, SECOND_DAY)
    assert settle_decisions(day=SECOND_DAY + timedelta(days=1)) > 0
    assert not Decision.objects.filter(state=State.ACCEPTED).exists()
    assert ApiClient.objects.get(name=BILLING_CLIENT).scopes == [DECISIONS_WRITE]


def test_an_accepted_offer_ends_its_call_as_accepted(two_days):
    for decision in Decision.objects.filter(accepted_at__isnull=False):
        order = WorkOrder.objects.get(order_no=decision.order_no)
        assert (order.disposition.code, order.state) == ("accepted", "done")
        assert order.closed_by == decision.accepted_by
        assert order.closed_by in User.objects.filter(role="agent")


def test_where_no_offer_fits_nobody_is_said_to_have_accepted():
    team, _agents = make_floor(5)
    make_orders(60, team=team)
    assert work_orders(day=FIRST_DAY, dice=random.Random(7)) == 60
    ended = set(WorkOrder.objects.exclude(disposition=None).values_list("disposition__result", flat=True))
    assert "accepted" not in ended
    assert len(ended) > 3


def test_the_desk_of_the_demo_can_be_tried_at_any_hour():
    team, (agent,) = make_floor()
    make_user(username="admin", role="administrator")
    make_orders(1, team=team)
    night = NOW.replace(hour=23)
    assert next_order(agent=agent, now=night) is None
    allow_calls_at_any_hour()
    assert next_order(agent=agent, now=night) is not None


def test_who_is_reached_answers_what_the_order_type_must_know(monkeypatch):
    monkeypatch.setattr(simulated, "ENDS", [EventKind.ANSWERED])
    monkeypatch.setitem(demo_contacts.OUTCOMES, Disposition.Result.WRONG_NUMBER, 0)
    team, (agent, *_others) = make_floor(2)
    order = make_orders(1, team=team)[0]
    OrderType.objects.filter(pk=order.type_id).update(
        fields=[
            {
                "key": "why_left", "label": "Why?", "label_zh": "原因", "kind": "choice", "required": True,
                "choices": [{"value": "price", "label": "Price", "label_zh": "资费"}],
            }
        ]
    )  # fmt: skip
    for seed in range(20):  # until the order is closed; the gate allows three calls in seven days
        work_orders(day=FIRST_DAY + timedelta(days=seed), dice=random.Random(seed))
    order.refresh_from_db()
    assert order.answers == {"why_left": "price"}
