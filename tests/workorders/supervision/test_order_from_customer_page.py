"""From the page of a customer to an order that is assigned: as far as the person's role allows."""

import pytest
from django.urls import reverse

from customers.facts.models import Subscriber
from retention.core import clock
from tests.campaigns.rows import make_leaver
from tests.factories import NOW, grant, make_list_entry
from tests.workorders.rows import make_line
from workorders.order_types.services import install_order_types
from workorders.orders.models import WorkOrder

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(floor):
    install_order_types()
    return make_line(branch=floor[0].branch)


def page_of(client, line):
    with clock.freeze(NOW):
        return client.get(reverse("customers:detail", args=[line.subscriber_no])).text


def open_one(client, line, order_type):
    with clock.freeze(NOW):
        address = reverse("workorders:open-for-line", args=[line.subscriber_no])
        return client.post(address, {"order_type": order_type}, follow=True)


def test_a_supervisor_opens_an_order_and_is_led_to_where_it_is_assigned(client, floor, boss, line):
    grant(customer=line.account.customer, user=boss)
    client.force_login(boss)
    assert "Open an order" in page_of(client, line)
    page = open_one(client, line, "care")
    order = WorkOrder.objects.get()
    assert page.redirect_chain[-1][0] == reverse("workorders:order", args=[order.order_no])
    assert "Assign to…" in page.text
    assert (order.type.code, order.team, order.state, order.origin_kind) == ("care", floor[0], "queued", "customer")
    assert order.transitions.get().detail["source"] == "customer"
    assert order.order_no in page_of(client, line)


def test_whom_the_gate_refuses_is_said_with_the_reason(client, boss, line):
    grant(customer=line.account.customer, user=boss)
    make_list_entry(customer=line.account.customer, kind="do_not_disturb")
    client.force_login(boss)
    page = open_one(client, line, "care")
    assert page.redirect_chain[-1][0] == reverse("customers:detail", args=[line.subscriber_no])
    assert "No order was opened: Do not disturb" in page.text
    assert "Choose an order type." in open_one(client, line, "nonsense").text
    assert not WorkOrder.objects.exists()


def test_types_for_who_has_left_are_offered_for_lines_that_left_alone(client, boss, line):
    grant(customer=line.account.customer, user=boss)
    client.force_login(boss)
    win_back, care = 'value="win_back"', 'value="care"'
    page = page_of(client, line)
    assert care in page and win_back not in page
    Subscriber.objects.filter(pk=line.pk).update(status=Subscriber.Status.TERMINATED)
    assert "Open an order" not in page_of(client, line)  # it has left, and not as one that can be won back
    leaver = make_leaver().subscriber
    grant(customer=leaver.account.customer, user=boss)
    page = page_of(client, leaver)
    assert win_back in page and care not in page


def test_an_agent_opens_none(client, floor, line):
    ana = floor[1][0]
    grant(customer=line.account.customer, user=ana)
    client.force_login(ana)
    assert "Open an order" not in page_of(client, line)
    assert open_one(client, line, "care").status_code == 403
