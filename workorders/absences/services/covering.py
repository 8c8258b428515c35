"""Orders of absent agents go to the cover, and come back after; promises are handed over by a supervisor.

Only what nobody has begun moves. What the cover has touched stays with the cover; what it has not comes back, known by
the last line of its trail.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from retention.core.accounts.models import User
from retention.core.audit import services as audit
from retention.core.errors import Refused
from workorders.absences.queries import promises_of
from workorders.allocation.models import Absence
from workorders.orders.models import Transition
from workorders.orders.services.transitions import Pick, move, move_in_batches
from workorders.orders.stage_access import workable_by
from workorders.orders.states import SUPERVISE, WORK

_NOT_BEGUN = """
SELECT o.id, o.state AS before FROM {orders} o
WHERE o.assignee_id = %(agent)s AND o.lease_until IS NULL AND {legal} LIMIT %(batch)s FOR UPDATE SKIP LOCKED
"""
_UNTOUCHED = f"""
SELECT o.id, o.state AS before FROM {{orders}} o
JOIN {Transition._meta.db_table} x ON x.order_id = o.id AND x.version = o.version
WHERE (o.assignee_id = %(cover)s OR o.assignee_id IS NULL AND o.team_id = ANY(%(teams)s))
  AND o.lease_until IS NULL AND {{legal}} AND x.move IN ('cover', 'cover_group')
  AND x.detail ->> 'absence' = %(absence)s::text
LIMIT %(batch)s FOR UPDATE OF o SKIP LOCKED
"""
# Beyond so many the supervisor hands over what is left with a second press.
MAX_PROMISES = 500


def cover_absences(*, now: datetime) -> tuple[int, int]:
    """Move what lies with absent agents to their cover, and back what absences have lent; how many each.

    Called every minute; orders that an absent agent is given meanwhile go the same way. May run twice.
    """
    today = timezone.localdate(now)
    lasting = Absence.objects.filter(ended=False).select_related("agent", "cover")
    covered = sum(cover_orders(absence=one, now=now) for one in lasting.on(today))
    return covered, sum(bring_back(absence=one, now=now) for one in lasting.filter(last_day__lt=today))


def usable_cover(absence: Absence, *, now: datetime) -> User | None:
    """The cover, unless deactivated, without the right to work orders, or absent too today: then the group covers."""
    cover = absence.cover
    if cover is None or not cover.may(WORK):
        return None
    return None if Absence.objects.on(timezone.localdate(now)).filter(agent=cover).exists() else cover


def cover_orders(*, absence: Absence, now: datetime) -> int:
    """Give what the agent has and has not begun to the cover, or to the group's queue. The trail names the absence."""
    cover = usable_cover(absence, now=now)
    pick = Pick(_NOT_BEGUN, {"agent": absence.agent_id})
    detail: dict[str, object] = {"absence": absence.pk, "absent": absence.agent.display_name}
    if cover is None:
        moved = move_in_batches(name="cover_group", pick=pick, now=now, detail=detail)
    else:
        changes: dict[str, object] = {"assignee_id": cover.pk}
        detail["agent"] = cover.username
        moved = move_in_batches(name="cover", pick=pick, now=now, changes=changes, detail=detail)
    Absence.objects.filter(pk=absence.pk, began=False).update(began=True)
    return moved


def bring_back(*, absence: Absence, now: datetime) -> int:
    """Give the agent back what nobody has touched since it went to the cover. Nothing to who works no orders any more
    or is absent again."""
    moved = 0
    agent = absence.agent
    if absence.began and agent.may(WORK) and not _is_away(agent, absence, now):
        teams = list(agent.teams.values_list("pk", flat=True))
        given = {"cover": absence.cover_id, "teams": teams, "absence": absence.pk}
        changes: dict[str, object] = {"assignee_id": agent.pk}
        moved = move_in_batches(name="come_back", pick=Pick(_UNTOUCHED, given), now=now, changes=changes)
    Absence.objects.filter(pk=absence.pk).update(ended=True)
    return moved


def _is_away(agent: User, absence: Absence, now: datetime) -> bool:
    return Absence.objects.on(timezone.localdate(now)).filter(agent=agent).exclude(pk=absence.pk).exists()


@transaction.atomic
def hand_over_promises(*, absence: Absence, actor: User, now: datetime) -> int:
    """Give the appointments that fall into the absence to the cover, or to the group, at the head of its queue: no call
    before the promised time. How many; at most MAX_PROMISES.
    Those at a stage at which the cover may not work stay. Refused without the permission to supervise."""
    if not actor.may(SUPERVISE):
        raise Refused(_("Your role does not include this."))
    promised = promises_of(absence, now=now).visible_to(actor)
    cover = usable_cover(absence, now=now)
    if cover is not None:
        promised = workable_by(promised, cover)
    ids = list(promised.values_list("pk", flat=True)[:MAX_PROMISES])
    detail: dict[str, object] = {"absence": absence.pk, "absent": absence.agent.display_name}
    if cover is None:
        moved = move(name="route", pick=Pick.of(ids), actor=actor, now=now, changes={"priority": 1}, detail=detail)
    else:
        moved = move(
            name="assign", pick=Pick.of(ids), actor=actor, now=now, changes={"assignee_id": cover.pk},
            detail=detail | {"agent": cover.username},
        )  # fmt: skip
    audit.record(actor=actor, action="absence.change", target=f"user:{absence.agent.username}", promises=len(moved))
    return len(moved)
