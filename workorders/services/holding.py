"""Getting hold of one order to change it: seen, locked, and still as the person last saw it."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from retention.core.errors import Conflict, NotFound
from retention.core.models import User
from workorders.models import Transition, WorkOrder
from workorders.states import MOVES


def hold(*, order_no: str, user: User, version: int | None = None, move: str = "") -> WorkOrder:
    """The order, locked until the transaction ends.

    NotFound when the person may not know it. Conflict (409), with what was done since, when it has left him, when it is
    no longer at `version`, or when `move` is not legal any more; `details` has one entry for each deed.
    """
    order = WorkOrder.objects.select_for_update(of=("self",)).select_related("type").filter(order_no=order_no).first()
    if order is None or not may_know(order, user):
        raise NotFound(_("There is no such work order."))
    if version is not None and order.version != version:
        raise Conflict(
            _("This order was changed meanwhile. What you typed is kept."),
            code="changed_meanwhile",
            details=changes_since(order, version),
        )
    if not WorkOrder.objects.visible_to(user).filter(pk=order.pk).exists():
        raise Conflict(
            _("This order is no longer with you."), code="not_yours", details=changes_since(order, order.version - 1)
        )
    if move and order.state not in MOVES[move].sources:
        raise Conflict(
            _("An order that is %(state)s does not allow this.") % {"state": order.get_state_display()},
            code="illegal_move",
            details=changes_since(order, order.version - 1),
        )
    return order


def may_know(order: WorkOrder, user: User) -> bool:
    """Whether it is no news to the person that this order exists: it is his to see, or he has worked on it."""
    if WorkOrder.objects.visible_to(user).filter(pk=order.pk).exists():
        return True
    return Transition.objects.filter(order=order, actor=user).exists()


def changes_since(order: WorkOrder, version: int) -> list[dict[str, str]]:
    """What was done after `version`, in words: [{"field", "code", "message"}], newest first."""
    lines = Transition.objects.for_history().filter(order=order, version__gt=version)
    return [{"field": "state", "code": line.move, "message": said(line)} for line in lines]


def said(line: Transition) -> str:
    """`Given to an agent by supervisor, 22 Nov 2026 10:20`."""
    return _("%(what)s by %(who)s, %(when)s") % {
        "what": line.move_label,
        "who": line.actor_name,
        "when": _when(line.at),
    }


def _when(at: datetime) -> str:
    return date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT")
