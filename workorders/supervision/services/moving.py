"""Supervisors' actions on orders: assign to a person or a group, take back, defer, make urgent or less so, cancel."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from campaigns import outreach
from customers.page360.services import raise_reveal_limit
from retention.core.accounts.models import Branch, Team, User
from retention.core.accounts.roles import Role
from retention.core.audit import services as audit
from retention.core.errors import Invalid, NotFound, Refused
from workorders.orders.models import Transition, WorkOrder
from workorders.orders.queries import teams_under
from workorders.orders.services.steps import MAX_DEFERRED_DAYS
from workorders.orders.services.transitions import Pick, Sql, move
from workorders.orders.stage_access import workable_by
from workorders.orders.states import MOVES, OPEN, PRIORITIZED, SUPERVISE, WORK

MAX_ORDERS = 5000


@dataclass(frozen=True)
class BulkResult:
    """Result of a bulk action. `skipped`: orders not moved: closed, moved meanwhile, not visible, or at a stage whose
    permission is lacking."""

    moved: int
    skipped: list[str]


def agents_under(actor: User) -> "list[User]":
    """The people this person may give orders to."""
    people = User.objects.filter(is_active=True, role__in=[Role.AGENT, Role.SUPERVISOR]).prefetch_related("teams")
    match actor.role:
        case Role.ADMINISTRATOR:
            found = people
        case Role.MANAGER:
            found = people.filter(branch__in=Branch.objects.under(actor.branch).values("pk"))
        case _:
            found = people.filter(teams__in=actor.teams.values("pk")).distinct()
    return list(found.order_by("username"))


@transaction.atomic
def reassign(
    *, order_nos: Sequence[str], actor: User, now: datetime, agent: User | None = None, team: Team | None = None
) -> BulkResult:
    """Give orders to one agent, or to the queue of one group. NotFound for people and groups the actor does not run."""
    if (agent is None) == (team is None):
        raise Invalid(_("Choose an agent or a group."), code="target_required")
    if agent is not None:
        if agent not in agents_under(actor) or not agent.may(WORK):
            raise NotFound(_("There is no such agent in your groups."))
        detail: dict[str, object] = {"agent": agent.username}
        return _bulk("assign", order_nos, actor, now, changes=_to_agent(agent), detail=detail, agent=agent)
    if team not in teams_under(actor):
        raise NotFound(_("There is no such group among yours."))
    return _bulk("route", order_nos, actor, now, changes={"team_id": team.pk}, detail={"team": team.code})


@transaction.atomic
def take_back(*, order_nos: Sequence[str], actor: User, now: datetime) -> BulkResult:
    """Take orders from their agents, back to the queue of their group."""
    return _bulk("take_back", order_nos, actor, now)


@transaction.atomic
def cancel(*, order_nos: Sequence[str], actor: User, reason: str, now: datetime) -> BulkResult:
    """End orders without a contact; their customers' contact budget is given back. Invalid without a reason."""
    if not reason.strip():
        raise Invalid(_("Say why the orders are cancelled."), details=[{"field": "reason", "code": "required"}])
    done = _bulk("cancel", order_nos, actor, now, detail={"reason": reason.strip()[:200]})
    outreach.release_many(order_nos=[no for no in order_nos if no not in set(done.skipped)], now=now)
    return done


@transaction.atomic
def defer(*, order_nos: Sequence[str], actor: User, until: datetime, reason: str, now: datetime) -> BulkResult:
    """Put orders off until a time, back in the queue of their group; none that is on a desk. Invalid without a reason
    and for a time that is past or too far ahead; Refused for who does not work on orders."""
    if not reason.strip():
        raise Invalid(_("Say why."), details=[{"field": "reason", "code": "required"}])
    if not now < until <= now + timedelta(days=MAX_DEFERRED_DAYS):
        raise Invalid(_("The time lies in the past or too far ahead."), details=[{"field": "until", "code": "range"}])
    later = Sql("greatest(o.due_at, %(set_not_before)s::timestamptz + interval '1 hour')")
    changes: dict[str, object] = {"not_before": until, "due_at": later}
    detail: dict[str, object] = {"reason": reason.strip()[:200], "not_before": until.isoformat()}
    free = WorkOrder.objects.filter(lease_until=None)
    return _bulk("defer", order_nos, actor, now, changes=changes, detail=detail, among=free)


