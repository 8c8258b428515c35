"""Actions on very many orders: previewed, done in parts by a worker, stopped, resumed, each order accounted for."""

from datetime import timedelta

import pytest
from django.urls import reverse

from retention.core import clock
from retention.core.errors import Conflict, Refused
from retention.core.jobs.models import Job
from tests.factories import NOW, make_team, make_user
from tests.workorders.rows import HOUR, make_floor, make_orders
from workorders.orders.models import Transition, WorkOrder
from workorders.orders.services.claiming import claim_next
from workorders.supervision.judging import preview
from workorders.supervision.models import BulkItem
from workorders.supervision.services import moving, running
from workorders.supervision.views import bulk as bulk_views

pytestmark = pytest.mark.django_db
BULK = reverse("workorders:bulk")


@pytest.fixture
def floor():
    return make_floor(2)


@pytest.fixture
def boss(floor):
    return make_user(role="supervisor", branch=floor[0].branch, teams=(floor[0],))


@pytest.fixture
def small(monkeypatch):
    """Parts of two orders, and more than three in the background."""
    monkeypatch.setattr(running, "PART", 2)
    monkeypatch.setattr(bulk_views, "INLINE_ORDERS", 3)


def started(boss, orders, *, action="cancel", **given):
    chosen = WorkOrder.objects.filter(pk__in=[one.pk for one in orders])
    return running.start_run(actor=boss, action=action, given=given or {"reason": "over"}, orders=chosen, now=NOW)


def finish(run) -> Job:
    with clock.freeze(NOW):
        running.work_off(run=run)
    return Job.objects.get(pk=run.job_id)


def ends(run) -> list[tuple[bool, str]]:
    return list(BulkItem.objects.filter(run=run).order_by("pk").values_list("is_done", "refusal"))


def test_every_order_is_done_or_refused_with_its_reason(floor, boss, small):
    orders = make_orders(5, team=floor[0])
    moving.cancel(order_nos=[orders[0].order_no], actor=boss, reason="x", now=NOW)
    run = started(boss, orders)
    WorkOrder.objects.filter(pk=orders[4].pk).update(team=make_team())
    assert finish(run).state == Job.State.DONE
    assert sorted(ends(run)) == [(False, "closed"), (False, "unseen"), (True, ""), (True, ""), (True, "")]
    assert WorkOrder.objects.filter(state="cancelled").count() == 4


def test_a_run_goes_on_where_a_worker_left_it(floor, boss, small):
    run = started(boss, make_orders(5, team=floor[0]))
    assert running.do_part(run=run, now=NOW) == 2
    Job.objects.filter(pk=run.job_id).update(state=Job.State.RUNNING)
    assert running.waiting_runs() == [run]
    assert finish(run).state == Job.State.DONE
    assert ends(run) == [(True, "")] * 5
    assert Transition.objects.filter(move="cancel").count() == 5
    assert running.waiting_runs() == []


def test_a_run_that_is_stopped_leaves_the_others_untouched(client, floor, boss, small):
    run = started(boss, make_orders(5, team=floor[0]))
    running.do_part(run=run, now=NOW)
    Job.objects.filter(pk=run.job_id).update(state=Job.State.RUNNING)
    client.force_login(boss)
    with clock.freeze(NOW):
        client.post(reverse("workorders:bulk-stop", args=[run.pk]))
    run.refresh_from_db()
    assert finish(run).state == Job.State.CANCELLED
    assert ends(run) == [(True, "")] * 2 + [(False, "")] * 3
    with clock.freeze(NOW):
        page = client.get(reverse("workorders:bulk-run", args=[run.pk])).text
    assert "Done 2, refused 0, left 3" in page
    with pytest.raises(Conflict):
        running.stop_run(run=type(run).objects.get(pk=run.pk), actor=boss, now=NOW)


def test_two_who_move_the_same_rows_do_each_order_once(floor, boss, small):
    orders = make_orders(4, team=floor[0])
    other = make_user(role="supervisor", branch=floor[0].branch, teams=(floor[0],))
    ana, ben = floor[1]
    first = started(boss, orders, action="give", agent=ana.username)
    second = started(other, orders, action="cancel")
    running.do_part(run=first, now=NOW)
    finish(second)
    finish(first)
    assert ends(second) == [(True, "")] * 4
    assert ends(first) == [(True, "")] * 2 + [(False, "closed")] * 2
    assert Transition.objects.filter(move="cancel").count() == 4
    again = started(boss, make_orders(2, team=floor[0]), action="give", agent=ben.username)
    finish(again)
    twice = started(other, list(WorkOrder.objects.filter(assignee=ben)), action="give", agent=ben.username)
    finish(twice)
    assert ends(twice) == [(False, "unchanged")] * 2


