"""What an agent does for the customer from the call screen besides the outcome: a message during the call."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.messages.services.conversation import Call, Sent, find_template, send_in_call
from campaigns.offers.models import Decision
from campaigns.offers.states import GIVEN_STATES
from campaigns.offers.states import State as Decided
from customers.facts.models import Subscriber
from retention.core.accounts.models import User
from retention.core.errors import Conflict
from workorders.appointments.text import local_value
from workorders.orders.models import WorkOrder
from workorders.orders.services.locks import lock_order
from workorders.orders.states import State


@transaction.atomic
def send_message(*, order_no: str, agent: User, template: str, appointment_at: datetime | None, now: datetime) -> Sent:
    """Send the order's customer the approved text with this code, once, while the agent is on the call.

    NotFound, Conflict and Refused as lock_order; Conflict too where no call has begun. Invalid as send_in_call.
    """
    order = lock_order(order_no=order_no, user=agent, move="complete", own=True)
    require_call(order)
    call = call_of(order, appointment_at=appointment_at, now=now)
    return send_in_call(call=call, template=find_template(agent, template), agent=agent, now=now)


def require_call(order: WorkOrder) -> None:
    """Conflict unless the order is on a desk and its call has begun: before that nobody has asked for a message."""
    if order.lease_until is None:
        raise Conflict(_("Take the order on your desk first."), code="not_on_desk")
    if order.state != State.IN_PROGRESS:
        raise Conflict(_("Start the call first: a message belongs to it."), code="call_not_begun")


def call_of(order: WorkOrder, *, appointment_at: datetime | None, now: datetime) -> Call:
    """appointment_at: as it stands in the form; without it that of the order. One that is over is none."""
    line = Subscriber.objects.select_related("account__customer").get(pk=order.subscriber_id)
    at = appointment_at or order.appointment_at
    values = _offer_of(order, now) | ({"appointment": local_value(at)} if at is not None and at > now else {})
    return Call(order.order_no, order.attempts + 1, line, values)


def _offer_of(order: WorkOrder, now: datetime) -> dict[str, str]:
    """What the customer has accepted on this order, else what was put to them last."""
    made = list(Decision.objects.filter(order_no=order.order_no, subscriber=order.subscriber_id).for_history())
    given = [one for one in made if one.state in GIVEN_STATES]
    standing = [one for one in made if one.state == Decided.PROPOSED and not one.is_over(now)]
    for one in (given + standing)[:1]:
        offer = one.offer
        last = {"until": offer.valid_until.isoformat()} if offer.valid_until else {}
        return {"offer": offer.name, "offer_zh": offer.name_zh or offer.name} | last
    return {}
