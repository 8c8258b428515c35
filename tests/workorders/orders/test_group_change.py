"""An agent's groups change in the middle of a call: the call is finished, the next order is of the new group."""

import pytest
from django.urls import reverse
from django.utils import timezone

from retention.core import clock
from tests.factories import NOW, make_team
from tests.workorders.rows import DAY, HOUR, MINUTE, make_floor, make_orders
from workorders.orders.services.claiming import claim_next, heartbeat
from workorders.orders.services.outcomes import start
from workorders.orders.states import State

pytestmark = pytest.mark.django_db


@pytest.fixture
def moved(client, ada):
    """(her call, the order that waits in her new group, ana, ben of the old one)."""
    old, (ana, ben) = make_floor(2)
    make_orders(1, team=old)
    order = claim_next(agent=ana, now=NOW)
    start(order_no=order.order_no, agent=ana, version=None, now=NOW)
    (waiting,) = make_orders(1, team=old)
    new = make_team(branch=old.branch)  # only now: a branch's groups share its customers
    type(waiting).objects.filter(pk=waiting.pk).update(team=new)
    client.force_login(ada)
    page = f"/administration/people/of/{ana.username}/edit/"
    with clock.freeze(NOW):
        form = client.get(page).context["form"]
        sent = {"role": ana.role, "language": ana.language, "branch": ana.branch_id, "teams": [new.pk]}
        assert client.post(page, sent | {"seen": form["seen"].value()}).status_code == 302
    ana = type(ana).objects.get(pk=ana.pk)
    assert list(ana.teams.all()) == [new]
    order.refresh_from_db()
    return order, waiting, ana, ben


def save(client, order, ana, **given):
    client.force_login(ana)
    with clock.freeze(NOW + MINUTE):
        assert client.get(reverse("workorders:order", args=[order.order_no])).context["can_save"]
        sent = {"version": order.version, "note": "Said in the call"} | given
        answer = client.post(reverse("workorders:outcome", args=[order.order_no]), sent)
    order.refresh_from_db()
    return answer


def test_the_call_stays_on_the_desk_and_is_saved(client, moved):
    order, waiting, ana, _ben = moved
    assert (order.state, order.assignee) == (State.IN_PROGRESS, ana)
    assert heartbeat(order=order, agent=ana, now=NOW + MINUTE)
    answer = save(client, order, ana, disposition="retained")
    assert (order.state, order.closed_by, order.notes.get().text) == (State.DONE, ana, "Said in the call")
    assert answer.url == reverse("workorders:order", args=[waiting.order_no])  # the next one is of the new group


def test_nobody_answered_it_goes_back_to_the_group_it_came_from(client, moved):
    order, waiting, ana, ben = moved
    save(client, order, ana, disposition="no_answer")
    assert claim_next(agent=ana, now=NOW + DAY) == waiting
    assert claim_next(agent=ben, now=NOW + DAY) == order


def test_a_promise_given_in_the_call_stays_hers(client, moved):
    order, waiting, ana, ben = moved
    at = f"{timezone.localtime(NOW + HOUR):%Y-%m-%dT%H:%M}"
    save(client, order, ana, disposition="callback", appointment_at=at, then="stop")
    assert (order.state, order.assignee) == (State.WAITING, ana)
    assert claim_next(agent=ben, now=NOW + HOUR) is None
    assert claim_next(agent=ana, now=NOW + HOUR) == order
