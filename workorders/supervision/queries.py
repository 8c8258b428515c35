"""The floor as a supervisor sees it: orders by state and age, agents and what they are at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from retention.core.accounts.models import User
from retention.core.accounts.roles import Role, may
from workorders.allocation.queries import targets_of
from workorders.allocation.text import TargetLine, target_lines
from workorders.orders import queries
from workorders.orders.models import Transition, WorkOrder
from workorders.orders.states import HELD, OPEN, WORK, State
from workorders.pauses.models import Pause, WrapUp
from workorders.pauses.queries import running_pauses, running_wrap_ups
from workorders.telephony.models import Call
from workorders.telephony.queries import open_calls

DAY = timedelta(days=1)
NOBODY, LEFT = "nobody", "left"
CAN_WORK = [role.value for role in Role if may(role, WORK)]
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
    """One agent: the order on the desk, held orders, work done today, the pause that runs, the call that is open.

    presence: "call", "order", "wrap_up", "free", "pause" or "signed_out"; since: from when, None where it is not known.
    """

    agent: User
    presence: str
    order: WorkOrder | None
    since: datetime | None
    own_open: int
    overdue: int
    late_appointments: int
    today: queries.ContactCounts
    pause: Pause | None = None
    is_over: bool = False  # the pause lasts longer than its reason allows
    call: Call | None = None
    skipped: int = 0  # orders put back today
    wrap_up: WrapUp | None = None
    targets: Mapping[str, TargetLine] = field(default_factory=dict)  # today's figures that have a target


def age_filter(key: str, *, now: datetime) -> Q:
    """Orders in the age range of `key`."""
    _label, younger, older = AGES[key]
    condition = Q(opened_at__lte=now - older)
    return condition & Q(opened_at__gt=now - younger) if younger else condition


def agent_filter(username: str) -> Q:
    """Orders that the agent has or has closed; for "nobody" those of neither kind, for "left" those that lie with
    people who work none any more.
    """
    if username == NOBODY:
        return Q(assignee=None, closed_by=None)
    if username == LEFT:
        return Q(assignee__isnull=False) & ~Q(assignee__is_active=True, assignee__role__in=CAN_WORK)
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


def agent_tiles(agents: Sequence[User], orders: "QuerySet[WorkOrder]", *, now: datetime) -> list[Tile]:
    """The agents: those at work first and of these the longest at one order, those signed out last; ten queries for
    any number. orders: those whose numbers the tiles show.
    """
    desks = {
        order.assignee_id: order
        for order in WorkOrder.objects.on_desk().filter(assignee__in=agents).select_related("type")
    }
    since = dict(
        Transition.objects.filter(order__in=desks.values()).order_by().values_list("order").annotate(Max("at"))
    )
    held = _held(orders.filter(assignee__in=agents), now)
    pauses, calls, wrap_ups = running_pauses(agents), open_calls(agents), running_wrap_ups(agents, now=now)
    day = timezone.localtime(now).date()
    today, skipped = queries.contact_counts_by_agent(agents, day=day), queries.skip_counts(agents, day=day)
    goals = targets_of(agents)
    made = []
    for agent in agents:
        order = desks.get(agent.pk)
        pause = None if order else pauses.get(agent.pk)
        wrap_up = None if order or pause else wrap_ups.get(agent.pk)
        presence, from_when = _presence(agent, order, pause, wrap_up, now)
        held_counts = held.get(agent.pk, (0, 0, 0))
        counts = today.get(agent.pk, queries.ContactCounts())
        made.append(
            Tile(
                agent,
                presence,
                order,
                since[order.pk] if order else from_when,
                *held_counts,
                counts,
                pause,
                bool(pause and pause.is_over(now=now)),
                calls.get(agent.pk),
                skipped.get(agent.pk, 0),
                wrap_up,
                target_lines(goals[agent.pk], vars(counts), address=partial(day_address, agent)),
            )
        )
    places = {"call": 0, "order": 0, "wrap_up": 1, "pause": 2, "free": 3, "signed_out": 4}
    return sorted(made, key=lambda tile: (places[tile.presence], tile.since or now, tile.agent.username))


def day_address(agent: User, counted: str, *, day: date | None = None) -> str:
    """The agent's contacts of a day that a figure counts, a name of CONTACT_FILTERS; without a day those of today."""
    given = ({"day": day.isoformat()} if day else {}) | ({"counted": counted} if counted != "contacts" else {})
    page = reverse("workorders:agent-day", args=[agent.username])
    return f"{page}?{urlencode(given)}" if given else page


def _presence(
    agent: User, order: WorkOrder | None, pause: Pause | None, wrap_up: WrapUp | None, now: datetime
) -> tuple[str, datetime | None]:
    if order is not None:
        return ("call" if order.state == State.IN_PROGRESS else "order"), None
    if pause is not None and agent.is_signed_in(now=now):
        return "pause", pause.began_at
    if wrap_up is not None and agent.is_signed_in(now=now):
        return "wrap_up", wrap_up.began_at
    return ("free", None) if agent.is_signed_in(now=now) else ("signed_out", agent.absent_since)


def former_agents(orders: "QuerySet[WorkOrder]", agents: Sequence[User]) -> "QuerySet[User]":
    """People who are not among `agents` and have or have closed one of the orders: deactivated, or elsewhere now."""
    has = Exists(orders.filter(assignee=OuterRef("pk"))) | Exists(orders.filter(closed_by=OuterRef("pk")))
    return User.objects.exclude(pk__in=[one.pk for one in agents]).filter(has).order_by("username")


def orders_left_behind(orders: "QuerySet[WorkOrder]") -> list[tuple[User, int]]:
    """Who no longer works orders and still has some, with their number; the most first."""
    rows = orders.filter(agent_filter(LEFT)).order_by().values_list("assignee").annotate(count=Count("pk"))
    counts = dict(rows)
    people = User.objects.filter(pk__in=counts)
    return sorted(((one, counts[one.pk]) for one in people), key=lambda row: (-row[1], row[0].username))


def _held(orders: "QuerySet[WorkOrder]", now: datetime) -> dict[int, tuple[int, int, int]]:
    """{user id: (own open orders, of these overdue, appointments that are late)}."""
    rows = orders.filter(state__in=HELD).order_by().values("assignee").annotate(
        own=Count("pk"),
        overdue=Count("pk", filter=Q(due_at__lt=now)),
        late=Count("pk", filter=Q(appointment_at__lt=now)),
    )  # fmt: skip
    return {row["assignee"]: (row["own"], row["overdue"], row["late"]) for row in rows}


def _row(state: State, row: Mapping[str, Any]) -> StateRow:
    by_age = [(key, row[f"age_{key}"]) for key in AGES]
    return StateRow(state, row["count"], row["overdue"], by_age, row["oldest"])
