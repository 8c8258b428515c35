"""What happened next to whom a scenario found: on its list of hits and in the exported file, in both languages."""

import csv
import io
from datetime import date

import pytest

from tests.factories import NOW
from tests.workorders.rows import make_hit, make_line, make_scenario, open_orders
from workorders.order_types.models import Disposition
from workorders.orders.models import WorkOrder
from workorders.orders.states import State

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]


@pytest.fixture
def hits(branches):
    """Of three customers: one whose order waits, one who was kept, one whose order ended and who left all the same."""
    scenario = make_scenario(code="S77")
    lines = [make_line(branch=branches.outlet) for _ in range(3)]
    found = [make_hit(scenario=scenario, subscriber=line, branch=line.branch) for line in lines]
    _waits, kept, refused = open_orders(*found)
    for order, result in ((kept, "retained"), (refused, "refused")):
        leaf = Disposition.objects.filter(result=result).first()
        WorkOrder.objects.filter(pk=order.pk).update(state=State.DONE, disposition=leaf, closed_at=NOW, assignee=None)
    gone = lines[2]
    gone.status, gone.terminated_on, gone.termination_reason = "terminated", date(2026, 11, 18), "port_out"
    gone.save()
    return dict(zip(("waits", "kept", "refused"), lines, strict=True))


def rows(client, language: str) -> dict[str, tuple[str, str]]:
    client.cookies["django_language"] = language
    response = client.get("/scenarios/S77/?export=csv")
    text = (b"".join(response.streaming_content) if response.streaming else response.content).decode()
    head, *found = csv.reader(io.StringIO(text.lstrip("\ufeff")))
    return {row[0]: (row[-2], row[-1]) for row in found} | {"head": (head[-2], head[-1])}


def test_a_hit_says_how_its_order_ended_and_whether_the_line_is_still_there(client, mia, hits):
    client.force_login(mia)
    found = rows(client, "en")
    kept = Disposition.objects.filter(result="retained").first()
    refused = Disposition.objects.filter(result="refused").first()
    assert found["head"] == ("Result of the order", "Since then")
    assert found[hits["waits"].subscriber_no] == ("Queued", "Still a customer")
    assert found[hits["kept"].subscriber_no] == (kept.name, "Still a customer")
    assert found[hits["refused"].subscriber_no] == (refused.name, "Port-out, 18 Nov 2026")


def test_the_same_in_chinese(client, mia, hits):
    client.force_login(mia)
    found = rows(client, "zh-hans")
    kept = Disposition.objects.filter(result="retained").first()
    assert found[hits["kept"].subscriber_no] == (kept.name_zh, "仍在网")
    assert kept.name_zh != kept.name


def test_the_list_leads_to_the_order_and_to_the_customer(client, mia, hits):
    client.force_login(mia)
    page = client.get("/scenarios/S77/").content.decode()
    order = WorkOrder.objects.get(subscriber=hits["kept"])
    assert f'href="/work/orders/{order.order_no}/"' in page
    assert f'href="/customers/{hits["kept"].subscriber_no}/"' in page
