"""The time after a contact: how long the type gives, extended once, ended by whatever the agent does next."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from retention.core import clock
from tests.factories import NOW
from tests.workorders.rows import MINUTE, make_orders
from workorders.order_types.models import OrderType
from workorders.orders.models import WorkOrder
from workorders.orders.services.claiming import claim_next
from workorders.orders.services.outcomes import record_outcome
from workorders.pauses.models import WrapUp
from workorders.pauses.queries import running_wrap_up
from workorders.pauses.services import (
    begin_pause,
    end_wrap_up,
    extend_wrap_up,
    install_pause_codes,
    restart_wrap_up,
)
from workorders.supervision.queries import agent_tiles
from workorders.wallboard.queries import wall_for

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
DESK = reverse("workorders:console")


@pytest.fixture
def ana(floor):
    return floor[1][0]


@pytest.fixture
def wrapping(floor):
    """Two orders of a type that gives 40 seconds."""
    orders = make_orders(2, team=floor[0])
    OrderType.objects.update(wrap_up_seconds=40)
    return orders


def save(agent, at=NOW):
    order = claim_next(agent=agent, now=at)
    return record_outcome(order_no=order.order_no, agent=agent, disposition="retained", version=None, now=at)


def post_save(client, order, **more):
    sent = {"disposition": "retained", "version": order.version} | more
    return client.post(reverse("workorders:outcome", args=[order.order_no]), sent)


def test_it_lasts_as_long_as_the_type_gives_and_nothing_ends_it_but_time(ana, wrapping):
    save(ana)
    running = running_wrap_up(ana, now=NOW + 39 * SECOND)
    assert (running.began_at, running.until, running.seconds_left(now=NOW + 39 * SECOND)) == (NOW, NOW + 40 * SECOND, 1)
    assert running_wrap_up(ana, now=NOW + 40 * SECOND) is None
    assert WrapUp.objects.get().ended_at is None


def test_a_type_that_gives_none_costs_the_save_nothing(ana, floor):
    make_orders(2, team=floor[0])
    order = claim_next(agent=ana, now=NOW)
    with CaptureQueriesContext(connection) as asked:
        saved = record_outcome(order_no=order.order_no, agent=ana, disposition="retained", version=None, now=NOW)
        assert saved.type.wrap_up_seconds == 0
    assert not [one for one in asked if "wrapup" in one["sql"]]
    assert not WrapUp.objects.exists()


def test_it_is_made_longer_once(ana, wrapping):
    save(ana)
    assert extend_wrap_up(agent=ana, now=NOW + 10 * SECOND)
    assert not extend_wrap_up(agent=ana, now=NOW + 20 * SECOND)
    assert running_wrap_up(ana, now=NOW + 69 * SECOND).until == NOW + 70 * SECOND
    assert not extend_wrap_up(agent=ana, now=NOW + 71 * SECOND)


def test_it_ends_when_the_agent_goes_on_and_one_that_ran_out_ended_then(ana, wrapping):
    save(ana)
    assert end_wrap_up(agent=ana, now=NOW + 15 * SECOND) == 1
    assert end_wrap_up(agent=ana, now=NOW + 16 * SECOND) == 0
    save(ana, at=NOW + MINUTE)
    end_wrap_up(agent=ana, now=NOW + 9 * MINUTE)
    ended = list(WrapUp.objects.order_by("pk").values_list("ended_at", flat=True))
    assert ended == [NOW + 15 * SECOND, NOW + MINUTE + 40 * SECOND]


def test_a_pause_ends_it(ana, wrapping):
    install_pause_codes()
    save(ana)
    begin_pause(agent=ana, code="break", now=NOW + 5 * SECOND)
    assert WrapUp.objects.get().ended_at == NOW + 5 * SECOND


def test_it_counts_from_the_end_of_a_call_that_was_still_open(ana, wrapping):
    saved = save(ana)
    assert restart_wrap_up(order_id=saved.pk, agent_id=ana.pk, at=NOW + 2 * MINUTE) == 1
    running = running_wrap_up(ana, now=NOW + 2 * MINUTE)
    assert (running.began_at, running.until) == (NOW + 2 * MINUTE, NOW + 2 * MINUTE + 40 * SECOND)
    assert restart_wrap_up(order_id=saved.pk, agent_id=ana.pk, at=NOW) == 0
    end_wrap_up(agent=ana, now=NOW + 2 * MINUTE)
    assert restart_wrap_up(order_id=saved.pk, agent_id=ana.pk, at=NOW + 3 * MINUTE) == 0


def test_save_and_next_waits_on_the_desk_and_the_key_takes_the_next(client, ana, wrapping):
    client.force_login(ana)
    with clock.freeze(NOW):
        first = claim_next(agent=ana, now=NOW)
        answer = post_save(client, first)
    assert answer.headers["Location"] == f"{DESK}?then=next"
    assert not WorkOrder.objects.on_desk().exists()
    with clock.freeze(NOW + 10 * SECOND):
        page = client.get(answer.headers["Location"]).text
        assert 'data-seconds="30"' in page and 'data-says="Wrap-up: 30 seconds."' in page
        assert f'data-next="{reverse("workorders:next")}"' in page
        assert 'data-key="e"' in page and 'aria-live="off"' in page
        assert client.post(reverse("workorders:next")).headers["Location"] != DESK
    assert WrapUp.objects.get().ended_at == NOW + 10 * SECOND
    assert WorkOrder.objects.on_desk().get().assignee == ana


def test_save_and_stop_brings_no_order_by_itself(client, ana, wrapping):
    client.force_login(ana)
    with clock.freeze(NOW):
        answer = post_save(client, claim_next(agent=ana, now=NOW), then="stop")
        page = client.get(answer.headers["Location"]).text
    assert "<wrap-up" in page and "data-next=" not in page
    assert "No order comes to you by itself." in page


def test_the_buttons_on_the_desk(client, ana, wrapping):
    client.force_login(ana)
    with clock.freeze(NOW):
        save(ana)
        page = client.post(reverse("workorders:wrap-up-extend"), {"then": "next"}, follow=True)
        assert 'data-seconds="70"' in page.text and 'data-key="e"' not in page.text
        assert page.redirect_chain[-1][0] == f"{DESK}?then=next"
        again = client.post(reverse("workorders:wrap-up-extend"), follow=True)
        assert "made longer already" in again.text
    with clock.freeze(NOW + 50 * SECOND):
        page = client.post(reverse("workorders:ready"), follow=True)
    assert "<wrap-up" not in page.text
    assert WrapUp.objects.get().ended_at == NOW + 50 * SECOND


def test_without_wrap_up_save_and_next_gives_the_next_order_at_once(client, ana, floor):
    make_orders(2, team=floor[0])
    client.force_login(ana)
    with clock.freeze(NOW):
        answer = post_save(client, claim_next(agent=ana, now=NOW))
    assert answer.headers["Location"] == reverse("workorders:order", args=[WorkOrder.objects.on_desk().get().order_no])


def test_an_undo_and_an_own_order_end_it(client, ana, floor, boss, wrapping):
    client.force_login(ana)
    with clock.freeze(NOW):
        saved = save(ana)
        client.post(reverse("workorders:reopen", args=[saved.order_no]))
    assert WrapUp.objects.get().ended_at == NOW
    assert WorkOrder.objects.on_desk().get() == saved


def test_the_supervisor_sees_who_is_in_wrap_up_and_since_when(client, ana, boss, floor, wrapping):
    client.force_login(ana)
    with clock.freeze(NOW):
        client.get(DESK)
        save(ana)
    at = NOW + 10 * SECOND
    people = [ana, floor[1][1]]
    for one in people:
        one.refresh_from_db()
    tile = agent_tiles(people, WorkOrder.objects.all(), now=at)[0]
    assert (tile.agent, tile.presence, tile.since) == (ana, "wrap_up", NOW)
    client.force_login(boss)
    with clock.freeze(at):
        page = client.get(reverse("workorders:supervise")).text
        assert "in wrap-up" in page and "1 in wrap-up" in page
        assert wall_for(boss, now=at).presences["wrap_up"] == 1
    later = agent_tiles([ana], WorkOrder.objects.all(), now=NOW + 41 * SECOND)[0]
    assert later.presence == "free"
