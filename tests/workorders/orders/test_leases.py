"""Leases: kept while the page is open; what nobody works on any more goes back to the group."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from retention.celery import app as celery
from retention.core import clock
from retention.core.accounts.models import User
from retention.core.errors import Conflict
from tests.factories import NOW, make_user
from tests.workorders.rows import DAY, MINUTE, make_floor, make_orders
from workorders.order_types.models import USUAL_LEASE
from workorders.orders.models import Transition, WorkOrder
from workorders.orders.services import claiming
from workorders.orders.services.claiming import claim_next, heartbeat, release_expired_leases, take
from workorders.orders.services.outcomes import record_outcome, start
from workorders.orders.states import State
from workorders.orders.tasks import release_orders
from workorders.supervision.services import reassign

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def test_a_lease_that_ran_out_gives_the_order_back_to_the_queue():
    team, (ana, ben) = make_floor(2)
    (order,) = make_orders(1, team=team)
    claim_next(agent=ana, now=NOW)
    assert release_expired_leases(now=NOW + USUAL_LEASE) == 0
    assert release_expired_leases(now=NOW + USUAL_LEASE + SECOND) == 1
    order.refresh_from_db()
    assert (order.state, order.assignee, order.lease_until) == (State.QUEUED, None, None)
    assert order.customer.grants.get().user is None
    assert claim_next(agent=ben, now=NOW + 2 * MINUTE) == order


def test_a_page_that_is_open_keeps_the_lease():
    team, (ana, ben) = make_floor(2)
    make_orders(1, team=team)
    order = claim_next(agent=ana, now=NOW)
    for beat in range(1, 60):
        assert heartbeat(order=order, agent=ana, now=NOW + beat * 4 * SECOND)
        assert release_expired_leases(now=NOW + beat * 4 * SECOND) == 0
    assert not heartbeat(order=order, agent=ben, now=NOW + MINUTE)


def test_a_dead_browsers_order_is_free_within_sixty_seconds():
    entry = celery.conf.beat_schedule["release-orders"]
    assert entry["task"] == release_orders.name
    assert USUAL_LEASE + timedelta(seconds=entry["schedule"]) <= 60 * SECOND


def test_a_network_that_is_gone_for_thirty_seconds_costs_no_order():
    (every,) = re.findall(r"EVERY_MS = (\d+);", Path(finders.find("js/pulse-clock.js")).read_text())
    beat = timedelta(milliseconds=int(every))
    team, (ana, _ben) = make_floor(2)
    make_orders(1, team=team)
    order = claim_next(agent=ana, now=NOW)
    last = NOW + claiming.LEASE_UNWRITTEN  # the oldest lease that a beat leaves as it is
    assert heartbeat(order=order, agent=ana, now=last)
    back = last + 2 * beat + 30 * SECOND  # gone right before a beat, back right after one
    assert release_expired_leases(now=back) == 0
    assert heartbeat(order=order, agent=ana, now=back)


def test_a_beat_writes_only_a_lease_that_gets_old(django_assert_num_queries):
    team, (ana,) = make_floor()
    make_orders(1, team=team)
    order = claim_next(agent=ana, now=NOW)
    with django_assert_num_queries(2):
        assert heartbeat(order=order, agent=ana, now=NOW + 4 * SECOND)
    order.refresh_from_db()
    assert order.lease_until == NOW + USUAL_LEASE


def test_an_order_that_was_given_is_leased_when_it_is_taken_and_only_one():
    team, (ana, ben) = make_floor(2)
    boss = make_user(role="supervisor", branch=team.branch, teams=(team,))
    given, other = make_orders(2, team=team)
    reassign(order_nos=[given.order_no, other.order_no], agent=ana, actor=boss, now=NOW)
    assert take(order_no=given.order_no, agent=ana, now=NOW).lease_until == NOW + USUAL_LEASE
    assert claim_next(agent=ana, now=NOW) == given  # no second customer
    with pytest.raises(Conflict) as error:
        start(order_no=other.order_no, agent=ana, version=None, now=NOW)
    assert error.value.code == "desk_taken"
    assert release_expired_leases(now=NOW + 2 * MINUTE) == 1
    assert claim_next(agent=ben, now=NOW + 2 * MINUTE) == given
    assert start(order_no=other.order_no, agent=ana, version=None, now=NOW).lease_until == NOW + USUAL_LEASE


def test_a_call_without_a_lease_from_an_earlier_release_comes_back():
    team, (ana,) = make_floor()
    (order,) = make_orders(1, team=team)
    start(order_no=claim_next(agent=ana, now=NOW).order_no, agent=ana, version=None, now=NOW)
    WorkOrder.objects.update(lease_until=None)
    assert release_expired_leases(now=NOW) == 1
    order.refresh_from_db()
    assert order.state == State.QUEUED


def test_who_signs_out_leaves_the_desk_free_at_once_and_keeps_what_is_his(client):
    team, (ana, ben) = make_floor(2)
    boss = make_user(role="supervisor", branch=team.branch, teams=(team,))
    on_desk, given = make_orders(2, team=team)
    claim_next(agent=ana, now=NOW)
    reassign(order_nos=[given.order_no], agent=ana, actor=boss, now=NOW)
    client.force_login(ana)
    with clock.freeze(NOW):
        client.post("/logout/")
    on_desk.refresh_from_db()
    given.refresh_from_db()
    assert (on_desk.state, on_desk.assignee, given.assignee) == (State.QUEUED, None, ana)
    assert on_desk.transitions.get(version=3).move == "sign_off"
    assert claim_next(agent=ben, now=NOW) == on_desk


def test_a_missed_appointment_goes_to_the_head_of_the_groups_queue():
    team, (ana, ben) = make_floor(2)
    missed, _other = make_orders(2, team=team)
    claim_next(agent=ana, now=NOW)
    at = NOW + DAY
    record_outcome(
        order_no=missed.order_no, agent=ana, disposition="callback", version=None, appointment_at=at, now=NOW
    )
    assert release_expired_leases(now=at + 20 * MINUTE) == 0
    assert release_expired_leases(now=at + 31 * MINUTE) == 1
    got = claim_next(agent=ben, now=at + 31 * MINUTE)
    assert (got, got.priority) == (missed, 1)


@pytest.fixture
def administration(client, ada):
    """Save the person in the administration with these fields; is_active=None deactivates the account."""
    client.force_login(ada)

    def save(user, **fields):
        page = f"/administration/people/of/{user.username}/"
        with clock.freeze(NOW):
            if "is_active" in fields:
                answer = client.post(f"{page}switch/", {"to": "off"})
            else:
                form = client.get(f"{page}edit/").context["form"]
                sent = {"role": user.role, "language": user.language, "branch": user.branch_id}
                sent |= {"teams": [team.pk for team in user.teams.all()], "seen": form["seen"].value()}
                answer = client.post(f"{page}edit/", sent | fields)
        assert answer.status_code == 302

    return save


@pytest.mark.parametrize("fields", [{"is_active": None}, {"role": "analyst"}])
def test_orders_of_somebody_who_is_switched_off_go_back_to_the_group_at_once(administration, fields):
    team, (ana, ben) = make_floor(2)
    promised, on_desk, given = make_orders(3, team=team)
    claim_next(agent=ana, now=NOW)
    at = NOW + DAY
    record_outcome(
        order_no=promised.order_no, agent=ana, disposition="callback", version=None, appointment_at=at, now=NOW
    )
    assert claim_next(agent=ana, now=NOW) == on_desk
    reassign(order_nos=[given.order_no], actor=make_user(role="administrator"), agent=ana, now=NOW)
    administration(ana, **fields)
    for order in (promised, on_desk, given):
        order.refresh_from_db()
        assert (order.state, order.assignee, order.team, order.lease_until) == (State.QUEUED, None, team, None)
        assert order.customer.grants.get().user is None
    assert (promised.not_before, on_desk.not_before) == (at, None)
    assert Transition.objects.filter(move="leave", actor=None).count() == 3
    assert claim_next(agent=ben, now=NOW) == on_desk


def test_another_change_of_a_person_moves_no_order(administration):
    team, (ana,) = make_floor()
    (order,) = make_orders(1, team=team)
    claim_next(agent=ana, now=NOW)
    administration(ana, first_name="Ana", role="supervisor")
    order.refresh_from_db()
    assert order.assignee == ana


def test_what_somebody_switched_off_still_holds_goes_back_within_a_minute():
    team, (ana,) = make_floor()
    (order,) = make_orders(1, team=team)
    claim_next(agent=ana, now=NOW)
    User.objects.filter(pk=ana.pk).update(is_active=False)
    assert release_expired_leases(now=NOW) == 1
    order.refresh_from_db()
    assert (order.state, order.assignee) == (State.QUEUED, None)
