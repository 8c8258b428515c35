"""Mends a contact that was saved with the wrong key: the order is opened again, with all that was typed, and its trail
says so. What the save has done besides is taken back: the contact in the ledger, the list entry, the note, the answers.

An offer that was accepted stays so, and what billing was told is told again with the right end.
"""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns import outreach
from customers.lists.models import ListEntry
from customers.lists.services import end_list_entry
from retention.core.accounts.models import User
from retention.core.errors import Conflict, NotFound
from workorders.orders.models import Draft, Transition, WorkOrder
from workorders.orders.services.barring import PERMANENT_REFUSALS, gate_reason
from workorders.orders.services.claiming import TYPE_LEASE
from workorders.orders.services.locks import lock_order, may_know
from workorders.orders.services.transitions import Pick, Sql, move
from workorders.orders.stage_access import require_stage
from workorders.orders.states import State
from workorders.surveys.services.responses import take_back_response

# So long after a save the page offers to take it back.
UNDO_OFFERED = timedelta(seconds=10)
_UNCOUNTED = Sql("greatest(o.attempts - 1, 0)")


@transaction.atomic
def reopen(*, order_no: str, agent: User, now: datetime) -> WorkOrder:
    """Put an order back on the desk of the agent who saved its contact today; the draft holds what was saved.

    An order on the desk whose call has not begun goes back to the queue. NotFound for one the agent never had, Conflict
    when somebody else saved it or not today, it was changed since, the customer has a newer order, or another call is
    going on. Refused where the stage that it comes back to takes another permission.
    """
    order, saved = _last_save(order_no)
    if (
        saved is None
        or saved.actor_id != agent.pk
        or timezone.localtime(saved.at).date() != timezone.localtime(now).date()
    ):
        if not may_know(order, agent):
            raise NotFound(_("There is no such work order."))
        raise Conflict(
            _("Only what you saved yourself today, and nobody has changed since, can be corrected."), code="too_late"
        )
    require_stage(order, agent, move="reopen")
    _clear_desk(agent, now)
    content = _take_back(order, saved, agent, now)
    _ask_gate(order, now)
    back = {"assignee_id": agent.pk, "lease_until": TYPE_LEASE, "not_before": None, "disposition_id": None}
    reopened = _moved("reopen", order, agent, now, back)
    Draft.objects.update_or_create(
        order=order, user=agent, defaults={"content": content, "saved_at": now, "revision": 1}
    )
    return reopened


@transaction.atomic
def requeue(*, order_no: str, actor: User, now: datetime) -> WorkOrder:
    """Put a closed order into the queue of its group again, for a supervisor. NotFound and Conflict as for reopen."""
    order = lock_order(order_no=order_no, user=actor, move="requeue")
    saved = _last_save(order_no)[1]
    if saved is None:
        raise Conflict(_("This order was changed meanwhile."), code="changed_meanwhile")
    _take_back(order, saved, actor, now)
    _ask_gate(order, now)
    return _moved("requeue", order, actor, now, {"disposition_id": None})


def _last_save(order_no: str) -> tuple[WorkOrder, Transition | None]:
    """The order, locked, and the save of a contact if that is the last that was done with it."""
    order = WorkOrder.objects.select_for_update(of=("self",)).select_related("type").filter(order_no=order_no).first()
    if order is None:
        raise NotFound(_("There is no such work order."))
    line = Transition.objects.for_history().filter(order=order).first()
    return order, line if line is not None and line.disposition_id and line.to_state in _SAVED_STATES else None


_SAVED_STATES = {State.DONE, State.QUEUED, State.WAITING}


def _clear_desk(agent: User, now: datetime) -> None:
    desk = WorkOrder.objects.on_desk().filter(assignee=agent).first()
    if desk is None:
        return
    if desk.state != State.ASSIGNED:
        raise Conflict(_("Finish the order on your desk first."), code="desk_taken")
    move(name="put_back", pick=Pick.of([desk.pk]), actor=agent, now=now)


def _take_back(order: WorkOrder, saved: Transition, actor: User, now: datetime) -> dict[str, str]:
    """Undo what the save has done besides moving the order; what was typed for it."""
    outreach.take_back_use(order_no=order.order_no, now=now, reserve=order.one_open)
    take_back_response(order_id=order.pk, saved_at=saved.at, now=now)
    ending = saved.disposition
    if ending is not None and ending.adds_to_list:
        made = ListEntry.objects.filter(customer=order.customer_id, kind=ending.adds_to_list, created_at=saved.at)
        for entry in made.filter(created_by=saved.actor_id):
            reason = _("Saved by mistake, order %(order)s") % {"order": order.order_no}
            end_list_entry(actor=actor, entry=entry, on=timezone.localtime(now).date(), reason=reason)
    content = {f"answer_{key}": "1" if value is True else str(value) for key, value in order.answers.items() if value}
    content |= {"disposition": ending.code} if ending else {}
    if order.appointment_at:
        content["appointment_at"] = timezone.localtime(order.appointment_at).strftime("%Y-%m-%dT%H:%M")
    note = order.notes.filter(author=saved.actor_id, at=saved.at).first()
    if note is not None and saved.actor_id == actor.pk:
        content["note"] = note.text
        note.delete()
    return content


def _ask_gate(order: WorkOrder, now: datetime) -> None:
    """Conflict when the customer has refused contact meanwhile; what the save itself has written is gone by now."""
    if (reason := gate_reason(order=order, now=now, at_any_hour=True)) in PERMANENT_REFUSALS:
        message = _("It cannot be opened again: %(reason)s.") % {"reason": reason.label if reason else ""}
        raise Conflict(message, code="barred")


def _moved(name: str, order: WorkOrder, actor: User, now: datetime, changes: dict[str, object]) -> WorkOrder:
    try:
        with transaction.atomic():
            (moved,) = move(
                name=name, pick=Pick.of([order.pk]), actor=actor, now=now, changes=changes | {"attempts": _UNCOUNTED}
            )
    except IntegrityError as error:
        message = _("The customer has another open order by now; correct it there.")
        raise Conflict(message, code="other_order") from error
    return moved
