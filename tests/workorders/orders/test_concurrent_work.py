"""Everybody at once: agents claim and save, a supervisor moves orders under their hands, leases run out."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Count, F

from customers.contacts.models import ContactRecord
from customers.grants.models import CustomerGrant
from retention.core.errors import Conflict
from tests.factories import NOW, make_user
from tests.workorders.rows import HOUR, make_floor, make_orders
from workorders.orders.models import WorkOrder
from workorders.orders.services.claiming import claim_next, release_expired_leases
from workorders.orders.services.outcomes import record_outcome
from workorders.orders.states import OPEN
from workorders.supervision.services import cancel, reassign, take_back

pytestmark = pytest.mark.django_db(transaction=True)
AGENTS, ORDERS, ROUNDS = 5, 40, 25
ENDINGS = ["no_answer", "callback", "retained", "refused", "do_not_call", "false_user"]


def test_agents_supervisor_and_clock_at_once_leave_no_order_lost_or_doubled():
    team, agents = make_floor(AGENTS)
    boss = make_user(role="supervisor", branch=team.branch, teams=(team,))
    numbers = [order.order_no for order in make_orders(ORDERS, team=team)]

    def as_agent(place: int) -> int:
        dice, stale = random.Random(place), 0
        for turn in range(ROUNDS):
            now = NOW + timedelta(minutes=turn)
            order = claim_next(agent=agents[place], now=now)
            if order is None:
                continue
            ending = {"disposition": dice.choice(ENDINGS), "appointment_at": now + HOUR, "anyway": True}
            try:
                record_outcome(order_no=order.order_no, agent=agents[place], version=order.version, now=now, **ending)
            except Conflict:
                stale += 1
        return stale

    def as_supervisor(seed: int) -> int:
        dice = random.Random(seed)
        for turn in range(ROUNDS):
            now, some = NOW + timedelta(minutes=turn), dice.sample(numbers, 6)
            reassign(order_nos=some[:3], agent=dice.choice(agents), actor=boss, now=now)
            take_back(order_nos=some[2:5], actor=boss, now=now)
            if turn % 5 == 0:
                cancel(order_nos=some[5:], actor=boss, reason="drill", now=now)
            release_expired_leases(now=now)
        return 0

    def run(work, place) -> int:
        try:
            return work(place)
        finally:
            connection.close()

    with ThreadPoolExecutor(AGENTS + 1) as pool:
        tasks = [pool.submit(run, as_agent, place) for place in range(AGENTS)]
        tasks.append(pool.submit(run, as_supervisor, 99))
        [task.result() for task in tasks]

    orders = WorkOrder.objects.all()
    assert orders.count() == ORDERS
    # Every change of every order has its line.
    counted = orders.annotate(lines=Count("transitions"))
    assert not counted.exclude(lines=F("version")).exists()
    # Exactly the open orders show their customer to somebody, and hold a reservation of his contact budget.
    still_open = set(orders.filter(state__in=OPEN).values_list("order_no", flat=True))
    assert set(CustomerGrant.objects.values_list("order_no", flat=True)) == still_open
    reserved = ContactRecord.objects.filter(state=ContactRecord.State.RESERVED)
    assert sorted(reserved.values_list("order_no", flat=True)) == sorted(still_open)
    # The grant names who holds the order now.
    holders = dict(orders.filter(state__in=OPEN).values_list("order_no", "assignee"))
    assert dict(CustomerGrant.objects.values_list("order_no", "user")) == holders
