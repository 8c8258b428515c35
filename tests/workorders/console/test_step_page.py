"""The moves of its type on the page of an order: offered to who may, with a form of what they need."""

import pytest
from django.urls import reverse

from tests.factories import NOW
from tests.workorders.rows import DAY
from workorders.orders.models import Transition

pytestmark = pytest.mark.django_db


def page_of(order, key):
    return reverse("workorders:step", args=[order.order_no, key])


def offered(client, order):
    page = client.get(reverse("workorders:order", args=[order.order_no]))
    return [one.key for one in page.context["steps"]]


def test_each_is_offered_what_they_may(client, order, floor, boss, standing_clock):
    client.force_login(floor[1][0])
    assert offered(client, order) == ["defer", "return_unfit", "hand_over"]
    assert client.get(page_of(order, "cancel")).status_code == 404
    client.force_login(boss)
    assert offered(client, order) == [
        "defer", "to_pending", "return_unfit", "hand_over", "merge", "cancel", "chase", "split",
    ]  # fmt: skip


def test_an_agent_defers_and_the_next_order_comes(client, order, floor, standing_clock):
    client.force_login(floor[1][0])
    page = client.get(page_of(order, "defer"))
    assert list(page.context["form"].fields) == ["version", "reason", "until"]
    sent = {"version": order.version, "reason": "On holiday", "until": f"{NOW + DAY:%Y-%m-%dT10:00}"}
    assert client.post(page_of(order, "defer"), sent | {"reason": ""}).status_code == 422
    assert client.post(page_of(order, "defer"), sent | {"until": "2020-01-01T10:00"}).status_code == 422
    answer = client.post(page_of(order, "defer"), sent)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/work/")
    line = Transition.objects.filter(order=order).latest("version")
    assert (line.move, line.detail["reason"]) == ("defer", "On holiday")
    assert client.post(page_of(order, "defer"), sent).status_code == 404


def test_a_stale_page_is_told(client, order, boss, standing_clock):
    client.force_login(boss)
    sent = {"version": order.version - 1, "reason": "x"}
    answer = client.post(page_of(order, "to_pending"), sent)
    assert answer.status_code == 409


def test_chase_and_split_by_the_supervisor(client, order, boss, standing_clock):
    client.force_login(boss)
    assert client.post(page_of(order, "chase"), {"reason": "Called twice"}).status_code == 302
    sent = {"reason": "Slow line", "order_type": "fault_escalation"}
    assert client.post(page_of(order, "split"), sent).status_code == 302
    page = client.get(reverse("workorders:order", args=[order.order_no]))
    assert {"Chased", "Another order was split off"} <= {str(one.title) for one in page.context["trail"]}
