"""What "next" would give, before it is taken: the same order, nothing written, nobody's customer named."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from customers.lists.models import ListEntry
from retention.core import clock
from tests.factories import NOW, make_list_entry, make_user
from tests.workorders.rows import DAY, HOUR, make_hit, make_line, make_orders, make_scenario, open_orders
from workorders.order_types.models import OrderType
from workorders.orders.models import Transition, WorkOrder
from workorders.orders.previews import preview_next
from workorders.orders.services.claiming import claim_next, next_order
from workorders.orders.services.outcomes import record_outcome
from workorders.orders.services.skipping import skip
from workorders.supervision.services import reassign

pytestmark = pytest.mark.django_db
PAGE = reverse("workorders:preview")


@pytest.fixture
def ana(floor):
    return floor[1][0]


def seen(agent, now=NOW):
    return preview_next(agent=agent, now=now)


def test_it_is_the_order_that_next_gives_with_its_reasons_and_leases_nothing(floor, ana):
    mild, urgent = make_scenario(priority=7), make_scenario(priority=1)
    lines = [make_line(branch=floor[0].branch) for _ in range(2)]
    open_orders(make_hit(subscriber=lines[0], scenario=mild), make_hit(subscriber=lines[1], scenario=urgent, gain=20))
    before = list(WorkOrder.objects.order_by("pk").values())
    with CaptureQueriesContext(connection) as asked:
        found = seen(ana)
    assert not [
        one["sql"] for one in asked if "FOR UPDATE" in one["sql"] or one["sql"].startswith(("UPDATE", "INSERT"))
    ]
    assert list(WorkOrder.objects.order_by("pk").values()) == before
    assert found.reasons[0] == f"First of all that you may take in the queue of {floor[0].title}."
    assert any("Priority 1, due" in one for one in found.reasons) and any("20" in one for one in found.reasons)
    assert (found.source, found.customer) == (urgent.code, "")
    assert next_order(agent=ana, now=NOW) == found.order


def test_a_promise_and_an_own_order_come_first_and_name_their_customer(floor, ana, boss):
    make_orders(3, team=floor[0])
    order = claim_next(agent=ana, now=NOW)
    record_outcome(
        order_no=order.order_no, agent=ana, disposition="callback", version=None, now=NOW, appointment_at=NOW + HOUR
    )
    assert seen(ana).order != order
    found = seen(ana, now=NOW + HOUR)
    assert (found.order, found.customer) == (order, order.customer.name)
    assert found.reasons[0].startswith("The customer was promised a call at")
    given = WorkOrder.objects.filter(state="queued").last()
    reassign(order_nos=[given.order_no], actor=boss, agent=ana, now=NOW)
    found = seen(ana)
    assert (found.order, found.reasons[0]) == (given, f"{boss.username} gave it to you.")


def test_on_a_call_it_shows_what_comes_after_it_and_never_what_was_skipped(floor, ana):
    first, second, third = make_orders(3, team=floor[0])
    assert claim_next(agent=ana, now=NOW) == first
    assert seen(ana).order == second
    skip(order_no=first.order_no, agent=ana, reason="language", now=NOW)
    assert seen(ana).order == second
    assert claim_next(agent=floor[1][1], now=NOW) == first
    assert claim_next(agent=ana, now=NOW) == second
    assert seen(ana).order == third


def test_a_customer_who_may_not_be_called_is_passed_over_as_next_does(floor, ana):
    first, second = make_orders(2, team=floor[0])
    make_list_entry(customer=first.customer, kind=ListEntry.Kind.DO_NOT_DISTURB, starts_on=NOW.date())
    assert seen(ana).order == second
    assert WorkOrder.objects.get(pk=first.pk).state == "queued"
    assert next_order(agent=ana, now=NOW) == second
    assert WorkOrder.objects.get(pk=first.pk).state == "cancelled"


def test_a_barred_stage_a_foreign_group_and_quiet_hours_show_nothing(floor, ana):
    (order,) = make_orders(1, team=floor[0])
    assert seen(make_user(role="agent")).order is None
    night = NOW.replace(hour=3) + DAY
    assert seen(ana, now=night).reasons[0].startswith("Quiet hours")
    kind = OrderType.objects.get(pk=order.type_id)
    kind.stages = [one | {"who": "work.supervise"} if one["phase"] == "queued" else one for one in kind.stages]
    kind.save()
    found = seen(ana)
    assert found.order is None
    assert "takes a permission which you do not have" in found.reasons[0]


def test_the_pane_asks_for_it_and_a_page_without_script_has_it_too(client, floor, ana):
    (order,) = make_orders(1, team=floor[0])
    client.force_login(ana)
    with clock.freeze(NOW):
        desk = client.get(reverse("workorders:console")).text
        assert f'hx-get="{PAGE}"' in desk and 'data-key="v"' in desk
        part = client.get(PAGE, headers={"HX-Request": "true"}).text
        whole = client.get(PAGE).text
    assert "<html" not in part and "<html" in whole
    for text in (part, whole):
        assert order.type.title in text and "First of all that you may take" in text
        assert order.customer.name not in text and order.subscriber.phone_number not in text
    assert not Transition.objects.filter(move="claim").exists()
    assert not WorkOrder.objects.on_desk().exists()
