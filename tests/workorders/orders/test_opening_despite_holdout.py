"""Orders for customers who are held out: refused, but by hand with a reason, and never for an answer to an event."""

from datetime import timedelta

import pytest
from django.urls import reverse

from campaigns.outreach.models import Contamination, HeldOut, RefusalReason
from retention.core.audit.models import AuditEntry
from tests.factories import NOW, TODAY
from tests.workorders.rows import make_line
from workorders.order_types.models import OrderType
from workorders.order_types.services import install_order_types
from workorders.orders.models import WorkOrder
from workorders.orders.origins import Origin, OriginKind
from workorders.orders.services.manual_opening import open_by_hand
from workorders.orders.services.opening import open_orders
from workorders.orders.services.order_requests import OrderRequest

pytestmark = pytest.mark.django_db
HELD = RefusalReason.HELD_OUT


@pytest.fixture(autouse=True)
def types(db):
    install_order_types()


@pytest.fixture
def held(branches):
    line = make_line(branch=branches.city)
    HeldOut.objects.create(
        customer_id=line.account.customer_id, origin="campaign:autumn", purpose="retention", since=TODAY,
        until=TODAY + timedelta(days=30),
    )  # fmt: skip
    return line


def by_hand(*lines, actor, **given):
    values = {"order_type": "churn_retention", "now": NOW, "origin": Origin(OriginKind.PLANNER)} | given
    return open_by_hand(subscriber_ids=[line.pk for line in lines], actor=actor, **values)


def test_without_a_reason_a_held_out_customer_gets_no_order_by_hand(mia, held):
    done = by_hand(held, actor=mia)
    assert (done.opened, done.refused) == ([], {HELD: 1})
    assert not Contamination.objects.exists()


def test_with_a_reason_the_order_opens_and_the_contamination_is_noted(mia, held, branches):
    free = make_line(branch=branches.city)
    done = by_hand(held, free, actor=mia, despite_holdout="The director asked for it")
    assert (len(done.opened), done.refused) == (2, {})
    noted = Contamination.objects.get()
    order = WorkOrder.objects.get(subscriber=held)
    assert (noted.customer_id, noted.origin, noted.purpose) == (
        held.account.customer_id,
        "campaign:autumn",
        "retention",
    )
    assert (noted.order_no, noted.actor, noted.reason, noted.at) == (
        order.order_no,
        mia,
        "The director asked for it",
        NOW,
    )
    detail = AuditEntry.objects.get(action="order.open").detail
    assert (detail["held_out"], detail["despite_holdout"]) == (1, "The director asked for it")


def test_a_reason_for_customers_who_are_not_held_out_notes_nothing(mia, branches):
    by_hand(make_line(branch=branches.city), actor=mia, despite_holdout="In case")
    assert not Contamination.objects.exists()
    assert "held_out" not in AuditEntry.objects.get(action="order.open").detail


@pytest.mark.parametrize(("kind", "reason"), [(OriginKind.SCENARIO, HELD), (OriginKind.EVENT, None)])
def test_an_answer_to_an_event_is_never_held_back(held, kind, reason):
    HeldOut.objects.update(origin="universal", purpose="any", until=None)
    request = OrderRequest(
        subscriber_id=held.pk, type=OrderType.objects.get(code="churn_retention"), origin=Origin(kind, "S16"),
        found_on=TODAY, purpose="retention",
    )  # fmt: skip
    (result,) = open_orders(requests=[request], on=TODAY, now=NOW)
    assert result.reason == reason
    assert bool(result.order_no) == (reason is None)


def test_the_page_asks_for_the_reason(manager, held):
    sent = {"row": [held.pk], "confirmed": "1", "order_type": "churn_retention"}
    url = reverse("analytics:open-orders")
    assert "Reason to contact held-out customers" in manager.post(url, {"row": [held.pk]}).text
    manager.post(url, sent)
    assert not WorkOrder.objects.exists()
    manager.post(url, sent | {"despite_holdout": "Complaint of the ministry"})
    assert Contamination.objects.get().reason == "Complaint of the ministry"
