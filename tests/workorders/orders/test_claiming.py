"""The "next" button: which order comes, and what happens when many press it at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

import workorders
from campaigns.outreach import calls_resume_at
from campaigns.outreach.models import ContactPolicy
from customers.contacts.models import ContactRecord
from customers.lists.models import ListEntry
from retention.core import clock
from retention.core.audit.models import AuditEntry
from retention.core.errors import Conflict, Refused
from tests.factories import NOW, make_branch, make_list_entry, make_team, make_user
from tests.workorders.rows import (
    DAY,
    HOUR,
    MINUTE,
    make_floor,
    make_hit,
    make_line,
    make_orders,
    make_scenario,
    open_orders,
)
from workorders.order_types.models import USUAL_LEASE
from workorders.orders.models import Transition, WorkOrder
from workorders.orders.services.claiming import claim_next, next_order, take
from workorders.orders.services.outcomes import record_outcome
from workorders.orders.states import HELD, State
from workorders.supervision.services import reassign

pytestmark = pytest.mark.django_db


def test_the_agent_gets_the_most_urgent_then_the_most_worthwhile_order():
    team, (ana,) = make_floor()
    mild, urgent = make_scenario(priority=7), make_scenario(priority=1)
    wide = make_hit(subscriber=make_line(branch=team.branch), scenario=mild, gain=900)
    low = make_hit(subscriber=make_line(branch=team.branch), scenario=urgent, gain=10)
    high = make_hit(subscriber=make_line(branch=team.branch), scenario=urgent, gain=20)
    orders = open_orders(high, low, wide)
    for order in orders:
        got = claim_next(agent=ana, now=NOW)
        assert got == order
        record_outcome(order_no=got.order_no, agent=ana, disposition="retained", version=got.version, now=NOW)
    assert claim_next(agent=ana, now=NOW) is None


def test_a_claim_leases_the_order_and_says_so_in_trail_audit_and_grant():
    team, (ana,) = make_floor()
    (order,) = make_orders(1, team=team)
    got = claim_next(agent=ana, now=NOW)
    assert (got.state, got.assignee, got.lease_until, got.version) == (State.ASSIGNED, ana, NOW + USUAL_LEASE, 2)
    line = Transition.objects.for_history().get(order=order, version=2)
    assert (line.move, line.from_state, line.to_state, line.actor) == ("claim", State.QUEUED, State.ASSIGNED, ana)
    entry = AuditEntry.objects.get(action="order.move")
    assert (entry.actor, entry.target, entry.detail["move"]) == (ana, f"workorder:{order.order_no}", "claim")
    grant = order.customer.grants.get()
    assert (grant.user, grant.team) == (ana, team)


def test_pressing_again_gives_the_same_order_back_with_a_longer_lease():
    team, (ana,) = make_floor()
    make_orders(2, team=team)
    first = claim_next(agent=ana, now=NOW)
    again = claim_next(agent=ana, now=NOW + 5 * MINUTE)
    assert again == first
    assert again.lease_until == NOW + 5 * MINUTE + USUAL_LEASE
    assert again.version == first.version
    assert WorkOrder.objects.filter(state__in=HELD).count() == 1


def test_own_appointments_come_before_orders_given_to_him_and_these_before_the_queue():
    team, (ana,) = make_floor()
    boss = make_user(role="supervisor", branch=team.branch, teams=(team,))
    promised, given, queued = make_orders(3, team=team)
    claim_next(agent=ana, now=NOW)
    record_outcome(
        order_no=promised.order_no, agent=ana, disposition="callback", version=None, appointment_at=NOW + HOUR, now=NOW
    )
    reassign(order_nos=[given.order_no], agent=ana, actor=boss, now=NOW)
    assert claim_next(agent=ana, now=NOW) == given
    record_outcome(order_no=given.order_no, agent=ana, disposition="retained", version=None, now=NOW)
    assert claim_next(agent=ana, now=NOW + HOUR) == promised
    record_outcome(order_no=promised.order_no, agent=ana, disposition="retained", version=None, now=NOW + HOUR)
    assert claim_next(agent=ana, now=NOW + HOUR) == queued


def test_an_order_that_rests_is_not_handed_out_before_its_time():
    team, (ana,) = make_floor()
    (order,) = make_orders(1, team=team)
    claim_next(agent=ana, now=NOW)
    record_outcome(order_no=order.order_no, agent=ana, disposition="no_answer", version=None, now=NOW)
    assert claim_next(agent=ana, now=NOW + HOUR) is None
    assert claim_next(agent=ana, now=NOW + 4 * HOUR) == order


def test_agents_get_only_the_orders_of_their_own_groups():
    team, (ana,) = make_floor()
    other, (otto,) = make_floor()
    (order,) = make_orders(1, team=team)
    assert claim_next(agent=otto, now=NOW) is None
    assert claim_next(agent=ana, now=NOW) == order


def test_an_agent_of_two_groups_gets_the_better_of_both_heads():
    team, (ana,) = make_floor()
    second = make_team(branch=make_branch())
    ana.teams.add(second)
    make_orders(1, team=team, gain=10)
    (better,) = make_orders(1, team=second, gain=20)
    assert claim_next(agent=ana, now=NOW) == better


def test_a_manager_takes_no_orders():
    with pytest.raises(Refused):
        claim_next(agent=make_user(role="manager", branch=make_branch()), now=NOW)


def test_next_ends_orders_of_customers_who_said_no_since():
    team, (ana,) = make_floor()
    unwanted, wanted = make_orders(2, team=team)
    make_list_entry(customer=unwanted.customer, kind=ListEntry.Kind.DO_NOT_DISTURB)
    assert next_order(agent=ana, now=NOW) == wanted
    unwanted.refresh_from_db()
    assert unwanted.state == State.CANCELLED
    assert unwanted.transitions.get(move="withdraw").detail == {"reason": "do_not_disturb"}


def test_in_quiet_hours_nothing_is_handed_out_but_what_is_on_the_desk():
    team, (ana, ben) = make_floor(2)
    first, second = make_orders(2, team=team)
    assert next_order(agent=ana, now=NOW.replace(hour=19, minute=59)) == first
    night = NOW.replace(hour=20, minute=0)
    assert next_order(agent=ana, now=night) == first
    assert next_order(agent=ben, now=night) is None
    assert (calls_resume_at(night) - night, calls_resume_at(NOW)) == (13 * HOUR, None)
    assert calls_resume_at(NOW.replace(hour=3)).hour == 9
    boss = make_user(role="supervisor", branch=team.branch, teams=(team,))
    reassign(order_nos=[second.order_no], agent=ben, actor=boss, now=NOW)
    with pytest.raises(Conflict) as error:
        take(order_no=second.order_no, agent=ben, now=night)
    assert error.value.code == "quiet_hours"
    assert next_order(agent=ben, now=night + 13 * HOUR) == second


def test_who_may_not_be_called_today_waits_for_tomorrow_and_another_is_handed_out():
    team, (ana,) = make_floor()
    capped, free = make_orders(2, team=team)
    ContactPolicy.objects.create(attempts=1, uncapped=[])
    record = ContactRecord.objects.get(order_no=capped.order_no)
    record.pk, record.state, record.at, record.order_no = None, ContactRecord.State.USED, NOW - HOUR, ""
    record.save()
    assert next_order(agent=ana, now=NOW) == free
    capped.refresh_from_db()
    assert (capped.state, capped.not_before) == (State.QUEUED, clock.midnight(NOW.date() + DAY))
    assert capped.transitions.get(move="rest").detail["reason"] == "attempts_spent"


@pytest.mark.django_db(transaction=True)
def test_agents_at_once_never_share_an_order_or_a_customer():
    team, agents = make_floor(8)
    make_orders(60, team=team)
    later = iter(range(10**6))

    def work(agent) -> list[str]:
        mine = []
        try:
            while order := claim_next(agent=agent, now=NOW + timedelta(seconds=next(later))):
                mine.append(order.order_no)
                record_outcome(order_no=order.order_no, agent=agent, disposition="retained", version=None, now=NOW)
        finally:
            connection.close()
        return mine

    with ThreadPoolExecutor(len(agents)) as pool:
        taken = [number for mine in pool.map(work, agents) for number in mine]
    assert len(taken) == len(set(taken)) == 60
    assert not WorkOrder.objects.exclude(state=State.DONE).exists()
    check_invariants()


@pytest.mark.django_db(transaction=True)
def test_one_agent_pressing_many_times_at_once_gets_one_order():
    team, (ana,) = make_floor()
    make_orders(10, team=team)

    def press(_time) -> str:
        try:
            return claim_next(agent=ana, now=NOW).order_no
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(press, range(12)))) == 1
    assert WorkOrder.objects.filter(assignee=ana).count() == 1


def check_invariants() -> None:
    """Every version of every order has its line in the trail; nobody holds two orders of one customer."""
    for order in WorkOrder.objects.all():
        assert list(order.transitions.order_by("version").values_list("version", flat=True)) == list(
            range(1, order.version + 1)
        )


def test_every_claim_in_the_code_picks_in_a_materialized_step():
    """UPDATE ... WHERE id IN (SELECT ... LIMIT n FOR UPDATE SKIP LOCKED) may claim more than n."""
    for file in Path(workorders.__file__).parent.rglob("*.py"):
        text = " ".join(file.read_text().split())
        assert "IN (SELECT" not in text or "SKIP LOCKED" not in text, file
