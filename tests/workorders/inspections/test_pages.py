"""The pages: every figure leads to exactly its rows, in the person's branch; a visit is moved; plans are kept."""

import re
from datetime import timedelta

import pytest

from retention.core import clock
from tests.factories import NOW, TODAY, make_team, make_user
from tests.workorders.inspections.rows import make_firm, make_plan
from tests.workorders.orders.flows import fault
from workorders.inspections.models import InspectionPlan, InspectionVisit
from workorders.inspections.queries import service_by_month
from workorders.inspections.services import open_due, plan_visits
from workorders.order_types.models import Disposition
from workorders.order_types.services import install_order_types
from workorders.orders.models import WorkOrder
from workorders.orders.states import State

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def at_noon():
    install_order_types()
    with clock.freeze(NOW):
        yield


@pytest.fixture
def boss(branches):
    return make_user(role="manager", branch=branches.city)


@pytest.fixture
def firms(branches):
    make_plan(branch=branches.province, per_day=50)
    lines = [make_firm(branch=branches.outlet) for _firm in range(4)] + [make_firm(branch=branches.other)]
    plan_visits(on=TODAY)
    InspectionVisit.objects.update(planned_on=TODAY)
    open_due(now=NOW)
    return lines


def close(order, *, state, at=NOW):
    informed = Disposition.objects.get(code="informed") if state == State.DONE else None
    WorkOrder.objects.filter(pk=order.pk).update(state=state, closed_at=at, disposition=informed)


def rows_of(client, url):
    return [row for row in client.get(url).context["table"].data]


def test_figures_of_a_month_open_their_rows(client, boss, firms, branches):
    orders = {order.subscriber_id: order for order in WorkOrder.objects.all()}
    close(orders[firms[0].pk], state=State.DONE)
    close(orders[firms[1].pk], state=State.CANCELLED)
    team = make_team(branch=branches.province)
    for line, hours in ((firms[0], 2), (firms[1], 4), (firms[2], None), (firms[4], None)):
        order = fault(team, line)
        if hours:
            close(order, state=State.DONE, at=order.opened_at + hours * HOUR)
    month = service_by_month(boss, branch=None, today=TODAY)[0]
    assert (month.planned, month.done, month.dropped) == (4, 1, 1)
    assert (month.faults, month.repaired, month.lines, month.hours) == (3, 2, 4, 3.0)
    assert month.per_100_lines == 75.0

    client.force_login(boss)
    page = client.get("/inspections/service/")
    cells = re.findall(r'<a href="(/inspections/[^"]+)">(\d+)</a>', page.content.decode())
    assert [int(number) for _url, number in cells[:5]] == [4, 1, 1, 3, 2]
    for url, number in cells[:5]:
        assert len(rows_of(client, url.replace("&amp;", "&"))) == int(number)


def test_a_visit_is_moved_on_its_page_and_a_bad_day_is_said_beside_the_field(client, boss, branches):
    make_plan(branch=branches.city)
    make_firm(branch=branches.outlet)
    plan_visits(on=TODAY)
    visit = InspectionVisit.objects.get()
    url = f"/inspections/visits/{visit.pk}/move/"
    client.force_login(boss)
    assert url in client.get("/inspections/").content.decode()
    sent = {"seen": visit.planned_on.isoformat(), "day": TODAY.isoformat()}
    answer = client.post(url, sent)
    assert answer.status_code == 422 and "from tomorrow on" in answer.content.decode()
    monday = TODAY + timedelta(days=14 - TODAY.weekday())
    day = monday if visit.planned_on != monday else monday + timedelta(days=1)
    assert client.post(url, sent | {"day": day.isoformat()}).status_code == 302
    visit.refresh_from_db()
    assert (visit.planned_on, visit.by_hand) == (day, True)
    assert client.post(url, sent | {"day": day.isoformat()}).status_code == 409


def test_a_plan_is_made_and_lays_out_its_visits_at_once(client, boss, branches):
    make_firm(branch=branches.outlet)
    client.force_login(boss)
    values = {
        "code": "big", "name": "Big firms", "branch": branches.city.pk, "kinds": ["enterprise"], "every_days": "30",
        "per_day": "4",
    }  # fmt: skip
    assert client.post("/inspections/plans/new/", values | {"every_days": "3"}).status_code == 422
    assert client.post("/inspections/plans/new/", values).status_code == 302
    assert not InspectionVisit.objects.exists(), "it is off at first"
    assert client.post("/inspections/plans/big/switch/", {"to": "on"}).status_code == 302
    assert InspectionVisit.objects.get().plan == InspectionPlan.objects.get()
    page = client.get("/inspections/plans/big/").content.decode()
    assert "1 visit in the coming weeks" in page and "Enterprise" in page
    client.post("/inspections/plans/big/switch/", {"to": "off"})
    assert not InspectionVisit.objects.exists()
