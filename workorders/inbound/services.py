"""Letting an agent in to a caller for a while, and what the agent can do with the caller's open orders meanwhile."""

from datetime import datetime
from urllib.parse import urlencode

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.grants.services import grant_until
from retention.core import clock
from retention.core.accounts.models import User
from retention.core.accounts.roles import Role
from retention.core.audit import services as audit
from retention.core.errors import Invalid, NotFound, Refused
from retention.core.identifiers import canonical_phone, fold
from retention.core.masking import mask_phone, mask_phones
from retention.core.notices.models import Urgency
from retention.core.notices.services.notifying import notify
from retention.core.notices.text import Message
from workorders.declarations import CALLER_SHOWN
from workorders.desk_messages.models import DeskMessage
from workorders.desk_messages.services import deliver
from workorders.inbound.models import CallerLookup
from workorders.inbound.queries import CallerOrder, line_of_caller, orders_of_caller
from workorders.inbound.rules import GRANT_LENGTH, MAX_LOOKUPS_A_DAY, MAX_NOTE, MAX_NUMBER, CallerReason
from workorders.orders.models import WorkOrder
from workorders.orders.services.claiming import claim_chosen
from workorders.orders.states import WORK

ACTION = "caller.look_up"


@transaction.atomic
def look_up_caller(*, agent: User, number: str, reason: str, now: datetime, note: str = "") -> CallerLookup:
    """Show the agent the customer of the line with exactly this number for GRANT_LENGTH, and tell their supervisors.

    The look-up comes back without a line where there is none in the agent's branch: whether it is nowhere or in
    another branch is not said. That is written and counted as well. Invalid without a number, with a reason that is
    not in the list, and for another reason without words; Refused without the permission, and once MAX_LOOKUPS_A_DAY
    are used.
    """
    if not agent.may(WORK):
        raise Refused(_("Only agents look up callers."))
    number, note = fold(number), mask_phones(fold(note))
    _require_reason(number, reason, note)
    # One at a time for an agent: two requests at once would both count 19.
    User.objects.select_for_update(no_key=True).get(pk=agent.pk)
    if lookups_left(agent, now=now) <= 0:
        raise Refused(
            _("You have looked up %(count)d callers today; no more are shown. Ask your supervisor.")
            % {"count": MAX_LOOKUPS_A_DAY},
            code="too_often",
        )
    line = line_of_caller(agent, number)
    until = now + GRANT_LENGTH if line else None
    found = CallerLookup.objects.create(
        agent=agent, at=now, asked=mask_phone(canonical_phone(number) or number), reason=reason, note=note,
        subscriber=line, until=until,
    )  # fmt: skip
    if line is not None and until is not None:
        teams = list(agent.teams.all())
        grant_until(customer_id=line.account.customer_id, user=agent, teams=teams, until=until, now=now)
        _tell_supervisors(found, now)
    audit.record(
        actor=agent, action=ACTION, target=line, number=found.asked, reason=reason, note=note, found=found.is_found,
        until=clock.format_instant(until) if until else None,
    )  # fmt: skip
    return found


def lookups_left(agent: User, *, now: datetime) -> int:
    """How many callers the agent may still look up on the operator's day."""
    return MAX_LOOKUPS_A_DAY - CallerLookup.objects.of_day(agent, day=timezone.localdate(now)).count()


def take_order_of_caller(*, order_no: str, agent: User, now: datetime) -> WorkOrder:
    """Put an order of the agent's caller, which waits in a queue, on the agent's desk. NotFound for any other order;
    else as claim_chosen."""
    return claim_chosen(order=_order_of_caller(order_no, agent, now).order, agent=agent, now=now)


def write_about_caller(*, order_no: str, agent: User, text: str, now: datetime) -> DeskMessage:
    """A message to the desks of whoever has the order of the agent's caller, or supervises its group.

    NotFound for any other order, and where nobody would read it; Invalid for the text.
    """
    found = _order_of_caller(order_no, agent, now)
    if not found.readers:
        raise NotFound(_("There is no such work order."))
    return deliver(sender=agent, people=found.readers, text=text, subject=order_no, now=now)


def _order_of_caller(order_no: str, agent: User, now: datetime) -> CallerOrder:
    """An open order of a customer whom the agent is shown at this moment. NotFound for others."""
    order = WorkOrder.objects.filter(order_no=order_no).first()
    if order is not None and CallerLookup.objects.running(agent, customer_id=order.customer_id, at=now).exists():
        for found in orders_of_caller(customer_id=order.customer_id, agent=agent, now=now):
            if found.order == order:
                return found
    raise NotFound(_("There is no such work order."))


def _require_reason(number: str, reason: str, note: str) -> None:
    problems = {}
    if not number or len(number) > MAX_NUMBER:
        problems["number"] = _("Type the whole phone number or subscriber number.")
    if reason not in CallerReason.values:
        problems["reason"] = _("Choose a reason.")
    if len(note) > MAX_NOTE:
        problems["note"] = _("Write 1 to %(most)d characters.") % {"most": MAX_NOTE}
    elif reason == CallerReason.OTHER and not note:
        problems["note"] = _("Say why in a few words.")
    if problems:
        details = [{"field": name, "code": "bad", "message": text} for name, text in problems.items()]
        raise Invalid(next(iter(problems.values())), details=details)


def _tell_supervisors(found: CallerLookup, now: datetime) -> None:
    """The supervisors of the agent's groups; the line by its number, as the list has it."""
    agent, line = found.agent, found.subscriber
    people = (
        User.objects.filter(teams__in=agent.teams.values("pk"), role=Role.SUPERVISOR).exclude(pk=agent.pk).distinct()
    )
    params = {
        "name": agent.display_name, "line": line.subscriber_no if line else "", "reason": found.reason,
        "note": found.note, "minutes": int(GRANT_LENGTH.total_seconds()) // 60,
    }  # fmt: skip
    where = f"{reverse('inbound:lookups')}?{urlencode({'agent': agent.username})}"
    notify(people=people, what=Message(CALLER_SHOWN, params), where=where, urgency=Urgency.NORMAL, now=now)
