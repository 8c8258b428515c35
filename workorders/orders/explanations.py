"""Why an agent got this order, and why the next one does not come."""

from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _

from retention.core.accounts.models import User
from retention.core.ui import formats
from workorders.allocation.queries import absence_of, daily_cap_of
from workorders.allocation.text import RuleText
from workorders.orders.models import Transition, WorkOrder
from workorders.orders.next_orders import TAKEN_TODAY, day_of
from workorders.orders.stage_access import workable_by
from workorders.orders.states import State


def why_this_order(order: WorkOrder) -> list[str]:
    """The promise, the assignment or the queue that brought it, then its rule, its limit and its gain, in sentences.

    Nothing for an order that nobody has taken yet.
    """
    lines = list(Transition.objects.filter(order=order).order_by("version"))
    claims = [place for place, line in enumerate(lines) if line.move == "claim"]
    return _why(order, lines[: claims[-1]], lines[claims[-1]].from_state) if claims else []


def why_next(order: WorkOrder) -> list[str]:
    """The same of an order that nobody has taken yet, for whom "next" would give it."""
    return _why(order, list(Transition.objects.filter(order=order).order_by("version")), order.state)


def _why(order: WorkOrder, before: list[Transition], state: str) -> list[str]:
    found = [_brought(order, before, state)]
    if order.rule is not None:
        found.append(_("Rule %(name)s: %(what)s.") % {
            "name": order.rule.title, "what": RuleText().consequences(order.rule)
        })  # fmt: skip
    due = {"priority": order.priority, "due": formats.moment(order.due_at)}
    found.append(_("Priority %(priority)s, due %(due)s: among equals the earlier limit goes first.") % due)
    if order.expected_gain is not None:
        gain = formats.money(order.expected_gain)
        found.append(
            _("A contact is expected to bring %(gain)s; the higher gain goes first after that.") % {"gain": gain}
        )
    return found


def _brought(order: WorkOrder, before: list[Transition], state: str) -> str:
    """before: the trail until the order was taken in this state."""
    match state:
        case State.WAITING:
            promise = next(
                (one.detail.get("appointment_at") for one in reversed(before) if one.move == "schedule"), None
            )
            when = formats.moment(datetime.fromisoformat(promise)) if promise else formats.DASH
            return _("The customer was promised a call at %(when)s.") % {"when": when}
        case State.ASSIGNED:
            return _given(next((one for one in reversed(before) if one.to_state == State.ASSIGNED), None))
    if any(one.move == "widen" for one in before):
        return _("First in the queue of %(group)s; nobody whom it was reserved for took it in time.") % _group(order)
    return _("First of all that you may take in the queue of %(group)s.") % _group(order)


def _given(line: Transition | None) -> str:
    if line is not None and line.move == "cover":
        return _("You cover for %(name)s.") % {"name": line.detail.get("absent", formats.DASH)}
    if line is not None and line.move == "assign":
        return _("%(name)s gave it to you.") % {"name": line.actor_name}
    return _("It was yours already.")


def _group(order: WorkOrder) -> dict[str, str]:
    return {"group": order.team.title if order.team else formats.DASH}


def format_quiet_hours(resume: datetime) -> str:
    return _("Quiet hours: calls are allowed again from %(when)s.") % {"when": formats.moment(resume)}


def taken_today(agent: User, *, now: datetime) -> int:
    """Orders that the agent has taken from a queue on the operator's day."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {TAKEN_TODAY}", {"agent": agent.pk} | day_of(now))
        return int(cursor.fetchone()[0])


def why_nothing(agent: User, *, now: datetime) -> str:
    """Why "next" gave no order: an absence, the cap of the day, no group, orders reserved for others or for later."""
    absence = absence_of(agent, day=day_of(now)["today"])
    if absence is not None:
        until = formats.moment(absence.last_day)
        return _("You are recorded as absent until %(until)s. Your supervisor can end the absence.") % {"until": until}
    cap = daily_cap_of(agent)
    if cap is not None and (taken := taken_today(agent, now=now)) >= cap:
        return _("You have taken %(taken)s of at most %(cap)s orders today.") % {"taken": taken, "cap": cap}
    queued = WorkOrder.objects.filter(team__in=agent.teams.values("pk"), state=State.QUEUED)
    if later := queued.filter(not_before__gt=now).count():
        found = [_("%(count)s orders of your groups wait for a later time.") % {"count": formats.number(later)}]
    else:
        found = []
    everything = queued.exclude(not_before__gt=now)
    ready = workable_by(everything, agent)
    if ready is not everything and (others := everything.count() - ready.count()):
        said = _("%(count)s orders stand at a stage that takes a permission which you do not have.")
        found.append(said % {"count": formats.number(others)})
    if reserved := ready.filter(reserved_until__isnull=False).count():
        first = ready.order_by("reserved_until").values_list("reserved_until", flat=True).first()
        said = _("%(count)s orders are reserved for other skills, languages or people, the first until %(until)s.")
        found.append(said % {"count": formats.number(reserved), "until": formats.moment(first)})
    return " ".join([_("No order is waiting in your groups at the moment."), *found])
