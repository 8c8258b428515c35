"""Who is there and who did what: presence, orders of people who left, and the day of one agent."""

from datetime import timedelta

import pytest
from django.urls import reverse

from retention.core import clock
from retention.core.accounts.models import User
from retention.core.accounts.roles import IDLE_MINUTES
from tests.factories import NOW, make_user
from tests.workorders.rows import DAY, HOUR, MINUTE, make_floor, make_orders
from workorders.orders.models import WorkOrder
from workorders.orders.services.claiming import claim_next
from workorders.orders.services.outcomes import record_outcome, start
from workorders.supervision.services import reassign

pytestmark = pytest.mark.django_db
BOARD = reverse("workorders:supervise")


def board(client, boss, query="", at=NOW):
    client.force_login(boss)
    with clock.freeze(at):
        return client.get(BOARD + query)


def presence(page) -> dict:
    return {tile.agent.username: (tile.presence, tile.since) for tile in page.context["tiles"]}


def rows(page) -> list[str]:
    return [row.record.order_no for row in page.context["table"].paginated_rows]


def call(order, agent, disposition, *, at, minutes=4, **given):
    with clock.freeze(at):
        assert claim_next(agent=agent, now=at) == order
        start(order_no=order.order_no, agent=agent, version=None, now=at)
        end = at + minutes * MINUTE
        record_outcome(order_no=order.order_no, agent=agent, disposition=disposition, version=None, now=end, **given)


def test_only_who_is_signed_in_is_free(client, floor, boss):
    _team, (ana, ben) = floor
    client.force_login(ana)
    with clock.freeze(NOW):
        client.get(reverse("workorders:console"))
    page = board(client, boss, at=NOW + MINUTE)
    told = presence(page)
    assert (told[ana.username], told[ben.username]) == (("free", None), ("signed_out", None))
    assert (page.context["free"], page.context["signed_out"]) == (2, 1)  # ana and the supervisor; ben
    assert "has not signed in yet" in page.text
    client.force_login(ana)
    with clock.freeze(NOW + 5 * MINUTE):
        client.post("/logout/")
    page = board(client, boss, at=NOW + HOUR)
    assert presence(page)[ana.username] == ("signed_out", NOW + 5 * MINUTE)
    assert page.context["free"] == 1
    assert "since" in page.text


def test_who_has_not_used_the_product_for_the_idle_time_is_signed_out(client, floor, boss):
    ana = floor[1][0]
    User.objects.filter(pk=ana.pk).update(last_used_at=NOW)
    idle = timedelta(minutes=IDLE_MINUTES[ana.role])
    assert presence(board(client, boss, at=NOW + idle))[ana.username] == ("free", None)
    assert presence(board(client, boss, at=NOW + idle + MINUTE))[ana.username] == ("signed_out", NOW)


def test_coming_back_ends_the_absence(client, floor):
    ana = floor[1][0]
    User.objects.filter(pk=ana.pk).update(signed_out_at=NOW)
    client.force_login(ana)
    with clock.freeze(NOW + HOUR):
        client.get(reverse("workorders:console"))
    ana.refresh_from_db()
    assert (ana.signed_out_at, ana.last_used_at) == (None, NOW + HOUR)


def test_orders_of_who_left_are_told_found_and_moved(client, floor, boss):
    team, (ana, ben) = floor
    orders = make_orders(3, team=team)
    numbers = [order.order_no for order in orders]
    reassign(order_nos=numbers[:2], agent=ana, actor=boss, now=NOW)
    assert board(client, boss).context["left_behind"] == []
    User.objects.filter(pk=ana.pk).update(is_active=False)  # as a restored database would: without its follow-up
    page = board(client, boss)
    assert page.context["left_behind"] == [(ana, 2)]
    assert f"{ana.display_name} (2)" in page.text
    assert ana.username not in presence(page)
    for query in (f"?agent={ana.username}", "?agent=left"):
        assert sorted(rows(board(client, boss, query))) == sorted(numbers[:2])
    form = {"action": "give", "confirmed": "1", "all": "1", "query": "agent=left", "agent": ben.username}
    with clock.freeze(NOW):
        client.post(reverse("workorders:bulk"), form)
    assert set(WorkOrder.objects.filter(assignee=ben).values_list("order_no", flat=True)) == set(numbers[:2])
    assert board(client, boss).context["left_behind"] == []


def test_who_closed_orders_and_left_stays_in_the_filter_of_agents(client, floor, boss):
    team, (ana, _ben) = floor
    (order,) = make_orders(1, team=team)
    call(order, ana, "retained", at=NOW)
    User.objects.filter(pk=ana.pk).update(is_active=False)
    ana.teams.clear()
    page = board(client, boss, f"?state=any&agent={ana.username}")
    assert rows(page) == [order.order_no]
    assert dict(page.context["form"].fields["agent"].choices)[ana.username] == f"{ana.display_name} (deactivated)"