# Entries of the trail without a move; state, stage and clocks stay.
_PRIORITIZE = f"""
WITH chosen AS MATERIALIZED (
    SELECT o.id FROM {WorkOrder._meta.db_table} o
    WHERE o.id = ANY(%(ids)s) AND o.state = ANY(%(open)s) AND o.priority <> %(priority)s FOR UPDATE SKIP LOCKED
), told AS (
    UPDATE {WorkOrder._meta.db_table} o SET version = o.version + 1, priority = %(priority)s
    FROM chosen WHERE o.id = chosen.id RETURNING o.*
), trail AS (
    INSERT INTO {Transition._meta.db_table}
        (order_id, version, at, actor_id, actor_name, move, from_state, to_state, detail, stage)
    SELECT id, version, %(now)s, %(actor)s, %(name)s, '{PRIORITIZED}', state, state,
           jsonb_build_object('priority', %(priority)s::int), stage FROM told
)
SELECT order_no FROM told
"""


@transaction.atomic
def prioritize(*, order_nos: Sequence[str], actor: User, priority: int, now: datetime) -> BulkResult:
    """Give open orders a priority from 1, the most urgent, to 9. Invalid for others, Refused without the permission."""
    if not actor.may(SUPERVISE):
        raise Refused(_("You may not do this with a work order."), code="move_not_permitted")
    if not 1 <= priority <= 9:
        raise Invalid(_("Priorities go from 1 to 9."), details=[{"field": "priority", "code": "range"}])
    _require_few(order_nos)
    ids = list(WorkOrder.objects.visible_to(actor).filter(order_no__in=order_nos).values_list("pk", flat=True))
    given: dict[str, Any] = {"ids": ids, "open": list(OPEN), "priority": priority, "now": now}
    with connection.cursor() as cursor:
        cursor.execute(_PRIORITIZE, given | {"actor": actor.pk, "name": actor.username})
        done = {number for (number,) in cursor.fetchall()}
    counted: dict[str, Any] = {"move": PRIORITIZED, "priority": priority, "orders": len(done)}
    audit.record(actor=actor, action="order.move", target="workorders", **counted)
    return BulkResult(len(done), [number for number in order_nos if number not in done])


def raise_number_limit(*, agent: User | None, actor: User, now: datetime) -> None:
    """Let an agent see more customers' numbers today. NotFound for people the actor does not run, the actor too."""
    if agent is None or agent == actor or agent not in agents_under(actor):
        raise NotFound(_("There is no such agent in your groups."))
    raise_reveal_limit(user=agent, actor=actor, now=now)


def _to_agent(agent: User) -> dict[str, object]:
    """The order keeps its group when the agent is in it; else it moves to one of theirs, for its supervisor."""
    teams = sorted(team.pk for team in agent.teams.all())
    changes: dict[str, object] = {"assignee_id": agent.pk, "lease_until": None}
    if teams:
        listed = ", ".join(str(pk) for pk in teams)
        changes["team_id"] = Sql(f"CASE WHEN o.team_id IN ({listed}) THEN o.team_id ELSE {teams[0]} END")
    return changes


def _bulk(
    name: str,
    order_nos: Sequence[str],
    actor: User,
    now: datetime,
    *,
    changes: dict[str, object] | None = None,
    detail: dict[str, object] | None = None,
    agent: User | None = None,
    among: "QuerySet[WorkOrder] | None" = None,
) -> BulkResult:
    _require_few(order_nos)
    visible = WorkOrder.objects.visible_to(actor).filter(order_no__in=order_nos, state__in=MOVES[name].sources)
    if MOVES[name].permission == WORK:
        visible = workable_by(visible, actor)
    if agent is not None:
        # What the agent has already stays on the desk, and nobody is given what stands where they may not work.
        visible = workable_by(visible.exclude(assignee=agent), agent)
    if among is not None:
        visible = visible.filter(pk__in=among)
    ids = list(visible.values_list("pk", flat=True))
    moved = move(name=name, pick=Pick.of(ids), actor=actor, now=now, changes=changes, detail=detail)
    done = {order.order_no for order in moved}
    return BulkResult(len(done), [number for number in order_nos if number not in done])


def _require_few(order_nos: Sequence[str]) -> None:
    if len(order_nos) > MAX_ORDERS:
        raise Invalid(_("At most %(count)d orders at once.") % {"count": MAX_ORDERS}, code="too_many")
