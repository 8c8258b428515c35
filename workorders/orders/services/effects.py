"""The effects that ship. Each is declared with its parameters; `register()` makes them known."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.offers.models import Offer
from campaigns.offers.services.proposals import accept, propose, withdraw_proposals
from customers.lists.models import ListEntry
from customers.lists.services import MARK_KINDS, add_to_list
from retention.core.accounts.models import User
from retention.core.accounts.roles import Role
from retention.core.errors import Conflict, Invalid, Refused
from retention.core.notices.models import Urgency
from retention.core.notices.services.notifying import notify
from retention.core.notices.text import Message
from retention.core.webhooks.services.publishing import publish
from workorders.declarations import ORDER_MOVED, ORDER_STEP
from workorders.order_types.models import OrderType
from workorders.orders.effects import EFFECTS, EffectKind, Param
from workorders.orders.models import Note, WorkOrder
from workorders.orders.origins import Origin, OriginKind
from workorders.orders.services.opening import open_orders
from workorders.orders.services.order_requests import OrderRequest

SUPERVISORS, CLOSER = "supervisors", "agent"


def _types() -> list[tuple[str, str]]:
    return [(one.code, one.title) for one in OrderType.objects.current()]


def _offers() -> list[tuple[str, str]]:
    return [(one.code, one.title) for one in Offer.objects.filter(enabled=True).order_by("code")]


def _lists() -> list[tuple[str, Any]]:
    """Those that an agent may put a customer on."""
    return [(one.value, one.label) for one in ListEntry.Kind if one in MARK_KINDS]


def _receivers() -> list[tuple[str, Any]]:
    return [(SUPERVISORS, gettext_lazy("The supervisors of the group")), (CLOSER, gettext_lazy("Who makes the move"))]


def write_list(*, order: WorkOrder, params: Mapping[str, Any], actor: User, now: datetime) -> None:
    """The customer goes on the list; an entry that stands stays as it is."""
    today = timezone.localtime(now).date()
    ends_on = today + timedelta(days=params["days"]) if params.get("days") else None
    reason = _("Order %(order)s") % {"order": order.order_no}
    try:
        with transaction.atomic():
            add_to_list(
                actor=actor, customer=order.customer, kind=params["list"], reason=reason, starts_on=today,
                ends_on=ends_on, source=ListEntry.Source.DISPOSITION, proof=order.order_no, now=now,
            )  # fmt: skip
    except Conflict as already:
        if already.code != "already_listed":
            raise


def open_follow_up(*, order: WorkOrder, params: Mapping[str, Any], actor: User, now: datetime) -> None:
    """Another order for the same line; when the contact gate refuses it, the order's notes say so."""
    kind = OrderType.objects.current().filter(code=params["order_type"]).first()
    if kind is None:
        _tell(order, _("No follow-up order: its type is switched off."), now)
        return
    on = timezone.localtime(now).date()
    request = OrderRequest(
        subscriber_id=order.subscriber_id, type=kind, origin=Origin(OriginKind.FOLLOW_UP, order.order_no), found_on=on,
        due_hours=params.get("hours"), facts={},
    )  # fmt: skip
    (result,) = open_orders(requests=[request], on=on, now=now)
    if result.order_no:
        text = _("Follow-up order %(order)s: %(type)s")
        _tell(order, text % {"order": result.order_no, "type": kind.title}, now)
    else:
        why = result.reason.label if result.reason else ""
        _tell(order, _("No follow-up order: %(reason)s") % {"reason": why}, now)


def withdraw_offers(*, order: WorkOrder, params: Mapping[str, Any], actor: User, now: datetime) -> None:
    """Offers of the order that the customer has not answered are taken back."""
    withdraw_proposals(order_no=order.order_no, actor=actor, now=now)


def send_decision(*, order: WorkOrder, params: Mapping[str, Any], actor: User, now: datetime) -> None:
    """The offer is accepted for the customer and goes to the billing system; the notes say when it cannot."""
    try:
        with transaction.atomic():
            made = propose(
                order_no=order.order_no, subscriber=order.subscriber, offer_code=params["offer"], actor=actor, now=now
            )
            accept(order_no=order.order_no, decision_id=made.pk, actor=actor, now=now)
    except (Invalid, Conflict, Refused) as refused:
        _tell(order, _("The decision was not sent to billing: %(reason)s") % {"reason": refused.message}, now)


def notify_people(*, order: WorkOrder, params: Mapping[str, Any], actor: User, now: datetime) -> None:
    people = [actor]
    if params["who"] == SUPERVISORS:
        people = list(User.objects.filter(teams=order.team_id, role=Role.SUPERVISOR, is_active=True))
    what = Message(ORDER_STEP, {"order": order.order_no, "type": order.type.title, "stage": order.stage_title})
    where = reverse("workorders:order", args=[order.order_no])
    notify(people=people, what=what, where=where, urgency=Urgency.NORMAL, now=now)


def publish_moved(*, order: WorkOrder, params: Mapping[str, Any], actor: User, now: datetime) -> None:
    """`order.moved` for the webhooks that subscribe to it."""
    payload = {
        "order_no": order.order_no, "subscriber_no": order.subscriber.subscriber_no, "type": order.type.code,
        "state": order.state, "stage": order.stage, "step": order.step, "at": timezone.localtime(now).isoformat(),
    }  # fmt: skip
    publish(
        event=ORDER_MOVED, subject=order.subscriber.subscriber_no, payload=payload, branch_id=order.branch_id, now=now
    )


def register() -> None:
    listed = Param("list", gettext_lazy("List"), _lists)
    days = Param("days", gettext_lazy("Days on the list"), required=False)
    hours = Param("hours", gettext_lazy("Hours until due"), required=False)
    EFFECTS.declare("write_list", EffectKind(gettext_lazy("Puts the customer on a list"), write_list, (listed, days)))
    kind = Param("order_type", gettext_lazy("Order type"), _types)
    EFFECTS.declare(
        "open_follow_up", EffectKind(gettext_lazy("Opens a follow-up order"), open_follow_up, (kind, hours))
    )
    EFFECTS.declare("withdraw_offers", EffectKind(gettext_lazy("Takes back unanswered offers"), withdraw_offers))
    offer = Param("offer", gettext_lazy("Offer"), _offers)
    EFFECTS.declare(
        "send_decision", EffectKind(gettext_lazy("Accepts an offer and sends it to billing"), send_decision, (offer,))
    )
    who = Param("who", gettext_lazy("Who is told"), _receivers)
    EFFECTS.declare("notify", EffectKind(gettext_lazy("Notifies people"), notify_people, (who,)))
    EFFECTS.declare("publish_moved", EffectKind(gettext_lazy("Reports the move to webhooks"), publish_moved))


def _tell(order: WorkOrder, text: str, now: datetime) -> None:
    Note.objects.create(order=order, at=now, author=None, author_name="system", text=text)
