"""The floor as a supervisor sees it: orders by state and age, agents and what they are at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from retention.core.accounts.models import User
from workorders.orders import queries
from workorders.orders.models import Transition, WorkOrder
from workorders.orders.states import HELD, OPEN, State

DAY = timedelta(days=1)
NOBODY = "nobody"
# key -> label, younger than, at least as old as
AGES: dict[str, tuple[object, timedelta | None, timedelta]] = {
    "today": (_("Under a day"), DAY, timedelta()),
    "days": (_("1 to 3 days"), 3 * DAY, DAY),
    "week": (_("3 to 7 days"), 7 * DAY, 3 * DAY),
    "old": (_("Over 7 days"), None, 7 * DAY),
}


@dataclass(frozen=True)
class StateRow:
    """Open orders of one state. by_age: [(age key, count)] in the order of AGES."""

    state: State
    count: int
    overdue: int
    by_age: Sequence[tuple[str, int]]
    oldest: datetime | None


@dataclass(frozen=True)
class Tile:
    """One agent: the order on the desk and since when, waiting orders, work done today."""

    agent: User
    order: WorkOrder | None
    since: datetime | None
    own_open: int
    late_appointments: int
    today: queries.ContactCounts


def age_filter(key: str, *, now: datetime) -> Q:
    """Orders in the age range of `key`."""
    _label, younger, older = AGES[key]
    condition = Q(opened_at__lte=now - older)
    return condition & Q(opened_at__gt=now - younger) if younger else condition


def agent_filter(username: str) -> Q:
    """Orders that the agent has or has closed; for "nobody" those of neither kind."""
    if username == NOBODY:
        return Q(assignee=None, closed_by=None)
    return Q(assignee__username=username) | Q(closed_by__username=username)


# key -> label, and which orders
GAINS: dict[str, tuple[object, Q]] = {
    "pays": (_("A contact pays"), Q(expected_gain__gt=0)),
    "costs": (_("A contact does not pay"), Q(expected_gain__lte=0)),
    "unknown": (_("Not known"), Q(expected_gain=None)),
}


def open_orders_by_state(orders: "QuerySet[WorkOrder]", *, now: datetime) -> list[StateRow]:
    """Every open state with its counts, one query."""
    ages = {f"age_{key}": Count("pk", filter=age_filter(key, now=now)) for key in AGES}
    rows = orders.filter(state__in=OPEN).order_by().values("state").annotate(
        count=Count("pk"), overdue=Count("pk", filter=Q(due_at__lt=now)), oldest=Min("opened_at"), **ages
    )  # fmt: skip
    found = {row["state"]: row for row in rows}
    blank = dict.fromkeys(ages, 0) | {"count": 0, "overdue": 0, "oldest": None}
    return [_row(State(state), found.get(state, blank)) for state in OPEN]


def agent_tiles(agents: Sequence[User], *, now: datetime) -> list[Tile]:
    """The agents, those at work first and of these the longest at one order; four queries for any number."""
    desks = {
        order.assignee_id: order
        for order in WorkOrder.objects.on_desk().filter(assignee__in=agents).select_related("type")
    }
    since = dict(
        Transition.objects.filter(order__in=desks.values()).order_by().values_list("order").annotate(Max("at"))
    )
    held = _held(agents, now)
    today = queries.contact_counts_by_agent(agents, day=timezone.localtime(now).date())
    made = [
        Tile(
            agent=agent,
            order=(order := desks.get(agent.pk)),
            since=since.get(order.pk) if order else None,
            own_open=held.get(agent.pk, (0, 0))[0],
            late_appointments=held.get(agent.pk, (0, 0))[1],
            today=today.get(agent.pk, queries.ContactCounts()),
        )
        for agent in agents
    ]
    return sorted(made, key=lambda tile: (tile.order is None, tile.since or now, tile.agent.username))


def _held(agents: Sequence[User], now: datetime) -> dict[int, tuple[int, int]]:
    """{user id: (own open orders, appointments that are late)}."""
    orders = WorkOrder.objects.filter(assignee__in=agents, state__in=HELD).order_by().values("assignee")
    rows = orders.annotate(own=Count("pk"), late=Count("pk", filter=Q(appointment_at__lt=now)))
    return {row["assignee"]: (row["own"], row["late"]) for row in rows}


def _row(state: State, row: Mapping[str, Any]) -> StateRow:
    by_age = [(key, row[f"age_{key}"]) for key in AGES]
    return StateRow(state, row["count"], row["overdue"], by_age, row["oldest"])
