"""What a call screen asks for once it can be used: figures, use and spend, contracts, complaints, history."""

import pytest
from django.urls import reverse

from customers.page360.queries.usage import months_back
from tests.factories import NOW, make_bill, make_ticket, make_usage_month, make_user
from tests.workorders.rows import HOUR, make_orders
from workorders.orders.services.claiming import claim_next
from workorders.orders.services.outcomes import record_outcome

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]
PARTS = ('id="trends"', 'id="contracts"', 'id="tickets"', 'id="history"', 'id="line"', "rp-strip")


def address(name: str, order) -> str:
    return reverse(f"workorders:{name}", args=[order.order_no])


def test_a_call_screen_leaves_it_for_later_and_a_page_to_read_has_it(client, floor, order):
    ana = floor[1][0]
    for back in (1, 2, 3):
        month = months_back(NOW.date(), back)
        make_usage_month(subscriber=order.subscriber, month=month), make_bill(subscriber=order.subscriber, month=month)
    client.force_login(ana)
    call, later = client.get(address("order", order)).text, client.get(address("background", order)).text
    assert f'<later-part data-url="{address("background", order)}">' in call
    for part in PARTS:
        assert (part in call, part in later) == (False, True), part
    record_outcome(
        order_no=order.order_no, agent=ana, disposition="callback", appointment_at=NOW + HOUR, version=None, now=NOW
    )
    shown = client.get(address("order", order)).text
    assert [part for part in PARTS if part not in shown] == []
    assert address("background", order) not in shown


def test_it_is_shown_to_whom_the_order_is_shown(client, floor, order):
    client.force_login(make_user(role="agent", branch=floor[0].branch, teams=(floor[0],)))
    assert client.get(address("background", order)).status_code == 404


def test_its_queries_do_not_grow_with_the_history(client, floor, django_assert_max_num_queries):
    team, (ana, _bob) = floor
    make_orders(1, team=team)
    order = claim_next(agent=ana, now=NOW)
    for _n in range(9):
        make_ticket(subscriber=order.subscriber)
    client.force_login(ana)
    with django_assert_max_num_queries(21):
        client.get(address("background", order))
