"""Clocks after a calendar has changed: found as stale, reckoned in chunks, resumed after a killed worker."""

import pytest

from retention.core.jobs.models import Chunk, ChunkedRun
from tests.factories import NOW, make_branch, make_team
from tests.workorders.clocks.rows import give_clocks, make_calendar
from tests.workorders.rows import DAY, HOUR, make_floor, make_orders
from workorders.clocks.models import OrderClock
from workorders.clocks.queries.calendars import open_book
from workorders.clocks.services import recomputing
from workorders.clocks.services.recomputing import reckon_stale, stale_orders
from workorders.orders.models import WorkOrder

pytestmark = pytest.mark.django_db


@pytest.fixture
def orders():
    give_clocks({"kind": "close", "minutes": 60, "calendar": "working"})
    return make_orders(7, team=make_floor(1)[0])


def due():
    return set(WorkOrder.objects.values_list("due_at", flat=True))


def change(row, **values):
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1
    row.save()


def test_nothing_is_stale_at_first(orders):
    assert stale_orders(open_book()) == [] and reckon_stale(now=NOW) == 0
    assert due() == {NOW + HOUR}


def test_a_new_a_changed_and_a_switched_calendar_move_the_due_times(orders):
    row = make_calendar(hours=["14:00-18:00"] * 7)
    assert reckon_stale(now=NOW) == 7
    assert due() == {NOW.replace(hour=15)}
    change(row, hours=["16:00-18:00"] * 7)
    assert reckon_stale(now=NOW) == 7
    assert due() == {NOW.replace(hour=17)}
    change(row, days=[{"day": "2026-11-20", "hours": "", "name": "Move"}])
    reckon_stale(now=NOW)
    assert due() == {NOW.replace(hour=17) + DAY}
    row.enabled = False
    row.save()
    assert reckon_stale(now=NOW) == 7
    assert due() == {NOW + HOUR}
    assert reckon_stale(now=NOW) == 0


def test_a_group_that_moves_to_another_branch_takes_its_calendar(orders):
    other = make_branch()
    make_calendar(branch=other, hours=["14:00-18:00"] * 7)
    assert stale_orders(open_book()) == []
    team = orders[0].team
    team.branch = other
    team.save()
    assert reckon_stale(now=NOW) == 7
    assert due() == {NOW.replace(hour=15)}


def test_only_orders_that_the_change_concerns_are_stale(orders):
    elsewhere = make_team(branch=make_branch())
    make_calendar(groups=[elsewhere.code])
    assert stale_orders(open_book()) == []


def test_orders_of_before_clocks_get_theirs(orders):
    OrderClock.objects.all().delete()
    assert reckon_stale(now=NOW) == 7
    assert OrderClock.objects.count() == 7 and due() == {NOW + HOUR}


def test_closed_orders_stay_as_they_ended(orders):
    WorkOrder.objects.filter(pk=orders[0].pk).update(state="cancelled", closed_at=NOW)
    make_calendar(hours=["14:00-18:00"] * 7)
    assert reckon_stale(now=NOW) == 6


def test_a_killed_worker_resumes_where_it_was(orders, monkeypatch):
    monkeypatch.setattr(recomputing, "CHUNK_ORDERS", 2)
    make_calendar(hours=["14:00-18:00"] * 7)
    write, done = recomputing.retime_clocks, []

    def dies(**given):
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(given["ids"])
        return write(**given)

    monkeypatch.setattr(recomputing, "retime_clocks", dies)
    with pytest.raises(KeyboardInterrupt):
        reckon_stale(now=NOW)
    run = ChunkedRun.objects.get(kind="order_clocks")
    assert (run.finished_at, Chunk.objects.filter(run=run, done_at=None).count()) == (None, 2)
    assert due() == {NOW + HOUR, NOW.replace(hour=15)}
    monkeypatch.setattr(recomputing, "retime_clocks", write)
    assert reckon_stale(now=NOW) == 7  # rows of the run: four before, three after
    run.refresh_from_db()
    assert run.finished_at is not None and due() == {NOW.replace(hour=15)}


def test_another_change_takes_the_place_of_an_unfinished_run(orders, monkeypatch):
    row = make_calendar(hours=["14:00-18:00"] * 7)
    monkeypatch.setattr(recomputing, "retime_clocks", lambda **given: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        reckon_stale(now=NOW)
    monkeypatch.undo()
    change(row, hours=["16:00-18:00"] * 7)
    assert reckon_stale(now=NOW) == 7
    assert due() == {NOW.replace(hour=17)}
    assert ChunkedRun.objects.filter(kind="order_clocks").count() == 1
