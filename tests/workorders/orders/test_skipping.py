"""An order that came by "next order" goes back with a reason, and not to the same agent again on that day."""

import pytest
from django.urls import reverse

from retention.core import clock
from retention.core.errors import Conflict, Invalid, NotFound
from tests.factories import NOW, TODAY
from tests.workorders.rows import DAY, HOUR, MINUTE, make_orders
from workorders.orders.models import Transition
from workorders.orders.next_orders import count_queued_for
from workorders.orders.queries import skip_counts, skips_of_day
from workorders.orders.services.claiming import claim_next, take
from workorders.orders.services.drafts import save_draft
from workorders.orders.services.outcomes import record_outcome, start
from workorders.orders.services.skipping import skip
from workorders.orders.states import State
from workorders.supervision.services import reassign

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]


@pytest.fixture
def ana(floor):
    return floor[1][0]


def put_back(order, agent, reason="acquainted", *, now=NOW):
    return skip(order_no=order.order_no, agent=agent, reason=reason, now=now)


def test_a_skipped_order_goes_to_somebody_else_and_back_to_the_agent_tomorrow(floor, order, ana):
    ben = floor[1][1]
    (second,) = make_orders(1, team=floor[0], gain=1)
    put_back(order, ana)
    order.refresh_from_db()
    assert (order.state, order.assignee, order.stage) == (State.QUEUED, None, "queued")
    assert count_queued_for(ana, now=NOW) == 1
    assert claim_next(agent=ana, now=NOW).order_no == second.order_no
    put_back(second, ana, "language")
    assert claim_next(agent=ana, now=NOW) is None
    assert count_queued_for(ben, now=NOW) == 2
    assert claim_next(agent=ben, now=NOW).order_no == order.order_no
    put_back(order, ben)
    assert claim_next(agent=ana, now=NOW + DAY).order_no == order.order_no


def test_the_trail_and_the_supervisor_see_why(client, floor, boss, order, ana):
    put_back(order, ana, "dispute")
    assert Transition.objects.get(move="skip").detail == {"reason": "dispute"}
    assert [line.order for line in skips_of_day(ana, day=TODAY)] == [order]
    assert skip_counts(floor[1], day=TODAY) == {ana.pk: 1}
    client.force_login(boss)
    for page in (
        reverse("workorders:order", args=[order.order_no]),
        reverse("workorders:agent-day", args=[ana.username]),
    ):
        assert "I have had a dispute with this customer" in client.get(page).text
    assert "1 skipped" in client.get(reverse("workorders:supervise")).text


def test_what_was_typed_goes_along(order, ana):
    save_draft(order=order, user=ana, content={"note": "A cousin of mine."}, now=NOW)
    put_back(order, ana)
    assert order.notes.get().text == "A cousin of mine."


@pytest.mark.parametrize("reason", ["", "tired"])
def test_a_reason_out_of_the_list_is_asked_for(order, ana, reason):
    with pytest.raises(Invalid):
        put_back(order, ana, reason)


def test_a_call_that_has_begun_is_ended_by_an_outcome(order, ana):
    start(order_no=order.order_no, agent=ana, version=None, now=NOW)
    with pytest.raises(Conflict):
        put_back(order, ana)


def test_an_appointment_and_an_assigned_order_are_meant(floor, boss, order, ana):
    record_outcome(
        order_no=order.order_no, agent=ana, disposition="callback", appointment_at=NOW + HOUR, version=None, now=NOW
    )
    take(order_no=order.order_no, agent=ana, now=NOW + MINUTE)
    with pytest.raises(Conflict, match="Next order"):
        put_back(order, ana)
    record_outcome(order_no=order.order_no, agent=ana, disposition="retained", version=None, now=NOW + MINUTE)
    (second,) = make_orders(1, team=floor[0])
    reassign(order_nos=[second.order_no], agent=ana, actor=boss, now=NOW)
    assert claim_next(agent=ana, now=NOW + MINUTE) == second
    with pytest.raises(Conflict, match="Next order"):
        put_back(second, ana)


def test_an_order_of_somebody_else_is_not_skipped(floor, order):
    with pytest.raises((Conflict, NotFound)):
        put_back(order, floor[1][1])


def test_the_page_offers_it_only_where_it_may_be_done_and_goes_on(client, floor, order, ana):
    (second,) = make_orders(1, team=floor[0], gain=1)
    client.force_login(ana)
    address = reverse("workorders:skip", args=[order.order_no])
    page = reverse("workorders:order", args=[order.order_no])
    with clock.freeze(NOW):
        assert address in client.get(page).text
        refused = client.post(address, {"reason": "x"}, follow=True)
        assert "Choose why you skip this order." in refused.text
        assert client.post(address, {"reason": "facts"}).url == reverse("workorders:order", args=[second.order_no])
        start(order_no=second.order_no, agent=ana, version=None, now=NOW)
        assert "Alt+J" not in client.get(reverse("workorders:order", args=[second.order_no])).text
