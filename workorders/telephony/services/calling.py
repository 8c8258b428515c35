"""An agent calls the customer of the order on the desk, and hangs up."""

from datetime import datetime
from functools import partial
from urllib.parse import quote

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from customers.contacts.numbers import call_number
from customers.facts.models import Subscriber
from retention.core.accounts.models import User
from retention.core.audit import services as audit
from retention.core.errors import Conflict, NotFound
from retention.core.masking import mask_phone
from workorders.orders.services.barring import gate_reason
from workorders.orders.services.locks import lock_order
from workorders.orders.services.outcomes import start
from workorders.orders.stage_access import require_stage
from workorders.orders.states import WORK, State
from workorders.pauses.models import Pause
from workorders.pauses.services import end_pause
from workorders.telephony.models import Call
from workorders.telephony.queries import extension_of
from workorders.telephony.services.following import follow
from workorders.telephony.services.recording import record_own
from workorders.telephony.states import EventKind
from workorders.telephony.switches import telephone
from workorders.telephony.switches.base import Answer, Dial, Outcome

DIAL_ACTION = "call.dial"


def dial(*, order_no: str, agent: User, now: datetime) -> Call:
    """Call the customer of the order on the agent's desk; its call has begun then, and a pause of the agent ends.

    A key pressed twice is one call: the one that is open is given back. The number is handed to the switch and shown
    to nobody; the trail says who was called, as for a look at the number. Conflict without a switch, with a call open
    elsewhere, while the customer may not be called, and where the switch does not take the call. The switch is asked
    outside the transaction, so that it never waits with a lock.
    """
    if not telephone().dials:
        raise Conflict(_("No telephone switch is connected. Show the number and call by hand."), code="no_switch")
    call, number = _place(order_no, agent, now)
    if number:
        sent = Dial(call.reference, number, call.extension, settings.CALL_TIMEOUT)
        _require_taken(call, telephone().dial(sent), now)
    return call


@transaction.atomic
def _place(order_no: str, agent: User, now: datetime) -> tuple[Call, str]:
    """The row of the call, and the number to be dialled: "" where the call is under way already."""
    order = lock_order(order_no=order_no, user=agent, own=True)
    require_stage(order, agent)
    if running := Call.objects.open().filter(agent=agent).select_related("order").first():
        if running.order_id == order.pk:
            return running, ""
        message = _("You are on a call for order %(order)s. Hang up first.") % {"order": running.order.order_no}
        raise Conflict(message, code="call_open")
    if order.lease_until is None:
        raise Conflict(_("Take the order on your desk first."), code="not_on_desk")
    if (reason := gate_reason(order=order, now=now)) is not None:
        raise Conflict(_("Do not call now: %(reason)s.") % {"reason": reason.label}, code="barred")
    line = Subscriber.objects.select_related("account__customer").get(pk=order.subscriber_id)
    number = call_number(line)
    if not number:
        raise Conflict(_("This customer has no number to call."), code="no_number")
    extension = _extension_of(agent)
    if order.state == State.ASSIGNED:
        start(order_no=order_no, agent=agent, version=None, now=now)
    end_pause(agent=agent, now=now, by=Pause.End.CALL)
    call = Call.objects.create(
        reference=f"{order_no}-{Call.objects.filter(order=order).count() + 1}", order=order, agent=agent,
        number=mask_phone(number), extension=extension, started_at=now,
    )  # fmt: skip
    audit.record(actor=agent, action=DIAL_ACTION, target=line, order=order_no, call=call.reference)
    return call, number


def _extension_of(agent: User) -> str:
    number = extension_of(agent)
    if telephone().needs_extension and not number:
        raise Conflict(_("Say on your desk at which telephone you sit."), code="no_extension")
    return number


def _require_taken(call: Call, answer: Answer, now: datetime) -> None:
    """Conflict where the call will not be placed. In doubt it goes on: events, or their absence, will tell."""
    if answer.outcome == Outcome.DOWN:
        record_own(call=call, kind=EventKind.UNREACHED, now=now)
        message = _("The telephone switch does not answer. Show the number and call by hand.")
        raise Conflict(message, code="switch_down")
    if answer.outcome == Outcome.REFUSED:
        record_own(call=call, kind=EventKind.UNREACHED, now=now)
        message = _("The telephone switch refuses the call (%(detail)s). Show the number and call by hand.")
        raise Conflict(message % {"detail": answer.detail}, code="switch_refused")


def hang_up(*, agent: User, now: datetime) -> Call | None:
    """End the open call of the agent; None without one.

    Also of an order that was taken from the agent during the call. The call counts as ended whatever the switch says:
    Conflict where it was not reached, since the telephone itself may still be on the line.
    """
    call = Call.objects.open().filter(agent=agent).first()
    if call is None:
        return None
    record_own(call=call, kind=EventKind.HUNG_UP, now=now)
    if not telephone().hang_up(call.reference):
        raise Conflict(_("The telephone switch does not answer. Hang up at your telephone."), code="switch_down")
    return follow(call=call, now=now)


def hang_up_of(*, user: User, now: datetime) -> None:
    """Of somebody who signs out: whether the switch hears of it or not, the person goes."""
    try:
        hang_up(agent=user, now=now)
    except Conflict:
        return


def hang_up_of_leaver(*, user: User, now: datetime) -> None:
    """Of somebody who works orders no more, as after a dismissal: when the change is committed, as the switch is asked
    outside every transaction."""
    if not user.may(WORK):
        transaction.on_commit(partial(hang_up_of, user=user, now=now))


def open_recording(*, reference: str, user: User) -> str:
    """The address of a call's recording; the trail says who opens it.

    NotFound for a call that the person may not hear, without a recording, or where no place of recordings is set.
    """
    call = Call.objects.audible_to(user).filter(reference=reference).exclude(recording="").first()
    if call is None or not settings.CALL_RECORDING_URL:
        raise NotFound(_("There is no such recording."))
    audit.record(actor=user, action="call.listen", target=call, recording=call.recording)
    return str(settings.CALL_RECORDING_URL).replace("{recording}", quote(call.recording, safe=""))
