"""The supervisor's page: counts, filters, exports, and what is done with ticked orders."""

import pytest
from django.urls import reverse

from retention.core.audit.models import AuditEntry
from tests.factories import NOW
from tests.workorders.rows import make_orders
from workorders.orders.models import WorkOrder
from workorders.orders.services.outcomes import record_outcome
from workorders.orders.states import State

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]


def test_the_supervisors_page_counts_filters_and_exports(client, boss, floor, order):
    make_orders(3, team=floor[0])
    client.force_login(boss)
    page = client.get(reverse("workorders:supervise"))
    counts = {row.state: row.count for row in page.context["rows"]}
    assert (counts[State.QUEUED], counts[State.ASSIGNED]) == (3, 1)
    assert page.context["tiles"][0].order == order
    found = client.get(reverse("workorders:supervise"), {"state": "assigned"}).context["table"]
    assert [row.record.order_no for row in found.rows] == [order.order_no]
    sheet = client.get(reverse("workorders:supervise"), {"state": "assigned", "export": "csv"})
    lines = b"".join(sheet.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert order.order_no in lines[1]
    assert order.subscriber.phone_number not in lines[1]
    assert AuditEntry.objects.filter(action="export", actor=boss).count() == 1
    assert client.get(reverse("workorders:supervise"), {"export": "xlsx"}).status_code == 200


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({"age": "today"}, 2),
        ({"age": "old"}, 0),
        ({"due": "overdue"}, 0),
        ({"agent": "nobody"}, 1),
        ({"type": "churn_retention"}, 2),
        ({"type": "renewal"}, 0),
        ({"state": "any"}, 2),
        ({"state": "done"}, 0),
        ({"q": "nonsense"}, 0),
    ],
)
def test_filters_of_the_supervisors_list(client, boss, floor, order, asked, count):
    make_orders(1, team=floor[0])
    client.force_login(boss)
    assert len(client.get(reverse("workorders:supervise"), asked).context["table"].rows) == count


def test_the_floor_answers_nothing_new_until_something_happens(client, boss, floor, order):
    client.force_login(boss)
    seen = client.get(reverse("workorders:supervise")).context["seen"]
    floor_url = reverse("workorders:floor")
    assert client.get(floor_url, {"seen": seen}).status_code == 204
    record_outcome(order_no=order.order_no, agent=order.assignee, disposition="retained", version=None, now=NOW)
    assert client.get(floor_url, {"seen": seen}).status_code == 200


def test_ticked_orders_are_given_after_asking_to_whom(client, boss, floor):
    orders = make_orders(2, team=floor[0])
    client.force_login(boss)
    ticked = {"action": "give", "row": [one.order_no for one in orders], "query": "state=queued"}
    asked = client.post(reverse("workorders:bulk"), ticked)
    assert (asked.status_code, asked.context["count"]) == (200, 2)
    wrong = client.post(reverse("workorders:bulk"), ticked | {"confirmed": "1"})
    assert wrong.status_code == 422
    ben = floor[1][1]
    done = client.post(reverse("workorders:bulk"), ticked | {"confirmed": "1", "agent": ben.username})
    assert done.url == reverse("workorders:supervise") + "?state=queued"
    assert WorkOrder.objects.filter(assignee=ben).count() == 2


def test_all_that_match_the_filters_are_cancelled_with_a_reason(client, boss, floor, order):
    make_orders(2, team=floor[0])
    client.force_login(boss)
    form = {"action": "cancel", "all": "1", "query": "state=queued", "confirmed": "1"}
    assert client.post(reverse("workorders:bulk"), form).status_code == 422
    client.post(reverse("workorders:bulk"), form | {"reason": "Campaign stopped"})
    assert WorkOrder.objects.filter(state=State.CANCELLED).count() == 2
    order.refresh_from_db()
    assert order.state == State.ASSIGNED


def test_taking_back_needs_no_question(client, boss, order):
    client.force_login(boss)
    client.post(reverse("workorders:bulk"), {"action": "take_back", "row": order.order_no})
    order.refresh_from_db()
    assert order.state == State.QUEUED
