"""Tells people of clocks: the warning to the agent, the breach to the supervisors, and after a while to the managers.

Each of a clock once: the row notes it in the transaction that writes the notices, so that two workers, a second run and
a killed one tell nobody twice. People get one notice a run for all their orders, not one an order.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Count
from django.urls import reverse

from retention.core.accounts.models import Branch, Team, User
from retention.core.accounts.roles import Role
from retention.core.alerts.models import Alert
from retention.core.alerts.rules import Reading
from retention.core.alerts.services.judging import judge
from retention.core.notices.models import Urgency
from retention.core.notices.services.notifying import notify
from retention.core.notices.text import Message
from workorders.clocks.alerts import KIND, RULE
from workorders.clocks.models import OrderClock
from workorders.declarations import CLOCK_BREACHED, CLOCK_ESCALATED, CLOCK_WARNED
from workorders.orders.models import WorkOrder
from workorders.orders.states import OPEN

BATCH = 1000
NAMED_ORDERS = 3
_CLOCKS, _ORDERS = OrderClock._meta.db_table, WorkOrder._meta.db_table
# What is noted, and of which clocks that are open. A breach makes a warning needless, which is noted too.
_WARN = ("warned_at = %(now)s", "c.warned_at IS NULL AND c.warn_at <= %(now)s AND c.due_at >= %(now)s")
_BREACH = (
    "breached_at = %(now)s, warned_at = coalesce(c.warned_at, %(now)s)",
    "c.breached_at IS NULL AND c.due_at < %(now)s",
)
_ESCALATE = (
    "escalated_at = %(now)s",
    "c.escalated_at IS NULL AND c.escalate_at < %(now)s AND c.breached_at IS NOT NULL",
)
_NOTE = f"""
WITH pick AS MATERIALIZED (
    SELECT c.id FROM {_CLOCKS} c JOIN {_ORDERS} o ON o.id = c.order_id
    WHERE c.met_at IS NULL AND c.stopped_at IS NULL AND o.state = ANY(%(open)s) AND {{which}}
    ORDER BY c.due_at LIMIT {BATCH} FOR UPDATE OF c SKIP LOCKED
)
UPDATE {_CLOCKS} c SET {{noted}} FROM pick, {_ORDERS} o
WHERE c.id = pick.id AND o.id = c.order_id
RETURNING o.order_no, o.assignee_id, o.team_id, o.branch_id
"""


@dataclass(frozen=True)
class Told:
    """How many clocks people were told of by this run."""

    warned: int = 0
    breached: int = 0
    escalated: int = 0


@dataclass(frozen=True)
class _Late:
    order_no: str
    agent_id: int | None
    team_id: int | None
    branch_id: int


def tell(*, now: datetime) -> Told:
    """Tell of every clock that has come to warn, to be breached or to be escalated by `now`. Safe to run twice."""
    told = Told(
        _stage(_WARN, CLOCK_WARNED, Urgency.NORMAL, _agents_or_supervisors, now),
        _stage(_BREACH, CLOCK_BREACHED, Urgency.IMPORTANT, _supervisors, now),
        _stage(_ESCALATE, CLOCK_ESCALATED, Urgency.URGENT, _managers, now),
    )
    judge_groups(now=now)
    return told


def judge_groups(*, now: datetime) -> None:
    """Open, keep or close the alert of each group: how many of its open orders are over time since managers know."""
    late = OrderClock.objects.open().filter(
        escalated_at__isnull=False, order__state__in=OPEN, order__team__isnull=False
    )
    counts = dict(late.order_by().values_list("order__team__code").annotate(Count("order", distinct=True)))
    standing = Alert.objects.of_kinds([KIND]).open().values_list("subject", flat=True)
    codes = counts.keys() | set(standing)
    if codes:
        names = {team.code: team.name for team in Team.objects.filter(code__in=codes)}
        readings = [Reading(KIND, code, counts.get(code, 0), detail={"team": names.get(code, code)}) for code in codes]
        judge(readings=readings, rules={KIND: RULE}, as_of=now, now=now)


def _stage(
    stage: tuple[str, str],
    message: str,
    urgency: Urgency,
    people_of: Callable[[Sequence[_Late]], "_People"],
    now: datetime,
) -> int:
    noted, which = stage
    total = 0
    while True:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(_NOTE.format(noted=noted, which=which), {"now": now, "open": list(OPEN)})
                late = [_Late(*row) for row in cursor.fetchall()]
            for person, orders in people_of(late):
                _notify(person, orders, message, urgency, now)
        total += len(late)
        if len(late) < BATCH:
            return total


def _notify(person: User, orders: Sequence[_Late], message: str, urgency: Urgency, now: datetime) -> None:
    numbers = list(dict.fromkeys(one.order_no for one in orders))
    if len(numbers) == 1:
        where = reverse("workorders:order", args=numbers)
    elif person.may("work.supervise"):
        where = f"{reverse('workorders:supervise')}?clock={'warned' if message == CLOCK_WARNED else 'breached'}"
    else:
        where = reverse("workorders:console")
    params = {"orders": numbers[:NAMED_ORDERS], "count": len(numbers)}
    notify(people=[person], what=Message(message, params), where=where, urgency=urgency, now=now)


_People = Iterable[tuple[User, Sequence[_Late]]]


def _agents_or_supervisors(late: Sequence[_Late]) -> _People:
    """The agent who has the order; of an order in a queue the supervisors of the group."""
    held = [one for one in late if one.agent_id is not None]
    agents = {one.pk: one for one in User.objects.filter(pk__in={one.agent_id for one in held}, is_active=True)}
    found: dict[User, list[_Late]] = defaultdict(list)
    for one in held:
        if one.agent_id in agents:
            found[agents[one.agent_id]].append(one)
    yield from found.items()
    yield from _supervisors([one for one in late if one.agent_id not in agents])


def _supervisors(late: Sequence[_Late]) -> _People:
    """The supervisors of the group; where there is none, who is told next."""
    by_team: dict[int, list[User]] = defaultdict(list)
    members = User.objects.filter(role=Role.SUPERVISOR, is_active=True, teams__in={one.team_id for one in late})
    for person in members.distinct().prefetch_related("teams"):
        for team in person.teams.all():
            by_team[team.pk].append(person)
    found: dict[User, list[_Late]] = defaultdict(list)
    for one in late:
        for person in by_team.get(one.team_id or 0, ()):
            found[person].append(one)
    yield from found.items()
    yield from _managers([one for one in late if not by_team.get(one.team_id or 0)])


def _managers(late: Sequence[_Late]) -> _People:
    """The managers of the branch or of one above it; where there is none, the administrators."""
    if not late:
        return
    paths = _paths({one.branch_id for one in late})
    managers = list(User.objects.filter(role=Role.MANAGER, is_active=True).select_related("branch"))
    everywhere = list(User.objects.filter(role=Role.ADMINISTRATOR, is_active=True))
    found: dict[User, list[_Late]] = defaultdict(list)
    for one in late:
        over = [who for who in managers if who.branch and paths[one.branch_id].startswith(who.branch.path)]
        for person in over or everywhere:
            found[person].append(one)
    yield from found.items()


def _paths(branches: Iterable[int]) -> Mapping[int, str]:
    return dict(Branch.objects.filter(pk__in=branches).order_by().values_list("pk", "path"))
