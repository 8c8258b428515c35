"""Absences are recorded, changed and ended here."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from retention.core.accounts.models import User
from retention.core.administration.services import Seen, change_row, row_values
from retention.core.audit import services as audit
from retention.core.errors import Invalid, NotFound, Refused
from retention.core.staff.queries import people
from workorders.absences.services.covering import bring_back, cover_orders
from workorders.allocation.models import Absence
from workorders.orders.states import WORK

ABSENCE_ACTION = "absence.change"
MAX_DAYS = 366


@transaction.atomic
def record_absence(*, actor: User, values: Mapping[str, Any], now: datetime) -> Absence:
    """values: agent, first_day, last_day, reason, cover. One that has begun moves the agent's orders at once.

    Refused without the permission; Invalid for people who are not the actor's, days that lie in the past or in another
    absence of the agent, and a cover who works no orders or is away on one of the days.
    """
    _require_edit(actor)
    absence = Absence(recorded_by=actor, **values)
    _check(absence, actor, today=timezone.localdate(now))
    absence.save()
    audit.record(actor=actor, action=ABSENCE_ACTION, target=_target(absence), made=row_values(absence, values))
    _begin(absence, now)
    return absence


@transaction.atomic
def change_absence(*, actor: User, pk: int, values: Mapping[str, Any], seen: Seen, now: datetime) -> Absence:
    """As record_absence; NotFound for one that is not the actor's to change or is over, StaleRow."""
    absence = _lock(actor, pk)
    change_row(row=absence, actor=actor, values=values, seen=seen, action=ABSENCE_ACTION, target=_target(absence))
    _check(absence, actor, today=timezone.localdate(now))
    _begin(absence, now)
    return absence


@transaction.atomic
def end_absence(*, actor: User, pk: int, now: datetime) -> int:
    """The agent works again from now on; how many orders came back. One that has no day left is removed."""
    absence, yesterday = _lock(actor, pk), timezone.localdate(now) - timedelta(days=1)
    target = _target(absence)
    absence.last_day = yesterday
    if absence.first_day <= yesterday:
        absence.save(update_fields=["last_day"])
        back = bring_back(absence=absence, now=now)
    else:
        back = bring_back(absence=absence, now=now)
        absence.delete()
    audit.record(actor=actor, action=ABSENCE_ACTION, target=target, ended=yesterday.isoformat(), back=back)
    return back


def _begin(absence: Absence, now: datetime) -> None:
    if absence.first_day <= timezone.localdate(now) <= absence.last_day:
        cover_orders(absence=absence, now=now)


def _lock(actor: User, pk: int) -> Absence:
    _require_edit(actor)
    found = Absence.objects.visible_to(actor).filter(pk=pk, ended=False)
    absence = found.select_for_update(no_key=True, of=("self",)).first()
    if absence is None:
        raise NotFound(_("There is no such absence, or it is over."))
    return absence


def _require_edit(actor: User) -> None:
    if not actor.may("agents.edit"):
        raise Refused(_("Your role does not include this."))


def _check(absence: Absence, actor: User, *, today: date) -> None:
    agent, cover = absence.agent, absence.cover
    if not agent.may(WORK) or not people().visible_to(actor).filter(pk=agent.pk).exists():
        raise _wrong("agent", _("There is no such agent in your groups."))
    if absence.last_day < max(absence.first_day, today):
        raise _wrong("last_day", _("The last day lies before the first one or in the past."))
    if (absence.last_day - absence.first_day).days >= MAX_DAYS:
        raise _wrong("last_day", _("An absence lasts at most %(days)s days.") % {"days": MAX_DAYS})
    same_days = Absence.objects.filter(first_day__lte=absence.last_day, last_day__gte=absence.first_day)
    if same_days.filter(agent=agent).exclude(pk=absence.pk).exists():
        raise _wrong("first_day", _("%(name)s is absent on some of these days already.") % {"name": agent.display_name})
    if cover is None:
        return
    if cover == agent or not cover.may(WORK):
        raise _wrong("cover", _("%(name)s cannot cover: choose another person who works orders.") % {
            "name": cover.display_name
        })  # fmt: skip
    if same_days.filter(agent=cover).exists():
        raise _wrong("cover", _("%(name)s is absent on some of these days too.") % {"name": cover.display_name})


def _wrong(field: str, text: str) -> Invalid:
    return Invalid(text, details=[{"field": field, "code": "invalid", "message": text}])


def _target(absence: Absence) -> str:
    return f"user:{absence.agent.username}"
