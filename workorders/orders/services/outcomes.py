"""Outcome of a contact: the chosen disposition determines the order's next state and all effects."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.offers.services.proposals import withdraw_proposals
from campaigns.outreach.models import ContactOutcome, ContactPolicy
from campaigns.outreach.queries import ContactRequest
from campaigns.outreach.services import record_made, use
from campaigns.outreach.text import format_hours
from customers.lists.models import ListEntry
from customers.lists.services import add_to_list
from retention.core.accounts.models import User
from retention.core.errors import Conflict, Invalid
from workorders.order_types import rules
from workorders.order_types.models import Disposition
from workorders.orders.models import Draft, Note, Transition, WorkOrder
from workorders.orders.origins import Origin, OriginKind
from workorders.orders.services.agreement import check_agreement
from workorders.orders.services.answers import check_answers
from workorders.orders.services.claiming import PERMANENT_REFUSALS, TYPE_LEASE, gate_reason, require_free_desk
from workorders.orders.services.drafts import check_known_draft
from workorders.orders.services.locks import lock_order, require_move
from workorders.orders.services.transitions import Pick, Sql, move
from workorders.surveys.services.responses import record_response

MAX_NOTE_CHARACTERS = 4000


@transaction.atomic
def start(*, order_no: str, agent: User, version: int | None, now: datetime) -> WorkOrder:
    """The call begins, on the desk. Conflict when the order is not assigned to this agent any more, or the desk is
    taken by another."""
    order = lock_order(order_no=order_no, user=agent, version=version, move="start", own=True)
    require_free_desk(order=order, agent=agent)
    leased = {"lease_until": TYPE_LEASE}
    return _one(move(name="start", pick=Pick.of([order.pk]), actor=agent, now=now, changes=leased))


@transaction.atomic
def record_outcome(
    *,
    order_no: str,
    agent: User,
    disposition: str,
    version: int | None,
    now: datetime,
    note: str = "",
    appointment_at: datetime | None = None,
    answers: Mapping[str, object] | None = None,
    known_draft: int | None = None,
) -> WorkOrder:
    """Save the end of a contact: the order is closed, comes back later, or waits for its appointment.

    disposition: a code the order's type offers. version, known_draft: as the agent's page had them (None: not
    checked). The contact goes to the ledger, list effects to the lists, the note to the order; the draft is gone.
    Invalid (422) names the field, Conflict (409) lists what was changed meanwhile. The same save once more, as of a
    key pressed twice, changes nothing and gives the order as the first one left it.
    """
    try:
        order = lock_order(order_no=order_no, user=agent, version=version, move="complete", own=True)
    except Conflict:
        if saved := _saved_already(order_no, agent, disposition, version, note, now):
            return saved
        raise
    check_known_draft(order=order, user=agent, known=known_draft, note=note)
    flow = rules.read(order.type.flow, order.type.fields)
    chosen = _chosen(flow, disposition)
    check_agreement(order=order, chosen=chosen)
    ending = _ending(order, flow, chosen, appointment_at, now)
    require_move(order, ending.move)
    complete = chosen.reached and ending.move == "complete"
    answered = check_answers(order=order, flow=flow, given=answers or {}, complete=complete, disposition=chosen.code)
    _record_contact(order, chosen, agent, now, goes_on=ending.move != "complete")
    if text := _checked_note(note):
        Note.objects.create(order=order, at=now, author=agent, author_name=agent.username, text=text)
    _add_to_list(order, chosen, agent, now)
    withdraw_proposals(order_no=order.order_no, actor=agent, now=now)  # unanswered proposals lapse
    Draft.objects.filter(order=order, user=agent).delete()
    stored = json.dumps(answered.stored, ensure_ascii=False)
    changes = ending.changes | {"attempts": Sql("o.attempts + 1"), "answers": stored}
    moved = move(
        name=ending.move,
        pick=Pick.of([order.pk]),
        actor=agent,
        now=now,
        changes=changes,
        disposition=chosen,
        detail=ending.detail,
    )
    if answered.survey is not None and answered.result is not None:
        record_response(
            order_id=order.pk,
            questionnaire=answered.survey.row,
            result=answered.result,
            disposition=chosen,
            agent=agent,
            now=now,
        )
    return _one(moved)


def _record_contact(order: WorkOrder, chosen: Disposition, agent: User, now: datetime, *, goes_on: bool) -> None:
    """The contact in the ledger, by the order's reservation where it needs one."""
    outcome = ContactOutcome.CONNECTED if chosen.reached else ContactOutcome.NOT_REACHED
    if order.one_open:
        use(order_no=order.order_no, outcome=outcome, now=now, actor=agent, goes_on=goes_on)
        return
    request = ContactRequest(
        order.customer_id, order.subscriber_id, ListEntry.Channel.CALL, order.purpose,
        Origin(OriginKind(order.origin_kind), order.origin_key).contact_source, order.order_no,
    )  # fmt: skip
    record_made(request=request, outcome=outcome, now=now, actor=agent)


