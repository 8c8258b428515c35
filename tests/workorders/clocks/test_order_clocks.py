"""Clocks as rows: set with every move in its transaction, as a reckoning from the whole trail would set them."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.factories import NOW, make_branch, make_team
from tests.workorders.clocks.rows import WORKING, give_clocks, make_calendar
from tests.workorders.rows import DAY, HOUR, MINUTE, make_hit, make_line, make_orders, make_scenario, open_orders
from workorders.clocks.law import clocks
from workorders.clocks.models import OrderClock
from workorders.clocks.queries.calendars import open_book
from workorders.clocks.queries.trails import cases_of, specs_of
from workorders.clocks.services.recomputing import reckon_stale
from workorders.clocks.services.refreshing import refresh_clocks
from workorders.orders.models import Transition, WorkOrder
from workorders.orders.services.claiming import claim_next, take
from workorders.orders.services.outcomes import record_outcome, start
from workorders.orders.services.reopening import reopen
from workorders.orders.services.transitions import Pick, move
from workorders.orders.states import RAISED
from workorders.supervision.services import cancel, reassign

pytestmark = pytest.mark.django_db

FRIDAY = NOW  # 20 November 2026, 10:00 in Shanghai


def rows(order):
    return {one.kind: one for one in OrderClock.objects.filter(order=order)}


def dues(order):
    return {kind: one.due_at for kind, one in rows(order).items()}


def opened(team, now=FRIDAY):
    return make_orders(1, team=team, now=now)[0]


def test_an_order_of_a_type_without_clocks_is_due_as_ever_and_has_one_clock(floor):
    order = opened(floor[0])
    assert order.due_at == FRIDAY + 48 * HOUR
    (clock,) = rows(order).values()
    assert (clock.kind, clock.minutes, clock.calendar) == ("close", 48 * 60, "")
    assert clock.warn_at == FRIDAY + 0.8 * 48 * HOUR


def test_an_order_is_due_with_its_earliest_open_clock(floor):
    give_clocks()
    make_calendar()
    team, (ana, _ben) = floor
    order = opened(team)
    assert dues(order) == {
        "accept": FRIDAY + HOUR,
        "attempt": FRIDAY + 2 * HOUR,
        "contact": FRIDAY + DAY,
        "close": FRIDAY + 4 * DAY,  # 6 hours on Friday, 7 on Monday, one on Tuesday
    }
    assert order.due_at == FRIDAY + HOUR
    claimed = claim_next(agent=ana, now=FRIDAY + 5 * MINUTE)
    assert (claimed.due_at, rows(order)["accept"].met_at) == (FRIDAY + 2 * HOUR, FRIDAY + 5 * MINUTE)
    start(order_no=order.order_no, agent=ana, version=None, now=FRIDAY + 6 * MINUTE)
    order.refresh_from_db()
    assert order.due_at == FRIDAY + DAY
    ended = record_outcome(order_no=order.order_no, agent=ana, disposition="retained", version=None, now=FRIDAY + HOUR)
    found = rows(order)
    assert [found[kind].met_at for kind in ("contact", "close")] == [FRIDAY + HOUR] * 2
    assert ended.due_at == FRIDAY + DAY  # as it stood


def test_an_appointment_stops_the_clock_until_it_is_kept(floor):
    give_clocks()
    make_calendar()
    team, (ana, _ben) = floor
    order = opened(team)
    claim_next(agent=ana, now=FRIDAY)
    at = FRIDAY + 4 * DAY  # Tuesday at 10
    waiting = record_outcome(
        order_no=order.order_no, agent=ana, disposition="callback", version=None, now=FRIDAY, appointment_at=at
    )
    assert waiting.due_at == FRIDAY + 6 * DAY  # the contact is made; 14 hours remain from Tuesday at 10: Thursday at 10
    taken = take(order_no=order.order_no, agent=ana, now=FRIDAY + 3 * DAY)  # a day early
    assert taken.due_at < waiting.due_at


def test_a_routed_order_takes_the_calendar_of_its_new_group(floor, boss):
    give_clocks()
    team, _people = floor
    night = make_team(branch=team.branch)
    boss.teams.add(night)
    make_calendar()
    make_calendar(code="night", groups=[night.code], hours=["18:00-24:00"] * 7, holidays="")
    order = opened(team)
    reassign(order_nos=[order.order_no], actor=boss, agent=None, team=night, now=FRIDAY)
    assert dues(order)["accept"] == FRIDAY.replace(hour=19)
    assert rows(order)["accept"].calendar.startswith("night:1:")


def test_the_nearest_calendar_holds():
    root = make_branch()
    city = make_branch(parent=root)
    team, special = make_team(branch=city), make_team(branch=city)
    assert open_book().of_team(team.pk).key == "always"
    make_calendar(code="whole")
    assert open_book().of_team(team.pk).key.startswith("whole:")
    make_calendar(code="root", branch=root)
    assert open_book().of_team(team.pk).key.startswith("root:")
    make_calendar(code="off", branch=city, enabled=False)
    make_calendar(code="special", groups=[special.code])
    book = open_book()
    assert book.of_team(team.pk).key.startswith("root:")
    assert book.of_team(special.pk).key.startswith("special:")
    assert book.of(None, city.pk).key.startswith("root:")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_calendar(code="second", branch=root)


def test_what_a_scenario_asks_for_counts_as_its_type_counts(floor):
    give_clocks({"kind": "close", "calendar": "working", "pauses_in": []})
    make_calendar()
    hit = make_hit(subscriber=make_line(branch=floor[0].branch), scenario=make_scenario(due_hours=7))
    (order,) = open_orders(hit)
    assert order.due_at == FRIDAY + 3 * DAY  # seven working hours: Monday at 10


def test_cancelling_stops_and_reopening_starts_again(floor, boss):
    give_clocks()
    team, (ana, _ben) = floor
    order, other = make_orders(2, team=team)
    cancel(order_nos=[other.order_no], actor=boss, reason="twice", now=FRIDAY + HOUR)
    assert {one.stopped_at for one in rows(other).values()} == {FRIDAY + HOUR}
    claim_next(agent=ana, now=FRIDAY)
    record_outcome(order_no=order.order_no, agent=ana, disposition="retained", version=None, now=FRIDAY)
    reopen(order_no=order.order_no, agent=ana, now=FRIDAY + MINUTE)
    found = rows(order)
    assert (found["contact"].met_at, found["close"].met_at) == (None, None)


def test_a_move_that_concerns_no_clock_costs_no_statement(floor, django_assert_num_queries):
    order = opened(floor[0])
    claim_next(agent=floor[1][0], now=FRIDAY)
    with django_assert_num_queries(1):
        move(name="start", pick=Pick.of([order.pk]), actor=floor[1][0], now=FRIDAY)


def test_a_move_that_fails_leaves_the_clocks_as_they_were(floor):
    give_clocks()
    team, (ana, _ben) = floor
    order = opened(team)
    before = dict(rows(order)["accept"].__dict__)
    with pytest.raises(RuntimeError), transaction.atomic():
        claim_next(agent=ana, now=FRIDAY)
        raise RuntimeError
    after = dict(rows(order)["accept"].__dict__)
    assert {**before, "_state": 0} == {**after, "_state": 0}


@pytest.fixture
def morning(floor, boss):
    """Six orders, a morning of moves and one whose close is raised; their ids, and when it is over."""
    give_clocks()
    calendar = make_calendar()
    team, (ana, ben) = floor
    orders = make_orders(6, team=team)
    now = FRIDAY
    for place, (agent, disposition) in enumerate(
        [(ana, "no_answer"), (ben, "callback"), (ana, "retained"), (ben, "considering")]
    ):
        now = FRIDAY + place * 20 * MINUTE
        order = claim_next(agent=agent, now=now)
        start(order_no=order.order_no, agent=agent, version=None, now=now + MINUTE)
        at = now + 3 * DAY if disposition == "callback" else None
        record_outcome(
            order_no=order.order_no, agent=agent, disposition=disposition, version=None, now=now + 5 * MINUTE,
            appointment_at=at,
        )  # fmt: skip
    cancel(order_nos=[orders[5].order_no], actor=boss, reason="x", now=now + HOUR)
    Transition.objects.create(
        order=orders[4], version=2, at=now + HOUR, actor_name="system", move=RAISED, from_state="queued",
        to_state="queued", detail={"due_minutes": 300},
    )  # fmt: skip
    WorkOrder.objects.filter(pk=orders[4].pk).update(version=2)
    ids = [one.pk for one in orders]
    refresh_clocks(ids=[orders[4].pk], now=now + HOUR)
    return calendar, ids, now + HOUR


def require_the_law(ids):
    for case in cases_of(ids):
        keeper = open_book().of_team(case.team_id).keeper
        law = {one.kind: one for one in clocks(case.trail, specs_of([case.type_id])[case.type_id], keeper)}
        stored = rows(case.order_id)
        for kind, one in law.items():
            row = stored[kind]
            assert (row.due_at, row.warn_at, row.met_at, row.stopped_at) == (
                one.due_at, one.warn_at, one.met_at, one.stopped_at,
            )  # fmt: skip


def test_incremental_and_anew_are_the_same(morning):
    """All clocks are thrown away and reckoned from the trails."""
    _calendar, ids, now = morning
    kept = list(OrderClock.objects.order_by("order_id", "kind").values())
    due = dict(WorkOrder.objects.values_list("pk", "due_at"))
    OrderClock.objects.all().delete()
    WorkOrder.objects.filter(closed_at=None).update(due_at=NOW - DAY)
    refresh_clocks(ids=ids, now=now)
    again = list(OrderClock.objects.order_by("order_id", "kind").values())
    assert [{**one, "id": 0} for one in again] == [{**one, "id": 0} for one in kept]
    assert len(kept) == 6 * len(WORKING)
    assert dict(WorkOrder.objects.values_list("pk", "due_at")) == due
    require_the_law(ids)


def test_another_calendar_times_all_clocks_as_the_trails_would(morning):
    """After a changed calendar the kept courses say the same as the trails: times, and when each order is due."""
    calendar, _ids, now = morning
    calendar.hours, calendar.version = ["11:00-12:00, 13:30-15:00"] * 6 + [""], calendar.version + 1
    calendar.save()
    before = dict(WorkOrder.objects.values_list("pk", "due_at"))
    assert reckon_stale(now=now) == 4  # one is closed, one cancelled
    open_ids = list(WorkOrder.objects.filter(closed_at=None).values_list("pk", flat=True))
    require_the_law(open_ids)
    due = dict(WorkOrder.objects.values_list("pk", "due_at"))
    timed = list(OrderClock.objects.order_by("order_id", "kind").values())
    assert due != before
    refresh_clocks(ids=open_ids, now=now)
    assert list(OrderClock.objects.order_by("order_id", "kind").values()) == timed
    assert dict(WorkOrder.objects.values_list("pk", "due_at")) == due


def test_what_moved_meanwhile_keeps_what_its_move_wrote(floor, monkeypatch):
    give_clocks()
    order = opened(floor[0])
    from workorders.clocks.services import refreshing

    read = refreshing.cases_of

    def then_it_moves(ids):
        found = read(ids)
        WorkOrder.objects.filter(pk__in=ids).update(version=9)
        return found

    monkeypatch.setattr(refreshing, "cases_of", then_it_moves)
    OrderClock.objects.filter(order=order).update(due_at=None)
    assert refresh_clocks(ids=[order.pk], now=FRIDAY) == {}
    assert set(dues(order).values()) == {None}


def test_people_are_told_again_only_of_a_moment_that_lies_ahead(floor):
    give_clocks({"kind": "close", "minutes": 60, "calendar": "elapsed"})
    order = opened(floor[0])
    OrderClock.objects.update(warned_at=NOW, breached_at=NOW, minutes=1)
    refresh_clocks(ids=[order.pk], now=FRIDAY + timedelta(hours=2))
    clock = OrderClock.objects.get()
    assert (clock.minutes, clock.warned_at, clock.breached_at) == (60, NOW, NOW)
    OrderClock.objects.update(minutes=1)
    refresh_clocks(ids=[order.pk], now=FRIDAY)
    clock = OrderClock.objects.get()
    assert (clock.warned_at, clock.breached_at) == (None, None)
