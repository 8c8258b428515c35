"""Absences with what they leave behind."""

from datetime import datetime

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, TruncDate

from customers.cohorts.models import CohortMember
from retention.core.accounts.models import User
from workorders.allocation.models import Absence
from workorders.orders.models import WorkOrder, WorkOrderQuerySet
from workorders.orders.queries import day_bounds
from workorders.orders.states import HELD, State


def promises_of(absence: Absence, *, now: datetime) -> WorkOrderQuerySet:
    """Appointments of the agent that fall into the absence, the next one first."""
    since, until = day_bounds(absence.first_day, absence.last_day)
    found = WorkOrder.objects.filter(assignee=absence.agent, state=State.WAITING)
    return found.filter(appointment_at__gte=since, appointment_at__lt=until).order_by("appointment_at")


def promises_in_absences(orders: WorkOrderQuerySet, *, now: datetime) -> int:
    """Of these orders: appointments that fall into an absence of their agent that is not over."""
    away = Absence.objects.filter(ended=False, agent=OuterRef("assignee"))
    same_day = away.filter(first_day__lte=OuterRef("on"), last_day__gte=OuterRef("on"))
    waiting = orders.filter(state=State.WAITING).annotate(on=TruncDate("appointment_at"))
    return waiting.filter(Exists(same_day)).count()


def absences_for_list(user: User) -> "QuerySet[Absence]":
    """Those that the person sees, with the number of open orders that the agent still has (`held`)."""
    held = WorkOrder.objects.filter(assignee=OuterRef("agent"), state__in=HELD).order_by().values("assignee")
    counted = Subquery(held.annotate(orders=Count("pk")).values("orders"))
    rows = Absence.objects.visible_to(user).select_related("agent", "cover")
    return rows.annotate(held=Coalesce(counted, 0))


def left_by(person: User) -> tuple[int, int, int]:
    """What would change hands if the person left: orders in hand, appointments among them, cohort members owned."""
    held = WorkOrder.objects.filter(assignee=person, state__in=HELD)
    waiting = held.filter(state=State.WAITING).count()
    return held.count(), waiting, CohortMember.objects.filter(owner=person).count()
