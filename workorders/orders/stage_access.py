"""Who may work an order where it stands: a stage of its type may name a permission (`who`). The law is flow.lacking."""

from django.db.models import Q
from django.utils.translation import gettext as _

from retention.core.accounts.models import User
from retention.core.accounts.roles import PERMISSION_NAMES
from retention.core.errors import Refused
from workorders.order_types.models import OrderType
from workorders.order_types.stages import Stage, read_stages
from workorders.orders import flow as law
from workorders.orders.models import WorkOrder, WorkOrderQuerySet
from workorders.orders.states import MOVES, State

# What is asked where no move is made yet: may the person save the end of a contact, dial, propose an offer?
WORKING = "complete"
# (type, key of the stage, state). An order of before there were stages has the key "", for the first of its state.
Barred = tuple[int, str, str]


def lacking_stage(order: WorkOrder, user: User, *, move: str = WORKING, to: str = "") -> Stage | None:
    """The stage whose permission the user lacks to make the move with the order; None when there is none."""
    flow, stage = order.type.staged, order.at
    return law.lacking(flow, stage, MOVES[move], user.may, to=to) if stage else None


def require_stage(order: WorkOrder, user: User, *, move: str = WORKING, to: str = "") -> None:
    """Refused, naming the stage and what it takes, unless the user may make the move at the order's stage."""
    if stage := lacking_stage(order, user, move=move, to=to):
        raise Refused(format_lacking(stage), code="stage_not_permitted")


def format_lacking(stage: Stage) -> str:
    """`“Second line” takes the permission “Supervise”, which you do not have.`"""
    title = stage.title or str(State(stage.phase).label)
    said = _("“%(stage)s” takes the permission “%(permission)s”, which you do not have.")
    return said % {"stage": title, "permission": PERMISSION_NAMES.get(stage.who, stage.who)}


def barred_stages(user: User) -> list[Barred]:
    """The stages of all types at which the user may not take an order up; one query, which finds nothing as shipped."""
    found: list[Barred] = []
    for kind, stages, moves in OrderType.objects.guarded().order_by().values_list("pk", "stages", "moves"):
        flow = read_stages(stages, moves)
        for stage in law.barred(flow, user.may):
            keys = [stage.key, ""] if flow.first(stage.phase) == stage else [stage.key]
            found += [(kind, key, stage.phase) for key in keys]
    return found


def workable_by(orders: WorkOrderQuerySet, user: User) -> WorkOrderQuerySet:
    """Those of the orders that stand where the user may take them up."""
    barred = Q()
    for kind, stage, state in barred_stages(user):
        barred |= Q(type=kind, stage=stage, state=state)
    return orders.exclude(barred) if barred else orders