def test_who_may_not_do_it_any_more_ends_the_run(floor, boss, small):
    run = started(boss, make_orders(3, team=floor[0]))
    boss.is_active = False
    boss.save()
    job = finish(run)
    assert (job.state, job.error) == (Job.State.FAILED, "Who asked for it may not do it any more.")
    with pytest.raises(Refused):
        started(floor[1][0], WorkOrder.objects.all())


def test_deferring_leaves_calls_alone_and_keeps_the_later_limit(floor, boss):
    orders = make_orders(2, team=floor[0])
    taken = claim_next(agent=floor[1][0], now=NOW)
    until = NOW + timedelta(days=5)
    numbers = [one.order_no for one in orders]
    done = moving.defer(order_nos=numbers, actor=boss, until=until, reason="Festival", now=NOW)
    assert (done.moved, done.skipped) == (1, [taken.order_no])
    other = WorkOrder.objects.exclude(pk=taken.pk).get()
    assert (other.not_before, other.state) == (until, "queued")
    assert other.due_at >= until + HOUR
    found = preview(WorkOrder.objects.all(), action="defer", given={}, actor=boss)
    assert (found.able, [(why.value, count) for why, count in found.refused]) == (1, [("on_call", 1)])


def test_a_priority_is_changed_once_with_a_line_in_the_trail(floor, boss):
    (order,) = make_orders(1, team=floor[0])
    first = moving.prioritize(order_nos=[order.order_no], actor=boss, priority=1, now=NOW)
    second = moving.prioritize(order_nos=[order.order_no], actor=boss, priority=1, now=NOW)
    assert (first.moved, second.moved) == (1, 0)
    line = Transition.objects.get(order=order, version=2)
    assert (line.move, line.detail, line.from_state, line.to_state) == (
        "prioritize",
        {"priority": 1},
        "queued",
        "queued",
    )


def test_moves_that_a_type_does_not_have_are_refused_in_the_preview(floor, boss):
    (order,) = make_orders(1, team=floor[0])
    routes = order.type.routes
    for ways in routes.values():
        ways.pop("cancel", None)
    type(order.type).objects.update(routes=routes)
    found = preview(WorkOrder.objects.all(), action="cancel", given={}, actor=boss)
    assert (found.able, [why.value for why, _count in found.refused]) == (0, ["illegal"])


def test_the_page_asks_previews_and_then_runs_in_the_background(client, floor, boss, small):
    orders = make_orders(5, team=floor[0])
    moving.cancel(order_nos=[orders[0].order_no], actor=boss, reason="x", now=NOW)
    client.force_login(boss)
    asked = {"action": "priority", "all": "1", "query": "state=any"}
    with clock.freeze(NOW):
        page = client.post(BULK, asked)
        assert "done in the background" in page.text
        shown = client.post(BULK, asked | {"confirmed": "1", "preview": "1", "priority": "3"}).text
        assert "so already" in shown
        assert client.post(BULK, asked | {"confirmed": "1", "priority": "77"}).status_code == 422
        answer = client.post(BULK, asked | {"confirmed": "1", "priority": "2"})
    run = bulk_views.BulkRun.objects.get()
    assert answer.url == reverse("workorders:bulk-run", args=[run.pk])
    finish(run)
    assert WorkOrder.objects.filter(priority=2).count() == 4
    with clock.freeze(NOW):
        refused = client.get(reverse("workorders:bulk-run", args=[run.pk]), {"export": "csv"})
        listed = client.get(reverse("workorders:bulk-runs")).text
    text = b"".join(refused).decode("utf-8-sig")
    assert orders[0].order_no in text
    assert "closed" in text
    assert reverse("workorders:bulk-run", args=[run.pk]) in listed
    client.force_login(make_user(role="supervisor", branch=floor[0].branch, teams=(floor[0],)))
    assert client.get(reverse("workorders:bulk-run", args=[run.pk])).status_code == 404
