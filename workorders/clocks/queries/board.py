"""The board of clocks: open orders by type and state of their clocks, and what falls due against what is closed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from retention.core.accounts.models import Team
from workorders.clocks.calendars import Calendar
from workorders.clocks.models import OrderClock
from workorders.clocks.queries.calendars import CalendarBook, open_book
from workorders.clocks.queries.counting import OpenByClock
from workorders.clocks.worktime import add_minutes, minutes_between
from workorders.order_types.models import OrderType
from workorders.orders.models import WorkOrder
from workorders.orders.states import OPEN

IN_TIME, WARNED, BREACHED = "in_time", "warned", "breached"
# States of an order's clocks; the worst of them counts.
CLOCK_STATES: dict[str, object] = {
    IN_TIME: pgettext_lazy("clock", "In time"),
    WARNED: pgettext_lazy("clock", "Warned"),
    BREACHED: pgettext_lazy("clock", "Breached"),
}
AHEAD_HOURS = (1, 4, 8)
# The rate at which a group closes orders is that of so many days.
RATE_DAYS = timedelta(days=7)


def clock_filter(state: str, *, now: datetime) -> Q:
    """Open orders whose clocks are in this state at `now`."""
    running = OrderClock.objects.open().filter(order=OuterRef("pk"))
    breached, warned = Exists(running.filter(due_at__lt=now)), Exists(running.filter(warn_at__lte=now))
    is_open = Q(state__in=OPEN)
    match state:
        case "breached":
            return is_open & Q(breached)
        case "warned":
            return is_open & ~Q(breached) & Q(warned)
    return is_open & ~Q(breached) & ~Q(warned)


def due_filter(since: datetime, until: datetime) -> Q:
    """Open orders whose earliest open clock falls due from `since` on and before `until`."""
    return Q(state__in=OPEN, due_at__gte=since, due_at__lt=until)


@dataclass(frozen=True)
class TypeRow:
    """Open orders of one type. counts: {state of the clocks: how many}. oldest, soonest: of those that are open."""

    code: str
    title: str
    counts: Mapping[str, int]
    oldest: datetime | None
    soonest: datetime | None

    @property
    def all(self) -> int:
        return sum(self.counts.values())


def types_by_clock(counted: OpenByClock) -> list[TypeRow]:
    """Every type with open orders, the most breached first. One query, for the titles."""
    titles = {one.code: one.title for one in OrderType.objects.for_administration()}
    found = [
        TypeRow(
            code, titles.get(code, code), {name: getattr(one, name) for name in CLOCK_STATES}, one.oldest, one.soonest
        )
        for code, one in counted.by_type.items()
    ]
    return sorted(found, key=lambda one: (-one.counts[BREACHED], -one.counts[WARNED], -one.all, one.title))


@dataclass(frozen=True)
class Ahead:
    """What falls due in the next working hours. expected: breaches, if the group goes on closing at its rate."""

    hours: int
    until: datetime
    due: int
    expected: int


@dataclass(frozen=True)
class GroupForecast:
    """per_hour: orders closed a working hour over the last seven days; None while no hour was worked."""

    team: Team
    calendar: str
    breached: int
    per_hour: float | None
    ahead: Sequence[Ahead] = field(default_factory=list)


def forecasts(
    teams: Sequence[Team], orders: "QuerySet[WorkOrder]", counted: OpenByClock, *, now: datetime
) -> list[GroupForecast]:
    """One row a group that has open orders or has closed some; two queries for any number of groups.

    counted: the same orders by the state of their clocks.
    """
    if not teams:
        return []
    book = open_book()
    ends = {team.pk: _ends(book.of_team(team.pk), now) for team in teams}
    since = now - RATE_DAYS
    counts: dict[str, Any] = {}
    for place, _hours in enumerate(AHEAD_HOURS):
        wanted = Q()
        for team, moments in ends.items():
            wanted |= Q(team=team) & due_filter(now, moments[place])
        counts[f"ahead_{place}"] = Count("pk", filter=wanted)
    ours = orders.filter(team__in=list(ends))
    open_rows = ours.filter(state__in=OPEN).order_by().values("team").annotate(**counts)
    found = {row["team"]: row | {"breached": counted.breached(team=row["team"])} for row in open_rows}
    closed = dict(
        ours.filter(closed_at__gt=since, closed_at__lte=now)
        .order_by().values_list("team").annotate(Count("pk"))
    )  # fmt: skip
    shown = [team for team in teams if team.pk in found or team.pk in closed]
    return [_forecast(team, found.get(team.pk, {}), closed.get(team.pk, 0), ends[team.pk], book, now) for team in shown]


def _ends(calendar: Calendar, now: datetime) -> list[datetime]:
    return [add_minutes(calendar.keeper, now, hours * 60) for hours in AHEAD_HOURS]


def _forecast(
    team: Team, row: Mapping[str, Any], closed: int, ends: Sequence[datetime], book: CalendarBook, now: datetime
) -> GroupForecast:
    calendar = book.of_team(team.pk)
    worked = minutes_between(calendar.keeper, now - RATE_DAYS, now) / 60
    per_hour = closed / worked if worked else None
    ahead = []
    for place, hours in enumerate(AHEAD_HOURS):
        due = row.get(f"ahead_{place}", 0)
        ahead.append(Ahead(hours, ends[place], due, max(0, due - int((per_hour or 0) * hours))))
    return GroupForecast(team, calendar.key.split(":")[0], row.get("breached", 0), per_hour, ahead)


NO_CALENDAR = _("Every hour of every day")
