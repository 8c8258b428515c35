"""10,000 orders change hands in one run of the background: each is moved once, with its line in the trail."""

import json
import os

import pytest
from django.db.models import Count, F
from django.urls import reverse

from retention.core import clock
from retention.core.jobs.models import Job
from tests.factories import NOW, TODAY, make_user
from tests.workorders.rows import make_floor, make_line
from workorders.order_types.models import OrderType
from workorders.order_types.services import install_order_types
from workorders.orders.models import Transition, WorkOrder
from workorders.orders.origins import OriginKind
from workorders.orders.services.claiming import claim_next
from workorders.orders.services.drafts import save_draft
from workorders.orders.services.insertion import NewOrder, insert_orders, new_numbers
from workorders.supervision.models import BulkItem, BulkRun
from workorders.supervision.services import running

pytestmark = pytest.mark.django_db
# 1,500 with each run of the suite, six parts; BULK_ORDERS=10000 makes them all.
ORDERS = int(os.environ.get("BULK_ORDERS", 1_500))


@pytest.fixture
def floor():
    """A group of two with very many orders, all beside each other on one line."""
    install_order_types()
    team, agents = make_floor(2)
    kind, line = OrderType.objects.current().get(code="fault_escalation"), make_line(branch=team.branch)
    new = [
        NewOrder(
            id=pk, order_no=number, type_id=kind.pk, subscriber_id=line.pk, purpose=kind.purpose, priority=5,
            origin_kind=OriginKind.PLANNER.value, origin_key="", evidence=json.dumps([]), expected_gain=None,
            opened_on=TODAY, due_minutes=600, one_open=False,
        )
        for pk, number in new_numbers(ORDERS, on=TODAY)
    ]  # fmt: skip
    insert_orders(new, now=NOW)
    return team, agents


def test_all_change_hands_also_the_one_that_is_being_worked(client, floor):
    team, (ana, ben) = floor
    boss = make_user(role="supervisor", branch=team.branch, teams=(team,))
    on_desk = claim_next(agent=ana, now=NOW)
    save_draft(order=on_desk, user=ana, content={"note": "Half a sentence"}, now=NOW)
    client.force_login(boss)
    with clock.freeze(NOW):
        asked = {"action": "give", "confirmed": "1", "all": "1", "query": "", "agent": ben.username}
        answer = client.post(reverse("workorders:bulk"), asked)
        run = BulkRun.objects.get()
        assert answer.url == reverse("workorders:bulk-run", args=[run.pk])
        running.work_off(run=run)
    assert Job.objects.get(pk=run.job_id).state == Job.State.DONE
    assert BulkItem.objects.filter(run=run, is_done=True, refusal="").count() == ORDERS
    assert WorkOrder.objects.filter(assignee=ben, state="assigned", lease_until=None).count() == ORDERS
    assert Transition.objects.filter(move="assign", actor=boss).count() == ORDERS
    assert not WorkOrder.objects.annotate(lines=Count("transitions")).exclude(lines=F("version")).exists()
    assert on_desk.notes.get().text == "Half a sentence"
