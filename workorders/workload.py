"""What people have done: contacts and their ends, per person and day. Reads the trail, never a counter."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from retention.core.models import User
from workorders.models import Disposition, Transition, WorkOrder
from workorders.states import State

GOOD = (Disposition.Result.RETAINED, Disposition.Result.ACCEPTED)
COUNTS = {
    "contacts": Count("pk"),
    "reached": Count("pk", filter=Q(disposition__reached=True)),
    "good": Count("pk", filter=Q(disposition__result__in=GOOD)),
    "refused": Count("pk", filter=Q(disposition__result=Disposition.Result.REFUSED)),
    "appointments": Count("pk", filter=Q(move="schedule")),
    "closed": Count("pk", filter=Q(move="complete")),
}


@dataclass(frozen=True)
class Counts:
    """Contacts ended in a span of time. good: retained or offer accepted."""

    contacts: int = 0
    reached: int = 0
    good: int = 0
    refused: int = 0
    appointments: int = 0
    closed: int = 0

    @property
    def reach_rate(self) -> float | None:
        return self.reached / self.contacts if self.contacts else None

    @property
    def good_rate(self) -> float | None:
        return self.good / self.reached if self.reached else None


def span(first: date, last: date) -> tuple[datetime, datetime]:
    """The instants of two local days, both inclusive."""
    zone = timezone.get_current_timezone()
    return datetime.combine(first, time(), zone), datetime.combine(last + timedelta(days=1), time(), zone)


def of_people(people: Iterable[User], *, day: date) -> dict[int, Counts]:
    """{user id: counts of the day}; people who ended no contact are missing."""
    ended = _ended(day, day).filter(actor__in=[one.pk for one in people]).order_by()
    rows = ended.values("actor").annotate(**COUNTS).values_list("actor", *COUNTS)
    return {actor: Counts(*counts) for actor, *counts in rows}


def of_day(agent: User, *, day: date) -> Counts:
    return of_people([agent], day=day).get(agent.pk, Counts())


def by_day(agent: User, *, first: date, last: date) -> list[dict]:
    """One row a day on which the agent ended contacts, newest first: {"day", and the names of COUNTS}."""
    ended = _ended(first, last).filter(actor=agent).annotate(day=TruncDate("at"))
    return list(ended.values("day").annotate(**COUNTS).order_by("-day"))


def by_disposition(agent: User, *, first: date, last: date) -> list[tuple[Disposition, int]]:
    """How the agent's contacts ended, the most frequent first."""
    rows = _ended(first, last).filter(actor=agent).values("disposition").annotate(count=Count("pk")).order_by("-count")
    named = Disposition.objects.in_bulk([row["disposition"] for row in rows])
    return [(named[row["disposition"]], row["count"]) for row in rows]


def ended_on(agent: User, *, day: date) -> list[Transition]:
    """The contacts the agent ended on a day, newest first, with their order; nothing of the customer."""
    return list(
        _ended(day, day).filter(actor=agent).select_related("order__type", "disposition").order_by("-at", "-pk")
    )


def waiting_in_teams(agent: User, *, now: datetime) -> int:
    """Orders the agent's groups could take now."""
    ready = Q(not_before=None) | Q(not_before__lte=now)
    return WorkOrder.objects.filter(ready, team__in=agent.teams.values("pk"), state=State.QUEUED).count()


def _ended(first: date, last: date) -> "QuerySet[Transition]":
    since, until = span(first, last)
    return Transition.objects.filter(at__gte=since, at__lt=until, disposition__isnull=False)
