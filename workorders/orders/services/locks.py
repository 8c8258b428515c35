"""Locks one order for a change, and checks that it is as the user last saw it."""

from django.utils.translation import gettext as _

from retention.core.accounts.models import User
from retention.core.errors import Conflict, NotFound
from retention.core.ui.formats import moment
from workorders.orders.flow import target
from workorders.orders.models import Transition, WorkOrder
from workorders.orders.stage_access import require_stage
from workorders.orders.states import MOVES


def lock_order(
    *, order_no: str, user: User, version: int | None = None, move: str = "", own: bool = False
) -> WorkOrder:
    """The order, locked until the transaction ends. own: only when it is assigned to the user.

    NotFound when the user may not see it. Conflict (409), with the changes since, when it has left the user, when it
    is no longer at `version`, or when `move` is not legal any more; `details` has one entry for each change. Refused
    when the stage where it stands takes a permission for `move` that the user does not have.
    """
    order = WorkOrder.objects.select_for_update(of=("self",)).select_related("type").filter(order_no=order_no).first()
    visible = order is not None and _is_visible(order, user)
    if order is None or not (visible or has_worked_on(order, user)):
        raise NotFound(_("There is no such work order."))
    if version is not None and order.version != version:
        raise Conflict(
            _("This order was changed meanwhile. What you typed is kept."),
            code="changed_meanwhile",
            details=changes_since(order, version),
        )
    if not visible:
        raise Conflict(
            _("This order is no longer with you."), code="not_yours", details=changes_since(order, order.version - 1)
        )
    if move and order.state not in MOVES[move].sources:
        raise Conflict(
            _("An order that is %(state)s does not allow this.") % {"state": order.get_state_display()},
            code="illegal_move",
            details=changes_since(order, order.version - 1),
        )
    if own and order.assignee_id != user.pk:
        raise Conflict(_("This order is with somebody else."), code="not_yours")
    if move:
        require_stage(order, user, move=move)
    return order


def require_move(order: WorkOrder, name: str) -> None:
    """Conflict when the version of the order's type has no such move where the order stands."""
    flow = order.type.staged
    stage = flow.current(order.stage, order.state)
    if stage is None or target(flow, stage, MOVES[name]) is None:
        message = _("At “%(stage)s” an order of this type does not allow this: %(move)s.")
        raise Conflict(message % {"stage": order.stage_title, "move": MOVES[name].label}, code="illegal_move")


def may_know(order: WorkOrder, user: User) -> bool:
    """Whether the user may learn that this order exists: may see it, or has worked on it."""
    return _is_visible(order, user) or has_worked_on(order, user)


def _is_visible(order: WorkOrder, user: User) -> bool:
    """The assignee may see the order: the common case needs no query."""
    return order.assignee_id == user.pk or WorkOrder.objects.visible_to(user).filter(pk=order.pk).exists()


def has_worked_on(order: WorkOrder, user: User) -> bool:
    return Transition.objects.filter(order=order, actor=user).exists()


def changes_since(order: WorkOrder, version: int) -> list[dict[str, str]]:
    """Changes after `version` as sentences: [{"field", "code", "message"}], newest first."""
    lines = Transition.objects.for_history().filter(order=order, version__gt=version)
    found = []
    for line in lines:
        line.order = order
        found.append({"field": "state", "code": line.move, "message": format_transition(line)})
    return found


def format_transition(line: Transition) -> str:
    """`Given to an agent by supervisor, 22 Nov 2026 10:20`."""
    return _("%(what)s by %(who)s, %(when)s") % {
        "what": line.move_label,
        "who": line.actor_name,
        "when": moment(line.at),
    }
