"""Pauses and wrap-ups begin and end here; which reasons there are is decided here too."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest, Least
from django.utils.translation import gettext as _

from retention.core.accounts.models import User
from retention.core.administration.services import Seen, change_row
from retention.core.audit import services as audit
from retention.core.errors import Conflict, NotFound, Refused
from workorders.orders.models import WorkOrder
from workorders.orders.states import WORK
from workorders.pauses.defaults import PAUSE_CODES
from workorders.pauses.models import Pause, PauseCode, WrapUp

CODE_ACTION = "pause_code.change"
# So much longer an agent may make a wrap-up, once.
WRAP_UP_EXTENSION = timedelta(seconds=30)


def install_pause_codes() -> int:
    """The shipped reasons that have never been installed; how many. Changes of people are kept."""
    known = set(PauseCode.objects.values_list("code", flat=True))
    rows = [
        PauseCode(**values, position=place) for place, values in enumerate(PAUSE_CODES) if values["code"] not in known
    ]
    return len(PauseCode.objects.bulk_create(rows, ignore_conflicts=True))


@transaction.atomic
def begin_pause(*, agent: User, code: str, now: datetime) -> Pause:
    """Take no order until the pause ends. Another pause that runs ends; the same one goes on.

    Refused for people who work no orders; NotFound for a reason that is not in use; Conflict (desk_taken) with an
    order on the desk, since its customer would wait.
    """
    if not agent.may(WORK):
        raise Refused(_("Only agents take pauses here."), code="move_not_permitted")
    reason = PauseCode.objects.filter(code=code, active=True).first()
    if reason is None:
        raise NotFound(_("There is no such pause reason."))
    User.objects.select_for_update(no_key=True).get(pk=agent.pk)
    if WorkOrder.objects.on_desk().filter(assignee=agent).exists():
        raise Conflict(_("Finish the order on your desk first."), code="desk_taken")
    running = Pause.objects.running().filter(agent=agent).first()
    if running and running.code_id == reason.pk:
        return running
    _end(Pause.objects.filter(agent=agent), now, Pause.End.OTHER)
    end_wrap_up(agent=agent, now=now)
    return Pause.objects.create(agent=agent, code=reason, began_at=now)


def end_pause(*, agent: User, now: datetime, by: Pause.End = Pause.End.AGENT) -> int:
    """The agent is ready again; 0 where no pause ran."""
    return _end(Pause.objects.filter(agent=agent), now, by)


def end_pause_of(*, user: User, now: datetime) -> int:
    """Of somebody who signs out, with the wrap-up."""
    end_wrap_up(agent=user, now=now)
    return end_pause(agent=user, now=now, by=Pause.End.SIGN_OUT)


def end_pause_of_leaver(*, user: User, now: datetime) -> int:
    """Of somebody who works orders no more; another change of a person leaves the pause as it is."""
    return 0 if user.may(WORK) else end_pause_of(user=user, now=now)


def end_pauses_of_absent(*, now: datetime) -> int:
    """End the pauses of people whose session is over, at the moment they were last seen. May run twice."""
    ended = 0
    for pause in Pause.objects.running().select_related("agent"):
        if not pause.agent.is_signed_in(now=now):
            at = max(pause.agent.absent_since or now, pause.began_at)
            ended += _end(Pause.objects.filter(pk=pause.pk), at, Pause.End.ABSENT)
    return ended


def begin_wrap_up(*, order: WorkOrder, agent: User, now: datetime) -> None:
    """After a contact is saved, where the order's type gives time for it; see workorders.orders.effects."""
    if seconds := order.type.wrap_up_seconds:
        WrapUp.objects.create(agent=agent, order=order, began_at=now, until=now + timedelta(seconds=seconds))


def extend_wrap_up(*, agent: User, now: datetime) -> bool:
    """Half a minute more, once; False where none runs or it was made longer before."""
    running = WrapUp.objects.running(now=now).filter(agent=agent, extended=False)
    return bool(running.update(until=F("until") + WRAP_UP_EXTENSION, extended=True))


def end_wrap_up(*, agent: User, now: datetime) -> int:
    """The agent goes on: with the next order, another one, a pause, or waits for one. One that has run out is over
    since then."""
    return WrapUp.objects.filter(agent=agent, ended_at=None).update(
        ended_at=Greatest("began_at", Least("until", Value(now)))
    )


def restart_wrap_up(*, order_id: int, agent_id: int, at: datetime) -> int:
    """The contact was saved while its call was still open: the time counts from the end of the call."""
    early = WrapUp.objects.filter(agent=agent_id, order=order_id, ended_at=None, began_at__lt=at)
    return early.update(began_at=at, until=F("until") - F("began_at") + Value(at))


def _end(pauses: Any, now: datetime, by: Pause.End) -> int:
    return pauses.running().update(ended_at=now, ended_by=by)


@transaction.atomic
def create_pause_code(*, actor: User, code: str, values: Mapping[str, Any]) -> PauseCode:
    _require_edit(actor)
    try:
        with transaction.atomic():
            row = PauseCode.objects.create(code=code, **values)
    except IntegrityError as error:
        raise Conflict(_("The code is taken by another pause reason."), code="taken") from error
    audit.record(actor=actor, action=CODE_ACTION, target=row, created=True)
    return row


@transaction.atomic
def change_pause_code(*, actor: User, code: str, values: Mapping[str, Any], seen: Seen) -> PauseCode:
    """Raises NotFound, Refused, and StaleRow where somebody else has changed what was seen."""
    _require_edit(actor)
    row = PauseCode.objects.select_for_update(no_key=True).filter(code=code).first()
    if row is None:
        raise NotFound(_("There is no such pause reason."))
    change_row(row=row, actor=actor, values=values, seen=seen, action=CODE_ACTION)
    return row


def _require_edit(actor: User) -> None:
    if not actor.may("order_types.edit"):
        raise Refused(_("Your role does not include this."))
