"""An order number is a link wherever it stands, for who may open the order, and plain text for others."""

import pytest
from django.urls import reverse

from retention.core import clock
from retention.core.ui.references import REFERENCES, references, sentence
from tests.campaigns.offers.rows import make_decision
from tests.factories import NOW, make_user
from tests.workorders.rows import make_floor, make_orders
from workorders.orders.models import WorkOrder
from workorders.orders.services.claiming import claim_next
from workorders.orders.services.outcomes import record_outcome
from workorders.supervision.services import cancel

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]


def link(order: WorkOrder) -> str:
    address = reverse("workorders:order", args=[order.order_no])
    return f'<a class="rp-mono" href="{address}">{order.order_no}</a>'


@pytest.fixture
def ada(client):
    ada = make_user(role="administrator")
    client.force_login(ada)
    return ada


def test_numbers_are_links_for_who_may_see_the_order_alone(floor, boss, django_assert_num_queries):
    team, (ana, ben) = floor
    first, second = make_orders(2, team=team)
    claim_next(agent=ana, now=NOW)
    numbers = [first.order_no, second.order_no, "W000"]
    with django_assert_num_queries(1):
        assert (
            references("workorder", boss, numbers)
            == f'{link(first)}, {link(second)}, <span class="rp-mono">W000</span>'
        )
    assert link(first) in references("workorder", ana, numbers)
    assert "href" not in references("workorder", ben, numbers)


def test_a_sentence_keeps_links_and_escapes_all_else(boss):
    said = sentence(
        "%(count)d <of> %(which)s by %(who)s", count=2, which=references("unknown", boss, ["W1"]), who="<b>"
    )
    assert said == '2 &lt;of&gt; <span class="rp-mono">W1</span> by &lt;b&gt;'
    assert "workorder" in REFERENCES


def test_the_message_after_saving_leads_to_an_order_that_stays_with_its_agent(client, floor):
    team, (ana, _ben) = floor
    order, second = make_orders(2, team=team)
    client.force_login(ana)
    for one, disposition, linked in ((order, "callback", True), (second, "no_answer", False)):
        claim_next(agent=ana, now=NOW)
        given = {"disposition": disposition, "then": "stop", "appointment_at": "2026-11-20T15:00"}
        page = client.post(reverse("workorders:outcome", args=[one.order_no]), given, follow=True)
        (message,) = page.context["messages"]
        assert one.order_no in str(message)
        assert (link(one) in str(message)) == linked
    assert link(order) in page.text  # the list of appointments


def test_lists_of_hits_and_decisions_the_line_and_the_trail_lead_to_the_order(client, floor, ada):
    team, (ana, _ben) = floor
    (order,) = make_orders(1, team=team)
    decision = make_decision(line=order.subscriber, order_no=order.order_no, agent=ana)
    claim_next(agent=ana, now=NOW)
    record_outcome(order_no=order.order_no, agent=ana, disposition="retained", version=None, now=NOW)
    pages = {
        "hits": reverse("campaigns:scenario", args=[order.source]),
        "decisions": reverse("offers:offer", args=[decision.offer.code]),
        "the line": reverse("customers:detail", args=[order.subscriber.subscriber_no]),
    }
    for name, address in pages.items():
        assert link(order) in client.get(address).text, name
    trail = client.get(f"/admin/core/auditentry/?q={order.order_no}").text
    assert f'<a href="{reverse("workorders:order", args=[order.order_no])}">workorder:{order.order_no}</a>' in trail


def test_the_page_of_somebody_elses_change_leads_to_the_order_only_while_one_may_see_it(client, floor, boss):
    team, (ana, _ben) = floor
    make_orders(1, team=team)
    order = claim_next(agent=ana, now=NOW)
    cancel(order_nos=[order.order_no], actor=boss, reason="Called us", now=NOW)
    client.force_login(ana)
    page = client.post(reverse("workorders:outcome", args=[order.order_no]), {"disposition": "retained", "version": 1})
    assert page.status_code == 409
    assert f'<span class="rp-mono">{order.order_no}</span>' in page.text


def test_a_list_reads_the_addresses_of_its_page_in_one_query(client, ada, django_assert_max_num_queries):
    team, _agents = make_floor()
    make_orders(3, team=team)
    source = WorkOrder.objects.first().source
    address = reverse("campaigns:scenario", args=[source])
    client.get(address)
    with django_assert_max_num_queries(60) as few:
        client.get(address)
    make_orders(20, team=team)
    with clock.freeze(NOW), django_assert_max_num_queries(len(few)):
        client.get(address)
