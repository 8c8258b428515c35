"""Visits of the demo's firms were made on past days, and faults found there are repaired or wait."""

import random
from datetime import date, timedelta

import pytest

from retention.portal.services import demo_answers, demo_visits
from retention.portal.services.demo import VISITED_DAYS, WORKED_DAYS, visited_days, worked_nights
from retention.portal.services.demo_finished import LASTS, campaign_day
from retention.portal.services.demo_inspections import FAULTS_WAIT, inspect_firms
from retention.portal.services.working_days import at_hour, work_orders
from tests.factories import TODAY, make_team, make_user
from tests.workorders.inspections.rows import make_firm
from workorders.inspections.models import InspectionVisit, VisitState
from workorders.inspections.queries import FAULT, INSPECTION, service_by_month
from workorders.inspections.services import open_due
from workorders.order_types.services import install_order_types
from workorders.orders.models import Transition, WorkOrder
from workorders.orders.origins import OriginKind
from workorders.orders.states import State
from workorders.telephony.models import Call

pytestmark = pytest.mark.django_db
LAST = TODAY - timedelta(days=1)
FIRST = LAST - timedelta(days=29)
SOON = FIRST + timedelta(days=13)


@pytest.fixture
def firms(branches, settings):
    settings.TELEPHONE = "simulated"
    team = make_team(branch=branches.province)
    make_user(username="manager", role="manager", branch=branches.province)
    make_user(username="supervisor", role="supervisor", branch=branches.province, teams=(team,))
    for name in ("agent1", "agent2"):
        make_user(username=name, role="agent", branch=branches.province, teams=(team,))
    install_order_types()
    return [make_firm(branch=branches.outlet) for _firm in range(20)]


def faults():
    return WorkOrder.objects.filter(type__code=FAULT)


def test_visits_of_past_days_are_made_and_reported(firms, ada):
    assert inspect_firms(first=FIRST, last=LAST) > 0
    visits = InspectionVisit.objects.with_state()
    made = visits.filter(state=VisitState.DONE).select_related("order")
    assert made.count() > len(firms) / 2
    assert all(one.order.closed_at.date() >= one.planned_on for one in made)
    assert not visits.filter(state=VisitState.PLANNED, planned_on__lte=LAST).exists()
    assert visits.filter(state=VisitState.PLANNED, planned_on__gt=LAST).exists(), "the coming ones are laid out"
    for one in made:
        assert one.order.answers.keys() >= {"contact", "lines_checked", "fault_found", "demand"}
        moves = list(Transition.objects.filter(order=one.order).order_by("version").values_list("move", flat=True))
        assert moves[-3:] == ["start", "proceed", "complete"]
    assert not Call.objects.filter(order__type__code=INSPECTION).exists()
    assert sum(month.done for month in service_by_month(ada, branch=None, today=TODAY)) == made.count()


def test_faults_found_open_orders_that_are_repaired_later(firms, monkeypatch):
    monkeypatch.setitem(demo_answers.LIKELY, "fault_found", (1, 2))
    inspect_firms(first=FIRST, last=LAST)
    found = InspectionVisit.objects.filter(order__answers__fault_found="yes")
    opened = faults().filter(origin_kind=OriginKind.FOLLOW_UP)
    assert opened.count() == found.count() > 1
    assert set(opened.values_list("origin_key", flat=True)) == set(found.values_list("order__order_no", flat=True))
    repaired = opened.filter(state=State.DONE)
    assert repaired.exists()
    for order in repaired:
        assert order.answers["cause"] and order.answers["area"]
        assert order.closed_at - order.opened_at > FAULTS_WAIT - timedelta(days=1)
        assert Call.objects.filter(order=order, answered_at__isnull=False).exists()


def test_a_fault_may_wait_for_the_second_line_and_for_parts(firms, monkeypatch):
    monkeypatch.setattr(demo_visits, "PASSED_ON", 1)
    monkeypatch.setattr(demo_visits, "WITHOUT_PARTS", 1)
    monkeypatch.setitem(demo_answers.LIKELY, "fault_found", (0, 1))
    inspect_firms(first=FIRST, last=SOON)
    moves = list(Transition.objects.filter(order__in=faults(), move="defer").values_list("order", flat=True))
    assert len(moves) == len(set(moves)) > 0
    for order in faults().filter(pk__in=moves):
        assert Transition.objects.filter(order=order, move="pass_on").exists()


def test_what_is_done_is_not_done_again(firms):
    inspect_firms(first=FIRST, last=SOON)
    orders = WorkOrder.objects.filter(type__code=INSPECTION)
    before = orders.count()
    inspect_firms(first=FIRST, last=SOON)
    assert orders.count() == before == orders.values("customer").distinct().count() > 0


def test_a_visit_left_in_the_queue_is_made_by_whoever_works_it(firms):
    inspect_firms(first=FIRST, last=FIRST + timedelta(days=6))
    WorkOrder.objects.filter(type__code=INSPECTION).update(not_before=None)
    visit = InspectionVisit.objects.filter(order=None).order_by("planned_on").first()
    open_due(now=at_hour(visit.planned_on, 8))
    work_orders(day=visit.planned_on, dice=random.Random(1))
    visit.refresh_from_db()
    assert visit.order.state == State.DONE


@pytest.mark.parametrize("until", [date(2026, 11, 29), date(2026, 3, 1), date(2028, 2, 29), date(2026, 12, 31)])
def test_firms_are_visited_on_all_days_but_those_after_the_nights(until):
    backs = (*worked_nights(until), 0)
    days = [visited_days(until, back) for back in backs]
    assert days[-1][1] == until
    assert days[0][0] >= max(until - timedelta(days=VISITED_DAYS), campaign_day(until) + LASTS)
    for (_first, last), (following, _last) in zip(days, days[1:], strict=False):
        assert following == last + timedelta(days=WORKED_DAYS + 1)
    assert all(first <= last for first, last in days)