def test_the_tile_counts_what_its_links_open(client, floor, boss):
    team, (ana, _ben) = floor
    orders = make_orders(2, team=team)
    reassign(order_nos=[order.order_no for order in orders], agent=ana, actor=boss, now=NOW)
    with clock.freeze(NOW):
        record_outcome(
            order_no=orders[0].order_no, agent=ana, disposition="callback", appointment_at=NOW + HOUR,
            version=None, now=NOW,
        )  # fmt: skip
    page = board(client, boss, at=NOW + 2 * HOUR)
    (tile,) = [tile for tile in page.context["tiles"] if tile.agent == ana]
    assert (tile.own_open, tile.late_appointments) == (2, 1)
    for query, count in ((f"?agent={ana.username}", 2), (f"?agent={ana.username}&due=late", 1)):
        assert query.replace("&", "&amp;") in page.text
        assert len(rows(board(client, boss, query, at=NOW + 2 * HOUR))) == count


@pytest.fixture
def day(floor):
    """A day of the first agent: no answer, refused, an appointment, retained; and a contact of the day before."""
    team, (ana, _ben) = floor
    orders = make_orders(5, team=team)
    call(orders[0], ana, "retained", at=NOW - DAY)
    call(orders[1], ana, "refused", at=NOW)
    call(orders[2], ana, "callback", at=NOW + 10 * MINUTE, appointment_at=NOW + DAY)
    call(orders[3], ana, "retained", at=NOW + 20 * MINUTE, minutes=7)
    call(orders[4], ana, "no_answer", at=NOW + 30 * MINUTE, minutes=1)
    return orders


def agent_day(client, boss, agent, query=""):
    client.force_login(boss)
    with clock.freeze(NOW + 2 * HOUR):
        return client.get(reverse("workorders:agent-day", args=[agent.username]) + query)


def test_each_figure_of_an_agents_day_opens_exactly_its_rows(client, floor, boss, day):
    ana = floor[1][0]
    page = agent_day(client, boss, ana)
    figures = {str(card["label"]): (card["value"], card["href"]) for card in page.context["cards"]}
    assert {label: value for label, (value, _href) in figures.items()} == {
        "Contacts": 4, "Reached": 3, "Retained or accepted": 1, "Refused": 1, "Appointments made": 1, "Closed": 2,
    }  # fmt: skip
    for label, (value, href) in figures.items():
        assert len(rows_of_day(agent_day(client, boss, ana, href))) == value, label
    for one, count in page.context["endings"]:
        assert len(rows_of_day(agent_day(client, boss, ana, f"{page.context['here']}&outcome={one.code}"))) == count
    yesterday = agent_day(client, boss, ana, page.context["before"])
    assert [row.record.order for row in rows_of_day(yesterday)] == [day[0]]
    assert page.context["after"] == ""


def rows_of_day(page) -> list:
    return list(page.context["table"].paginated_rows)


def test_a_row_of_the_day_has_its_times_and_leads_to_its_order(client, floor, boss, day):
    page = agent_day(client, boss, floor[1][0], "?counted=good")
    (row,) = rows_of_day(page)
    assert [row.get_cell(name) for name in ("began_at", "at", "seconds", "closed")] == [
        "10:20", "10:27", "7 min 0 s", "10:27"
    ]  # fmt: skip
    address = reverse("workorders:order", args=[day[3].order_no])
    assert row.get_cell("order") == f'<a class="rp-mono" href="{address}">{day[3].order_no}</a>'
    (row,) = rows_of_day(agent_day(client, boss, floor[1][0], "?counted=appointments"))
    assert row.get_cell("closed") == "–"


def test_the_day_of_somebody_elses_agent_is_not_there(client, boss, floor):
    _team, (stranger,) = make_floor()
    assert agent_day(client, boss, stranger).status_code == 404
    assert agent_day(client, make_user(role="administrator"), stranger).status_code == 200


def test_the_tile_says_how_many_of_the_orders_held_are_overdue(client, floor, boss):
    team, (ana, ben) = floor
    orders = make_orders(5, team=team)
    reassign(order_nos=[order.order_no for order in orders[:3]], agent=ana, actor=boss, now=NOW)
    reassign(order_nos=[order.order_no for order in orders[3:]], agent=ben, actor=boss, now=NOW)
    late = [orders[0], orders[1]]
    WorkOrder.objects.filter(pk__in=[order.pk for order in late]).update(due_at=NOW - MINUTE)
    page = board(client, boss)
    assert {tile.agent: tile.overdue for tile in page.context["tiles"]} == {ana: 2, ben: 0, boss: 0}
    query = f"?agent={ana.username}&due=overdue"
    assert query.replace("&", "&amp;") in page.text
    assert set(rows(board(client, boss, query))) == {order.order_no for order in late}
