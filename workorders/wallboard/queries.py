"""The figures of the wall: counts of groups and types. No customer, and no agent unless the installation shows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count
from django.utils import timezone

from retention.core.accounts.models import User
from workorders.clocks.queries.board import GroupForecast, forecasts
from workorders.clocks.queries.counting import OpenByClock, count_by_clock
from workorders.order_types.models import OrderType
from workorders.orders.models import WorkOrder
from workorders.orders.queries import teams_under
from workorders.orders.states import OPEN
from workorders.performance.queries import AGENT, TEAM, contacts_for, rows_by, totals
from workorders.supervision.periods import WHOLE, Period
from workorders.supervision.queries import AGES, age_filter, agent_tiles
from workorders.supervision.services import agents_under

PRESENCES = ("call", "order", "wrap_up", "free", "pause", "signed_out")
BEST = 5


@dataclass(frozen=True)
class Queue:
    """Open orders of one type. by_age: in the order of supervision.queries.AGES."""

    title: str
    count: int
    breached: int
    by_age: Sequence[int]


@dataclass(frozen=True)
class Place:
    """One of the best of the week."""

    title: str
    kept: int
    reached: int

    @property
    def rate(self) -> float:
        return self.kept / self.reached if self.reached else 0


@dataclass(frozen=True)
class Wall:
    """today: figures of performance.queries. service_level: share of the orders closed today that were in time, None
    for none. presences: {state: agents}."""

    queues: Sequence[Queue]
    forecasts: Sequence[GroupForecast]
    presences: Mapping[str, int]
    today: Mapping[str, Any]
    service_level: float | None
    groups: Sequence[Place]
    people: Sequence[Place]


def wall_for(user: User, *, now: datetime) -> Wall:
    """A fixed number of queries for any number of orders and agents."""
    today = timezone.localtime(now).date()
    orders = WorkOrder.objects.visible_to(user)
    teams, people = teams_under(user), agents_under(user)
    counted = count_by_clock(orders, now=now)
    figures = totals(rows_by(contacts_for(user, Period(today, today), {}), by=TEAM, span=WHOLE).values())
    closed = figures["closed"]
    week = contacts_for(user, Period(today - timedelta(days=today.weekday()), today), {})
    names = {one.code: one.title for one in teams}
    agents = {one.username: one.display_name for one in people}
    return Wall(
        queues=_queues(orders, counted, now),
        forecasts=forecasts(teams, orders, counted, now=now),
        presences=_presences(people, orders, now),
        today=figures,
        service_level=(closed - figures["closed_late"]) / closed if closed else None,
        groups=_best(week, TEAM, names),
        people=_best(week, AGENT, agents) if settings.WALL_AGENT_NAMES else [],
    )


def _queues(orders: Any, counted: OpenByClock, now: datetime) -> list[Queue]:
    """By type, the most breached first; one query and the titles."""
    ages = {f"age_{key}": Count("pk", filter=age_filter(key, now=now)) for key in AGES}
    rows = orders.filter(state__in=OPEN).order_by().values("type__code").annotate(
        count=Count("pk"), **ages
    )  # fmt: skip
    titles = {one.code: one.title for one in OrderType.objects.for_administration()}
    found = [
        Queue(
            titles.get(row["type__code"], row["type__code"]),
            row["count"],
            counted.breached(type_code=row["type__code"]),
            [row[f"age_{key}"] for key in AGES],
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: (-one.breached, -one.count, one.title))


def _presences(people: Sequence[User], orders: Any, now: datetime) -> dict[str, int]:
    tiles = [tile.presence for tile in agent_tiles(people, orders, now=now)]
    return {name: tiles.count(name) for name in PRESENCES}


def _best(contacts: Any, by: str, names: Mapping[str, str]) -> list[Place]:
    """Who has retained the most this week; of equals, who has done so with fewer customers reached."""
    rows = rows_by(contacts, by=by, span=WHOLE)
    found = [Place(names[who], row["kept"], row["reached"]) for (who, _when), row in rows.items() if who in names]
    return sorted((one for one in found if one.kept), key=lambda one: (-one.kept, one.reached, one.title))[:BEST]