def _saved_already(
    order_no: str, agent: User, disposition: str, version: int | None, note: str, now: datetime
) -> WorkOrder | None:
    """The order, when the change after `version` was this agent's save with this disposition. A new note is added."""
    if version is None:
        return None
    own = Transition.objects.standing_contacts().filter(order__order_no=order_no, version=version + 1, actor=agent)
    line = own.filter(disposition__code=disposition).select_related("order__disposition").first()
    if line is None:
        return None
    text = _checked_note(note)
    if text and not line.order.notes.filter(author=agent, text=text).exists():
        Note.objects.create(order=line.order, at=now, author=agent, author_name=agent.username, text=text)
    return line.order


@dataclass(frozen=True)
class _Ending:
    move: str
    changes: dict[str, object]
    detail: dict[str, object]


def _ending(
    order: WorkOrder, flow: rules.Flow, chosen: Disposition, appointment_at: datetime | None, now: datetime
) -> _Ending:
    """Which move the disposition means for this order."""
    if chosen.needs_appointment:
        if (reason := gate_reason(order=order, now=now, at_any_hour=True)) in PERMANENT_REFUSALS:
            message = _("No appointment: %(reason)s.") % {"reason": reason.label if reason else ""}
            raise _invalid(message, "disposition", "barred")
        at = _checked_appointment(appointment_at, flow, now)
        return _Ending("schedule", {"appointment_at": at}, {"appointment_at": at.isoformat()})
    if chosen.retry_after_hours and order.attempts + 1 < flow.max_attempts:
        at = now + timedelta(hours=chosen.retry_after_hours)
        return _Ending("retry", {"not_before": at}, {"not_before": at.isoformat()})
    detail: dict[str, object] = {"attempts_spent": True} if chosen.retry_after_hours else {}
    return _Ending("complete", {}, detail)


def _chosen(flow: rules.Flow, code: str) -> Disposition:
    found = Disposition.objects.choosable().filter(code=code).first() if flow.offers(code) else None
    if found is None:
        raise _invalid(_("Choose how the contact ended."), "disposition", "required")
    return found


def _checked_note(note: str) -> str:
    """A line break is one character, whatever the browser sends for it."""
    text = note.replace("\r\n", "\n").strip()
    if len(text) > MAX_NOTE_CHARACTERS:
        message = _("The note has %(count)d characters; at most %(limit)d are kept.")
        raise _invalid(message % {"count": len(text), "limit": MAX_NOTE_CHARACTERS}, "note", "too_long")
    return text


def _checked_appointment(at: datetime | None, flow: rules.Flow, now: datetime) -> datetime:
    if at is None:
        raise _invalid(_("Give the day and time of the appointment."), "appointment_at", "required")
    if at <= now:
        raise _invalid(_("The appointment lies in the past."), "appointment_at", "past")
    if at > now + timedelta(days=flow.appointment_days):
        message = _("An appointment may be at most %(days)d days ahead.") % {"days": flow.appointment_days}
        raise _invalid(message, "appointment_at", "too_far")
    policy = ContactPolicy.objects.current()
    if policy.hours(ListEntry.Channel.CALL).open_from(at) != at:
        hours = format_hours(policy, ListEntry.Channel.CALL)
        raise _invalid(_("Quiet hours: %(hours)s.") % {"hours": hours}, "appointment_at", "quiet_hours")
    return at


def _add_to_list(order: WorkOrder, chosen: Disposition, agent: User, now: datetime) -> None:
    if not chosen.adds_to_list:
        return
    today = timezone.localtime(now).date()
    until = today + timedelta(days=chosen.list_days) if chosen.list_days else None
    try:
        add_to_list(
            actor=agent,
            customer=order.customer,
            kind=chosen.adds_to_list,
            reason=_("Said on the call, order %(order)s") % {"order": order.order_no},
            starts_on=today,
            ends_on=until,
            source=ListEntry.Source.DISPOSITION,
            proof=order.order_no,
            now=now,
        )
    except Conflict as already:
        if already.code != "already_listed":
            raise


def _one(moved: list[WorkOrder]) -> WorkOrder:
    if not moved:
        raise Conflict(_("This order was changed meanwhile. What you typed is kept."), code="changed_meanwhile")
    return moved[0]


def _invalid(message: str, field: str, code: str) -> Invalid:
    return Invalid(message, details=[{"field": field, "code": code, "message": message}])
