"""Outcome of a contact: the chosen disposition determines the order's next state and all effects."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.offers.services.proposals import withdraw_proposals
from campaigns.outreach.models import ContactOutcome
from campaigns.outreach.queries import ContactRequest
from campaigns.outreach.services import record_made, use
from customers.lists.models import ListEntry
from customers.lists.services import add_to_list
from retention.core.accounts.models import User
from retention.core.errors import Conflict, Invalid
from workorders.order_types import rules
from workorders.order_types.models import Disposition
from workorders.orders.effects import AFTER_CONTACT
from workorders.orders.models import Draft, Note, Transition, WorkOrder
from workorders.orders.origins import Origin, OriginKind
from workorders.orders.services.agreement import check_agreement
from workorders.orders.services.answers import CheckedAnswers, check_answers
from workorders.orders.services.appointments import check_appointment
from workorders.orders.services.barring import PERMANENT_REFUSALS, gate_reason
from workorders.orders.services.claiming import TYPE_LEASE, require_free_desk
from workorders.orders.services.drafts import check_known_draft
from workorders.orders.services.locks import lock_order, require_move
from workorders.orders.services.transitions import Pick, Sql, move
from workorders.surveys.services.responses import record_response

MAX_NOTE_CHARACTERS = 4000
MAX_REASON_CHARACTERS = 200  # of an entry of a list


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
    anyway: bool = False,
) -> WorkOrder:
    """Save the end of a contact: the order is closed, comes back later, or waits for its appointment.

    disposition: a code the order's type offers. version, known_draft: as the agent's page had them (None: not
    checked). anyway: the appointment may stand beside another one of the agent. The contact goes to the ledger, list
    effects to the lists, the note to the order; the draft is gone. Invalid (422) names the field, Conflict (409) lists
    what was changed meanwhile. The same save once more, as of a key pressed twice, changes nothing and gives the order
    as the first one left it.
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
    ending = _ending(order, flow, chosen, agent, now, appointment_at=appointment_at, anyway=anyway)
    require_move(order, ending.move)
    complete = chosen.reached and ending.move == "complete"
    answered = check_answers(order=order, flow=flow, given=answers or {}, complete=complete, disposition=chosen.code)
    _record_contact(order, chosen, agent, now, goes_on=ending.move != "complete")
    if text := _checked_note(note):
        Note.objects.create(order=order, at=now, author=agent, author_name=agent.username, text=text)
    _add_to_list(order, chosen, agent, now, words=text)
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
    _record_response(order, answered, chosen, agent, now)
    saved = _one(moved)
    saved.type = order.type
    for follow_up in AFTER_CONTACT.values():
        follow_up(order=saved, agent=agent, now=now)
    return saved


def _record_response(
    order: WorkOrder, answered: CheckedAnswers, chosen: Disposition, agent: User, now: datetime
) -> None:
    if answered.survey is not None and answered.result is not None:
        record_response(
            order_id=order.pk, questionnaire=answered.survey.row, result=answered.result, disposition=chosen,
            agent=agent, now=now,
        )  # fmt: skip


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
    order: WorkOrder,
    flow: rules.Flow,
    chosen: Disposition,
    agent: User,
    now: datetime,
    *,
    appointment_at: datetime | None,
    anyway: bool,
) -> _Ending:
    """Which move the disposition means for this order."""
    if chosen.needs_appointment:
        if (reason := gate_reason(order=order, now=now, at_any_hour=True)) in PERMANENT_REFUSALS:
            message = _("No appointment: %(reason)s.") % {"reason": reason.label if reason else ""}
            raise _invalid(message, "disposition", "barred")
        at = check_appointment(appointment_at, order=order, agent=agent, flow=flow, now=now, anyway=anyway)
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


def _add_to_list(order: WorkOrder, chosen: Disposition, agent: User, now: datetime, *, words: str) -> None:
    """words: the note, which says why in the customer's words; the entry keeps their beginning."""
    if not chosen.adds_to_list:
        return
    said = _("Said on the call, order %(order)s") % {"order": order.order_no}
    reason = f"{said}: {' '.join(words.split())}" if words else said
    today = timezone.localtime(now).date()
    until = today + timedelta(days=chosen.list_days) if chosen.list_days else None
    try:
        add_to_list(
            actor=agent,
            customer=order.customer,
            kind=chosen.adds_to_list,
            reason=reason[:MAX_REASON_CHARACTERS],
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
