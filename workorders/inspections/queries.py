"""Which firms a plan visits when, and what service firms get: visits, faults and the time to repair, month by month."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Avg, Count, F, Q, QuerySet
from django.db.models.functions import TruncMonth

from customers.facts.models import Subscriber
from retention.core import clock
from retention.core.accounts.models import Branch, User
from workorders.clocks.calendars import ALWAYS
from workorders.clocks.queries.calendars import open_book
from workorders.clocks.worktime import minutes_between
from workorders.inspections.models import (
    FIRMS,
    InspectionPlan,
    InspectionVisit,
    InspectionVisitQuerySet,
    VisitState,
)
from workorders.orders.models import WorkOrder
from workorders.orders.states import State

INSPECTION, FAULT = "enterprise_inspection", "fault_escalation"
WEEKEND = 5
MONTHS = 6
DAY = timedelta(days=1)


def visit_days(plan: InspectionPlan, *, first: date, last: date) -> list[date]:
    """Days with working time, by the calendar of the plan's group or branch; without a calendar Monday to Friday."""
    book = open_book()
    calendar = book.of_team(plan.team_id) if plan.team_id else book.of_path(plan.branch.path if plan.branch else "")
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    if calendar is ALWAYS:
        return [day for day in days if day.weekday() < WEEKEND]
    return [day for day in days if minutes_between(calendar.keeper, clock.midnight(day), clock.midnight(day + DAY)) > 0]


def months_back(today: date) -> list[date]:
    """The first days of this month and of those before it, the newest first."""
    found = [today.replace(day=1)]
    while len(found) < MONTHS:
        found.append((found[-1] - DAY).replace(day=1))
    return found


@dataclass(frozen=True)
class MonthOfService:
    """One month. planned: visits whose day was in it; done, dropped: of these. faults: orders opened in it; repaired:
    of these; lines: of firms, alive at its end; hours: mean time from opening to repair, None without a repair."""

    month: date
    planned: int
    done: int
    dropped: int
    faults: int
    repaired: int
    lines: int
    hours: float | None

    @property
    def last(self) -> date:
        return (self.month + timedelta(days=31)).replace(day=1) - DAY

    @property
    def done_share(self) -> float | None:
        return self.done / self.planned if self.planned else None

    @property
    def per_100_lines(self) -> float | None:
        return 100 * self.faults / self.lines if self.lines else None


def service_by_month(user: User, *, branch: Branch | None, today: date) -> list[MonthOfService]:
    """The newest months of the firms that the person may see, in `branch` and below; two statements and one a month."""
    months = months_back(today)
    visits = {row.pop("month"): row for row in _visits_by_month(visits_of(user, branch), since=months[-1])}
    faults = {row.pop("month").date(): row for row in _faults_by_month(faults_of(user, branch), since=months[-1])}
    nothing = {"planned": 0, "done": 0, "dropped": 0, "faults": 0, "repaired": 0, "hours": None}
    found = []
    for month in months:
        last = min((month + timedelta(days=31)).replace(day=1) - DAY, today)
        values: dict[str, Any] = nothing | visits.get(month, {}) | faults.get(month, {})
        hours = values.pop("hours")
        found.append(
            MonthOfService(
                month, lines=lines_of_firms(user, branch, on=last), **values,
                hours=None if hours is None else hours.total_seconds() / 3600,
            )
        )  # fmt: skip
    return found


def visits_of(user: User, branch: Branch | None) -> InspectionVisitQuerySet:
    visits = InspectionVisit.objects.visible_to(user)
    return visits.filter(customer__branch__in=Branch.objects.under(branch).values("pk")) if branch else visits


def faults_of(user: User, branch: Branch | None) -> QuerySet[WorkOrder]:
    """Fault orders of firms in the person's branch and below, whoever works them."""
    places = Branch.objects.visible_to(user)
    if branch:
        places = places & Branch.objects.under(branch)
    return WorkOrder.objects.filter(type__code=FAULT, customer__kind__in=FIRMS, branch__in=places.values("pk"))


def lines_of_firms(user: User, branch: Branch | None, *, on: date) -> int:
    """Lines of firms that were alive at the end of the day."""
    places = Branch.objects.visible_to(user)
    if branch:
        places = places & Branch.objects.under(branch)
    alive = Q(activated_on__lte=on) & (Q(terminated_on=None) | Q(terminated_on__gt=on))
    return Subscriber.objects.filter(alive, account__customer__kind__in=FIRMS, branch__in=places.values("pk")).count()


def _visits_by_month(visits: InspectionVisitQuerySet, *, since: date) -> Any:
    return (
        visits.filter(planned_on__gte=since)
        .with_state()
        .annotate(month=TruncMonth("planned_on"))
        .values("month")
        .annotate(
            planned=Count("pk"),
            done=Count("pk", filter=Q(state=VisitState.DONE)),
            dropped=Count("pk", filter=Q(state=VisitState.DROPPED)),
        )
        .order_by("month")
    )


def _faults_by_month(faults: QuerySet[WorkOrder], *, since: date) -> Any:
    repaired = Q(state=State.DONE)
    return (
        faults.filter(opened_at__gte=clock.midnight(since))
        .annotate(month=TruncMonth("opened_at"))
        .values("month")
        .annotate(
            faults=Count("pk"),
            repaired=Count("pk", filter=repaired),
            hours=Avg(F("closed_at") - F("opened_at"), filter=repaired),
        )
        .order_by("month")
    )
