"""The board: every figure opens exactly its rows; the clocks of one order on its page."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse

from retention.core import clock
from tests.factories import NOW, make_branch, make_team
from tests.workorders.clocks.rows import give_clocks, make_calendar
from tests.workorders.rows import DAY, HOUR, MINUTE, make_hit, make_line, make_orders, make_scenario, open_orders
from workorders.clocks.queries.board import forecasts, types_by_clock
from workorders.clocks.queries.counting import count_by_clock
from workorders.clocks.services.telling import tell
from workorders.orders.models import WorkOrder
from workorders.orders.services.claiming import claim_next
from workorders.orders.services.outcomes import record_outcome
from workorders.orders.services.transitions import Pick, move

pytestmark = pytest.mark.django_db

CLOSE = {"kind": "close", "minutes": 100, "calendar": "working", "pauses_in": ["waiting"]}


@pytest.fixture
def team(floor):
    give_clocks(CLOSE)
    make_calendar()
    return floor[0]


def rows_at(client, address):
    """Numbers of the orders that the list at an address shows."""
    found = client.get(address).context["table"].data
    return {one.order_no for one in found}


def forecast(team, boss):
    orders = WorkOrder.objects.visible_to(boss)
    return forecasts([team], orders, count_by_clock(orders, now=NOW), now=NOW)


def test_orders_by_the_state_of_their_clocks(team, boss, client):
    now = NOW + 90 * MINUTE
    early = make_orders(1, team=team, now=NOW - 30 * MINUTE)
    make_orders(2, team=team, now=NOW)
    late = open_orders(*[make_hit(subscriber=make_line(branch=team.branch)) for _ in range(3)], now=now - MINUTE)
    (row,) = types_by_clock(count_by_clock(WorkOrder.objects.visible_to(boss), now=now))
    assert dict(row.counts) == {"in_time": 3, "warned": 2, "breached": 1}
    assert (row.oldest, row.all) == (NOW - 30 * MINUTE, 6)
    client.force_login(boss)
    with clock.freeze(now):
        board = client.get(reverse("clocks:board"))
        links = [unescape(one) for one in re.findall(r'href="(/supervise/\?[^"]+)"', board.content.decode())]
        cells = dict(zip(("in_time", "warned", "breached"), (3, 2, 1), strict=True))
        for state, count in cells.items():
            address = f"/supervise/?type=churn_retention&clock={state}"
            assert address in links and len(rows_at(client, address)) == count
        assert rows_at(client, "/supervise/?clock=breached") == {early[0].order_no}
        assert {one.order_no for one in late} == rows_at(client, "/supervise/?clock=in_time")


def test_what_falls_due_in_working_hours_against_what_is_closed(team, boss, floor, client):
    """Friday ten o'clock: due at 11:40; in four working hours it is 16:00."""
    orders = make_orders(3, team=team)
    later = open_orders(
        make_hit(subscriber=make_line(branch=team.branch), scenario=make_scenario(due_hours=5)), now=NOW
    )
    closed = open_orders(make_hit(subscriber=make_line(branch=team.branch)), now=NOW - DAY)
    move(name="withdraw", pick=Pick.of([closed[0].pk]), actor=None, now=NOW - HOUR)
    (row,) = forecast(team, boss)
    assert [(one.hours, one.due, one.expected) for one in row.ahead] == [(1, 0, 0), (4, 3, 3), (8, 4, 4)]
    assert row.ahead[1].until == NOW.replace(hour=16)
    assert row.ahead[2].until == NOW + 3 * DAY + HOUR  # Monday at eleven
    assert row.per_hour == pytest.approx(1 / 35)
    assert len(later) == 1
    client.force_login(boss)
    with clock.freeze(NOW):
        text = client.get(reverse("clocks:board")).content.decode()
        links = [unescape(one) for one in re.findall(r'href="(/supervise/\?[^"]*due_until[^"]*)"', text)]
    with clock.freeze(NOW + 5 * MINUTE):  # the address holds both ends: a later look shows the same rows
        assert [len(rows_at(client, one)) for one in links] == [3, 4]
        assert rows_at(client, links[0]) == {one.order_no for one in orders}


def test_a_supervisor_sees_the_own_groups_only(team, boss):
    other = make_team(branch=make_branch())
    make_orders(1, team=other)
    assert types_by_clock(count_by_clock(WorkOrder.objects.visible_to(boss), now=NOW)) == []
    assert forecast(team, boss) == []


def test_the_alert_of_a_group_stands_on_the_board(team, boss, client):
    make_orders(1, team=team)
    now = NOW + 5 * HOUR
    tell(now=now)
    client.force_login(boss)
    with clock.freeze(now):
        assert "Orders over time" in client.get(reverse("clocks:board")).content.decode()


def test_the_page_of_an_order_shows_its_clocks(team, boss, floor, client):
    ana = floor[1][0]
    (order,) = make_orders(1, team=team)
    claim_next(agent=ana, now=NOW)
    client.force_login(ana)
    address = reverse("workorders:order", args=[order.order_no])

    def shown(now):
        with clock.freeze(now):
            return client.get(address).content.decode()

    assert "left" in shown(NOW) and "Closed" in shown(NOW)
    record_outcome(
        order_no=order.order_no, agent=ana, disposition="callback", version=None, now=NOW, appointment_at=NOW + DAY * 3
    )
    assert "paused until" in shown(NOW + MINUTE)
    assert "breached" in shown(NOW + timedelta(days=6))
