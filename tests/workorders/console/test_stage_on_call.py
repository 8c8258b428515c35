"""The page of an order whose stage takes a permission that its agent lacks: it says so, and offers nothing refused."""

import pytest
from django.urls import reverse

from tests.factories import NOW
from tests.workorders.rows import DAY
from workorders.orders.services.outcomes import record_outcome

pytestmark = pytest.mark.django_db


def bar(order, *phases):
    kind = order.type
    kind.stages = [one | {"who": "work.supervise"} if one["phase"] in phases else one for one in kind.stages]
    kind.save()


def page_of(client, order):
    return client.get(reverse("workorders:order", args=[order.order_no]))


def has_action(page, name, order):
    return reverse(f"workorders:{name}", args=[order.order_no]) in page.content.decode()


def test_an_order_on_the_desk_that_its_agent_may_not_work_can_only_be_given_back(
    client, order, floor, boss, standing_clock
):
    client.force_login(floor[1][0])
    allowed = page_of(client, order)
    assert all(has_action(allowed, name, order) for name in ("outcome", "start", "skip"))
    bar(order, "assigned")
    page = page_of(client, order)
    assert "“Assigned” takes the permission “Supervise: assign, take back, reopen orders”" in page.content.decode()
    assert not any(has_action(page, name, order) for name in ("outcome", "start", "take", "draft"))
    assert (page.context["steps"], has_action(page, "skip", order)) == ([], True)
    refused = client.post(reverse("workorders:outcome", args=[order.order_no]), {"disposition": "no_answer"})
    assert refused.status_code == 403
    order.refresh_from_db()
    assert (order.state, order.attempts) == ("assigned", 0)


def test_no_start_where_the_call_leads_to_a_barred_stage(client, order, floor, standing_clock):
    bar(order, "in_progress")
    client.force_login(floor[1][0])
    page = page_of(client, order)
    assert (has_action(page, "outcome", order), has_action(page, "start", order)) == (True, False)


def test_an_appointment_that_may_not_be_taken_has_no_button(client, order, floor, standing_clock):
    ana = floor[1][0]
    record_outcome(
        order_no=order.order_no, agent=ana, disposition="callback", version=None, now=NOW, appointment_at=NOW + DAY
    )
    client.force_login(ana)
    assert has_action(page_of(client, order), "take", order)
    bar(order, "waiting")
    assert not has_action(page_of(client, order), "take", order)
    assert client.post(reverse("workorders:take", args=[order.order_no])).status_code == 403


def test_no_undo_and_no_correction_that_would_be_refused(client, order, floor, standing_clock):
    ana = floor[1][0]
    record_outcome(order_no=order.order_no, agent=ana, disposition="no_answer", version=None, now=NOW)
    client.force_login(ana)
    pages = [client.get(reverse(name)) for name in ("workorders:console", "workorders:mine")]
    assert all(has_action(page, "reopen", order) for page in pages)
    bar(order, "assigned")
    pages = [client.get(reverse(name)) for name in ("workorders:console", "workorders:mine")]
    assert not any(has_action(page, "reopen", order) for page in pages)
