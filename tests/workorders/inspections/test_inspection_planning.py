"""Which firms are planned for which day: interval, working days, places a day, the nearest plan."""

from collections import Counter
from datetime import timedelta

import pytest

from customers.facts.models import Customer, Subscriber
from retention.core.errors import Conflict, Invalid, NotFound, Refused
from tests.factories import NOW, TODAY, make_user
from tests.workorders.clocks.rows import make_calendar
from tests.workorders.inspections.rows import make_firm, make_plan
from workorders.inspections.models import InspectionVisit
from workorders.inspections.services import AHEAD, move_visit, open_due, plan_visits
from workorders.order_types.services import install_order_types
from workorders.orders.models import WorkOrder
from workorders.orders.states import State

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def types(db):
    install_order_types()


def days():
    return list(InspectionVisit.objects.order_by("planned_on", "pk").values_list("planned_on", flat=True))


def test_every_firm_is_planned_once_within_its_interval_on_working_days(branches):
    make_plan(branch=branches.city, every_days=30, per_day=5)
    firms = [make_firm(branch=branches.outlet) for _firm in range(20)]
    make_firm(branch=branches.outlet, kind=Customer.Kind.INDIVIDUAL)
    make_firm(branch=branches.other)
    gone = make_firm(branch=branches.outlet)
    Subscriber.objects.filter(pk=gone.pk).update(status=Subscriber.Status.TERMINATED, terminated_on=TODAY)
    assert plan_visits(on=TODAY) == 20
    assert plan_visits(on=TODAY) == 0, "may run twice"
    planned = InspectionVisit.objects.values_list("customer", flat=True)
    assert set(planned) == {firm.account.customer_id for firm in firms}
    assert all(TODAY < day <= TODAY + AHEAD and day.weekday() < 5 for day in days())
    assert InspectionVisit.objects.get(customer=firms[0].account.customer).due_on <= TODAY + 30 * DAY


def test_a_full_day_passes_its_firms_on_and_none_comes_before_it_is_due(branches):
    make_plan(branch=branches.city, every_days=7, per_day=2)
    for _firm in range(30):
        make_firm(branch=branches.outlet)
    plan_visits(on=TODAY)
    by_day = Counter(days())
    assert max(by_day.values()) == 2
    assert all(visit.planned_on >= visit.due_on for visit in InspectionVisit.objects.all())
    first, last = min(by_day), max(by_day)
    workdays = [first + number * DAY for number in range((last - first).days + 1)]
    # All are due within a week: no place stays free before the last one.
    full = [by_day[day] for day in workdays if day.weekday() < 5 and day >= TODAY + 8 * DAY and day < last]
    assert set(full) == {2}


def test_the_calendar_of_the_group_says_which_days_are_worked(branches, team):
    make_calendar(branch=branches.city, hours=[""] * 2 + ["09:00-12:00"] + [""] * 4, holidays="")
    make_plan(branch=branches.city, per_day=3, team=team)
    for _firm in range(5):
        make_firm(branch=branches.outlet)
    plan_visits(on=TODAY)
    assert {day.weekday() for day in days()} == {2}


def test_the_plan_of_the_nearest_branch_counts(branches):
    far, near = make_plan(branch=branches.province, code="far"), make_plan(branch=branches.district, code="near")
    often = make_plan(branch=branches.province, code="often", every_days=14, tiers=["gold"])
    lines = {
        near: make_firm(branch=branches.outlet, tier="gold"),
        often: make_firm(branch=branches.other, tier="gold"),
        far: make_firm(branch=branches.other),
    }
    plan_visits(on=TODAY)
    for plan, line in lines.items():
        assert InspectionVisit.objects.get(customer=line.account.customer).plan == plan


def test_the_order_opens_on_its_day_for_the_group_and_the_next_visit_follows_the_interval(branches, team):
    make_plan(branch=branches.city, every_days=30, team=team)
    firm = make_firm(branch=branches.outlet)
    plan_visits(on=TODAY)
    visit = InspectionVisit.objects.get()
    InspectionVisit.objects.update(planned_on=TODAY + DAY)
    assert open_due(now=NOW) == 0
    assert (open_due(now=NOW + DAY), open_due(now=NOW + DAY)) == (1, 0)
    visit.refresh_from_db()
    order = WorkOrder.objects.get()
    assert (visit.order, order.type.code, order.subscriber, order.team) == (order, "enterprise_inspection", firm, team)
    assert (order.origin_kind, order.origin_key) == ("inspection", "firms")
    assert plan_visits(on=TODAY + DAY) == 0, "its order is open"
    closed = {"state": State.CANCELLED, "closed_at": NOW + 3 * DAY}
    WorkOrder.objects.update(**closed)
    assert plan_visits(on=TODAY + 3 * DAY) == 1
    assert InspectionVisit.objects.latest("pk").due_on == TODAY + 33 * DAY


def test_a_plan_that_changes_or_goes_takes_its_planned_visits_along(branches):
    plan = make_plan(branch=branches.city)
    moved, other = (make_firm(branch=branches.outlet).account.customer for _firm in range(2))
    plan_visits(on=TODAY)
    InspectionVisit.objects.filter(customer=moved).update(by_hand=True, planned_on=TODAY + 9 * DAY)
    type(plan).objects.update(every_days=7)
    plan_visits(on=TODAY, anew=True)
    assert InspectionVisit.objects.get(customer=moved).planned_on == TODAY + 9 * DAY
    assert InspectionVisit.objects.get(customer=other).due_on <= TODAY + 8 * DAY
    type(plan).objects.update(enabled=False)
    plan_visits(on=TODAY, anew=True)
    assert not InspectionVisit.objects.exists()


def test_a_person_moves_a_visit_within_the_own_branch_to_a_working_day(branches):
    make_plan(branch=branches.city)
    make_firm(branch=branches.outlet)
    plan_visits(on=TODAY)
    visit = InspectionVisit.objects.get()
    mia = make_user(role="manager", branch=branches.city)
    asked = {"actor": mia, "visit": visit.pk, "seen": visit.planned_on, "today": TODAY}
    monday = TODAY + (7 - TODAY.weekday()) * DAY
    for wrong in (TODAY, monday - DAY):
        with pytest.raises(Invalid):
            move_visit(day=wrong, **asked)
    assert move_visit(day=monday, **asked).planned_on == monday
    with pytest.raises(Conflict, match=monday.isoformat()):
        move_visit(day=monday + DAY, **asked | {"seen": monday - DAY})
    with pytest.raises(NotFound):
        move_visit(day=monday, **asked | {"actor": make_user(role="manager", branch=branches.other)})
    with pytest.raises(Refused):
        move_visit(day=monday, **asked | {"actor": make_user(role="analyst", branch=branches.city)})
    open_due(now=NOW + (monday - TODAY))
    with pytest.raises(Conflict):
        move_visit(day=monday + DAY, **asked | {"seen": monday})
