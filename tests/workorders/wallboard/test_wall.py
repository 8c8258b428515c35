"""The wall shows how the floor stands, and nobody's name or number."""

import pytest
from django.urls import reverse

from retention.core import clock
from tests.factories import NOW, make_user
from tests.workorders.quality.rows import call
from tests.workorders.rows import DAY, HOUR, MINUTE, make_floor, make_orders
from workorders.clocks.models import OrderClock
from workorders.orders.models import WorkOrder
from workorders.pauses.services import begin_pause, install_pause_codes

pytestmark = pytest.mark.django_db
WALL = reverse("wallboard:wall")


@pytest.fixture
def work(floor):
    """Today two are retained, one of them over time, one refuses; three wait, one of them for four days."""
    team, (ana, ben) = floor
    orders = make_orders(6, team=team)
    for place, (agent, disposition) in enumerate([(ana, "retained"), (ben, "retained"), (ana, "refused")]):
        call(orders[place], agent, at=NOW + place * 5 * MINUTE, disposition=disposition)
    OrderClock.objects.filter(order=orders[1], kind="close").update(warn_at=None, due_at=NOW)
    WorkOrder.objects.filter(pk=orders[5].pk).update(opened_at=NOW - 4 * DAY)
    OrderClock.objects.filter(order=orders[5], kind="close").update(warn_at=None, due_at=NOW - HOUR)
    return orders


def shown(client, person, **headers):
    client.force_login(person)
    with clock.freeze(NOW + HOUR):
        return client.get(WALL, headers=headers)


def test_the_figures_of_the_day(client, floor, boss, work):
    install_pause_codes()
    client.force_login(floor[1][0])
    with clock.freeze(NOW + HOUR):
        client.get(reverse("workorders:console"))
    begin_pause(agent=floor[1][0], code="lunch", now=NOW + HOUR)
    page = shown(client, boss)
    wall = page.context["wall"]
    assert (wall.today["contacts"], wall.today["kept"], wall.today["closed"]) == (3, 2, 3)
    assert wall.service_level == pytest.approx(2 / 3)
    (queue,) = wall.queues
    assert (queue.count, queue.breached, queue.by_age) == (3, 1, [2, 0, 1, 0])
    assert wall.presences == {"call": 0, "order": 0, "wrap_up": 0, "free": 1, "pause": 1, "signed_out": 1}
    (best,) = wall.groups
    assert (best.title, best.kept, best.rate) == (floor[0].title, 2, pytest.approx(2 / 3))
    (forecast,) = wall.forecasts
    assert forecast.breached == 1
    assert 'data-bs-theme="dark"' in page.text


def test_no_name_and_no_number_stands_there(client, floor, boss, work, settings):
    page = shown(client, boss).text
    for order in work:
        for words in (order.customer.name, order.order_no, order.subscriber.phone_number):
            assert words not in page
    assert boss.display_name not in page.partition("<main")[2].partition("</main")[0]
    assert all(agent.display_name not in page for agent in floor[1])
    settings.WALL_AGENT_NAMES = True
    assert all(agent.display_name in shown(client, boss).text for agent in floor[1])


def test_its_refreshing_is_given_the_figures_alone(client, boss, work):
    part = shown(client, boss, **{"HX-Request": "true"}).text
    assert "<html" not in part
    assert 'hx-trigger="every 15s"' in part


def test_other_groups_count_for_their_own_wall(client, work):
    team, _agents = make_floor()
    wall = shown(client, make_user(role="supervisor", branch=team.branch, teams=(team,))).context["wall"]
    assert (wall.queues, wall.groups, wall.service_level, wall.today["contacts"]) == ([], [], None, 0)


def test_the_number_of_queries_does_not_grow(client, floor, boss, work, django_assert_max_num_queries):
    with django_assert_max_num_queries(41):
        shown(client, boss)
