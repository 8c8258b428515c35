"""The demo's enterprise customers are visited once a month; faults found there are repaired, or wait for it."""

import random
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from retention.core import clock
from retention.core.managed.services import create, switch
from retention.portal.services.demo_campaigns import person
from retention.portal.services.demo_sharing import give_out
from retention.portal.services.working_days import at_hour, work_orders
from workorders.inspections.models import InspectionPlan, InspectionVisit, all_firms
from workorders.inspections.queries import FAULT, INSPECTION, visit_days
from workorders.inspections.services import open_due, plan_visits
from workorders.orders.models import WorkOrder
from workorders.orders.states import State

CODE = "firms-monthly"
ORDERS_AN_AGENT = 4
# The coming weeks are laid out so often.
PLANNED_EVERY = timedelta(days=7)
# The fault desk comes to a fault after so long.
FAULTS_WAIT = timedelta(days=1)


def inspect_firms(*, first: date, last: date) -> int:
    """Lay out the visits of the coming weeks, visit the firms of each working day, and repair what was found before.
    Returns the orders worked. What is done already is not done again."""
    with clock.freeze(at_hour(first, 8)):
        plan = _plan()
    dice = random.Random(first.toordinal())
    done, planned_on = 0, first - PLANNED_EVERY
    for day in visit_days(plan, first=first, last=last):
        now = at_hour(day, 8)
        with clock.freeze(now):
            if day - planned_on >= PLANNED_EVERY:
                plan_visits(on=day)
                planned_on = day
            if InspectionVisit.objects.due(on=day).exists():
                open_due(now=now)
            shares = give_out(orders=_ready(now), most=ORDERS_AN_AGENT, now=now)
        if shares:
            done += work_orders(day=day, dice=dice, shares=shares)
    return done


def _plan() -> InspectionPlan:
    manager = person("manager")
    if not InspectionPlan.objects.filter(code=CODE).exists():
        values = {
            "name": "Enterprises and offices, monthly", "name_zh": "政企客户月度走访", "branch": None,
            "kinds": all_firms(), "tiers": [], "every_days": 30, "per_day": 8, "team": None,
        }  # fmt: skip
        create(model=InspectionPlan, actor=manager, code=CODE, values=values)
    switch(model=InspectionPlan, actor=manager, code=CODE, enabled=True)
    return InspectionPlan.objects.in_use().get(code=CODE)


def _ready(now: datetime) -> QuerySet[WorkOrder]:
    """Visits and faults in the queue that may be worked now."""
    kinds = Q(type__code=INSPECTION) | Q(type__code=FAULT, opened_at__lte=now - FAULTS_WAIT)
    free = Q(not_before=None) | Q(not_before__lte=now)
    return WorkOrder.objects.filter(kinds, free, state=State.QUEUED).order_by("due_at", "pk")
