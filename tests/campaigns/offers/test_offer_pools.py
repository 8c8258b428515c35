"""Stock and budget: reserved with the proposal, released when it is not taken, kept when it is, never oversold."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum

from campaigns.offers.models import Decision, OfferPool, Reservation
from campaigns.offers.queries.matching import eligible_for, judged_for
from campaigns.offers.services.billing import refuse
from campaigns.offers.services.limits import set_ceiling, set_pool
from campaigns.offers.services.proposals import (
    RESERVED_FOR,
    accept,
    decline,
    expire_proposals,
    propose,
    withdraw_proposals,
)
from campaigns.offers.states import HOLDING_STATES, State
from campaigns.offers.tasks import end_reservations
from retention.core.audit.models import AuditEntry
from retention.core.errors import Conflict, Invalid, NotFound, Refused
from tests.api import make_client
from tests.campaigns.offers.rows import make_line, make_offer
from tests.factories import NOW, TODAY, make_plan, make_user

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def agent():
    return make_user(role="agent")


def make_pool(offer, **given):
    return OfferPool.objects.create(offer=offer, **given)


def put(offer, agent, *, order_no="W1", line=None, now=NOW):
    line = line or make_line()
    return propose(order_no=order_no, subscriber=line, offer_code=offer.code, actor=agent, now=now)


def held(pool):
    pool.refresh_from_db()
    return pool.held_units, pool.held_yuan


def check_books():
    """What a pool holds is the sum of its reservations, and only decisions that may hold something do."""
    for pool in OfferPool.objects.all():
        total = pool.reservations.aggregate(yuan=Sum("yuan"))["yuan"] or 0
        assert (pool.held_units, pool.held_yuan) == (pool.reservations.count(), total)
    assert set(Reservation.objects.values_list("decision__state", flat=True)) <= set(HOLDING_STATES)


def test_a_proposal_reserves_a_unit_and_its_cost_and_acceptance_keeps_both(agent):
    offer = make_offer(cost=Decimal("6"), handling_cost=Decimal("1.50"))
    pool = make_pool(offer, stock=2, budget=20)
    standing = put(offer, agent)
    assert held(pool) == (1, Decimal("7.50"))
    accept(order_no="W1", decision_id=standing.pk, actor=agent, now=LATER)
    assert held(pool) == (1, Decimal("7.50"))
    check_books()


@pytest.mark.parametrize("ending", ["decline", "withdraw", "expire", "refuse"])
def test_what_is_not_given_is_released(agent, ending):
    offer = make_offer()
    pool = make_pool(offer, stock=5, budget=100)
    standing = put(offer, agent)
    match ending:
        case "decline":
            decline(order_no="W1", decision_id=standing.pk, reason="price", actor=agent, now=LATER)
        case "withdraw":
            assert withdraw_proposals(order_no="W1", actor=agent, now=LATER) == 1
        case "expire":
            assert expire_proposals(now=NOW + RESERVED_FOR) == 0  # its last moment
            assert expire_proposals(now=NOW + RESERVED_FOR + timedelta(seconds=1)) == 1
        case "refuse":
            accept(order_no="W1", decision_id=standing.pk, actor=agent, now=LATER)
            assert held(pool) == (1, 6)
            refuse(decision_id=str(standing.public_id), client=make_client().client, reason="no", now=LATER)
    assert held(pool) == (0, 0)
    check_books()


def test_a_used_up_offer_is_not_proposed_and_says_so(agent):
    offer = make_offer()
    make_pool(offer, stock=1)
    line = make_line()
    put(offer, agent)
    assert eligible_for(subscriber_id=line.pk, on=TODAY) == []
    (found,) = judged_for(subscriber_id=line.pk, on=TODAY)
    assert found.reasons == ("Used up: all 1 are given or reserved.",)
    assert found.units_left == 0
    with pytest.raises(Invalid, match="Used up") as refused:
        put(offer, agent, order_no="W2", line=line)
    assert refused.value.code == "not_eligible"


def test_a_budget_is_used_up_when_it_does_not_cover_one_more(agent):
    offer = make_offer(cost=Decimal("6"))
    make_pool(offer, budget=Decimal("11.99"))
    put(offer, agent)
    (found,) = judged_for(subscriber_id=make_line().pk, on=TODAY)
    assert found.reasons == ("The budget is used up: ¥5.99 are left, and this offer takes ¥6.00.",)


def test_what_was_reserved_can_be_accepted_when_all_else_is_used_up(agent):
    offer = make_offer()
    pool = make_pool(offer, stock=1, budget=6)
    standing = put(offer, agent)
    with pytest.raises(Invalid):
        put(offer, agent, order_no="W2")
    assert accept(order_no="W1", decision_id=standing.pk, actor=agent, now=LATER).state == State.ACCEPTED
    assert held(pool) == (1, 6)


def test_an_offer_that_ends_in_the_middle_of_a_call_is_still_given_for_its_time(agent):
    offer = make_offer(valid_until=TODAY)
    standing = put(offer, agent)
    tomorrow = NOW + timedelta(days=1)
    Decision.objects.update(stands_until=tomorrow + timedelta(minutes=10))  # put to the customer at 23:55
    assert eligible_for(subscriber_id=standing.subscriber_id, on=TODAY + timedelta(days=1)) == []
    assert accept(order_no="W1", decision_id=standing.pk, actor=agent, now=tomorrow).state == State.ACCEPTED


def test_after_its_time_it_is_not_accepted_but_may_be_proposed_again(agent):
    offer = make_offer()
    pool = make_pool(offer, stock=1)
    line = make_line()
    standing = put(offer, agent, line=line)
    late = NOW + RESERVED_FOR + timedelta(minutes=1)
    with pytest.raises(Conflict) as over:
        accept(order_no="W1", decision_id=standing.pk, actor=agent, now=late)
    assert over.value.code == "expired"
    again = put(offer, agent, line=line, now=late)  # its piece was still held: nobody else has had it
    standing.refresh_from_db()
    assert (standing.state, again.stands_until) == (State.EXPIRED, late + RESERVED_FOR)
    assert held(pool) == (1, 6)
    assert accept(order_no="W1", decision_id=again.pk, actor=agent, now=late).state == State.ACCEPTED
    check_books()


def test_pressing_again_does_not_prolong_a_proposal_and_an_ended_offer_is_not_proposed_anew(agent):
    offer, line = make_offer(valid_until=TODAY), make_line()
    standing = put(offer, agent, line=line)
    again = put(offer, agent, line=line, now=LATER)
    assert (again.pk, again.stands_until) == (standing.pk, NOW + RESERVED_FOR)
    with pytest.raises(Invalid):
        put(offer, agent, line=line, now=NOW + timedelta(days=1))
    standing.refresh_from_db()
    assert standing.state == State.PROPOSED  # the job ends it


@pytest.mark.usefixtures("standing_clock")
def test_the_task_ends_reservations_and_a_second_one_finds_nothing(agent):
    standing = put(make_offer(), agent, now=NOW - timedelta(hours=3))
    assert (end_reservations(), end_reservations()) == (1, 0)
    standing.refresh_from_db()
    assert (standing.state, standing.settled_at) == (State.EXPIRED, NOW)


def test_a_line_takes_from_the_pools_of_its_branch_and_of_those_above(agent, branches):
    offer = make_offer()
    whole, city = make_pool(offer, stock=9), make_pool(offer, branch=branches.city, stock=1)
    other = make_pool(offer, branch=branches.other, stock=4)
    put(offer, agent, line=make_line(branch=branches.outlet))
    assert (held(whole)[0], held(city)[0], held(other)[0]) == (1, 1, 0)
    (found,) = judged_for(subscriber_id=make_line(branch=branches.outlet).pk, on=TODAY)
    assert not found.is_eligible
    put(offer, agent, order_no="W2", line=make_line(branch=branches.other))
    assert (held(whole)[0], held(city)[0], held(other)[0]) == (2, 1, 1)
    check_books()


def test_an_offer_that_brings_money_takes_nothing_from_the_budget(agent):
    line = make_line(plan=make_plan(monthly_fee=59))
    offer = make_offer(kind="plan_change", plan=make_plan(monthly_fee=99), value=0, cost=0)
    pool = make_pool(offer, budget=0)
    assert put(offer, agent, line=line).cost == -480
    assert held(pool) == (1, 0)


def test_the_database_refuses_more_than_there_is():
    pool = make_pool(make_offer(), stock=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        OfferPool.objects.filter(pk=pool.pk).update(held_units=2)


def test_managers_set_limits_not_below_what_is_given(agent, branches):
    boss = make_user(role="administrator")
    offer = make_offer()
    pool = set_pool(actor=boss, code=offer.code, branch=None, stock=5, budget=Decimal(100))
    put(offer, agent), put(offer, agent, order_no="W2")
    with pytest.raises(Invalid, match="2 are given or reserved already"):
        set_pool(actor=boss, code=offer.code, branch=None, stock=1, budget=None)
    with pytest.raises(Invalid, match="12.00 yuan are given"):
        set_pool(actor=boss, code=offer.code, branch=None, stock=2, budget=Decimal(11))
    set_pool(actor=boss, code=offer.code, branch=None, stock=2, budget=None)
    pool.refresh_from_db()
    assert (pool.stock, pool.budget, pool.held_units) == (2, None, 2)
    entries = AuditEntry.objects.filter(action="offer.limit").order_by("pk")
    assert [one.detail["changes"] for one in entries] == [
        {"stock": [None, "5"], "budget": [None, "100"]}, {"stock": ["5", "2"], "budget": ["100.00", None]},
    ]  # fmt: skip
    manager = make_user(role="manager", branch=branches.city)
    with pytest.raises(Refused):
        set_pool(actor=manager, code=offer.code, branch=branches.other, stock=1, budget=None)
    with pytest.raises(Refused):
        set_ceiling(actor=manager, role="agent", yuan=Decimal(1))
    with pytest.raises(NotFound):
        set_ceiling(actor=boss, role="analyst", yuan=Decimal(1))


@pytest.mark.django_db(transaction=True)
class TestManyAgentsAtOnce:
    def together(self, deeds: list[Callable[[], object]]) -> list[object]:
        start = Barrier(len(deeds))

        def one(deed: Callable[[], object]) -> object:
            try:
                start.wait(timeout=20)
                return deed()
            except (Conflict, Invalid) as refused:
                return refused
            finally:
                connection.close()

        with ThreadPoolExecutor(len(deeds)) as pool:
            return list(pool.map(one, deeds))

    def test_they_sell_no_more_than_there_is(self, agent):
        offer = make_offer(cost=Decimal("6"))
        pool = make_pool(offer, stock=3, budget=Decimal(1000))
        lines = [make_line() for _ in range(8)]
        answers = self.together(
            [lambda place=place, line=line: put(offer, agent, order_no=f"W{place}", line=line)
             for place, line in enumerate(lines)]
        )  # fmt: skip
        assert sum(isinstance(one, Decision) for one in answers) == 3
        assert {one.code for one in answers if not isinstance(one, Decision)} <= {"used_up", "not_eligible"}
        assert held(pool) == (3, 18)
        assert Decision.objects.count() == 3
        check_books()

    def test_they_spend_no_more_than_the_budget(self, agent):
        offer = make_offer(cost=Decimal("6"))
        pool = make_pool(offer, budget=Decimal("25"))
        lines = [make_line() for _ in range(8)]
        self.together(
            [lambda place=place, line=line: put(offer, agent, order_no=f"W{place}", line=line)
             for place, line in enumerate(lines)]
        )  # fmt: skip
        assert held(pool) == (4, 24)
        check_books()

    def test_taking_and_giving_back_at_once_loses_nothing_and_locks_nobody_out(self, agent):
        offers = [make_offer(), make_offer()]
        for offer in offers:
            make_pool(offer, stock=50, budget=Decimal(1000))
        standing = [f"A{place}" for place in range(4)]
        for order_no in standing:
            line = make_line()
            # In both orders: each gives back two pools at once.
            for offer in offers if order_no in {"A0", "A2"} else reversed(offers):
                put(offer, agent, order_no=order_no, line=line)
        lines = [make_line() for _ in range(4)]
        answers = self.together(
            [lambda order_no=order_no: withdraw_proposals(order_no=order_no, actor=agent, now=LATER)
             for order_no in standing]
            + [lambda place=place, line=line: put(offers[place % 2], agent, order_no=f"B{place}", line=line)
               for place, line in enumerate(lines)]
        )  # fmt: skip
        assert [one for one in answers if isinstance(one, Exception)] == []
        assert [held(pool)[0] for pool in OfferPool.objects.order_by("pk")] == [2, 2]
        check_books()
