"""Tables of work orders (`orders`) and of their trail (`trail`)."""

from workorders.orders.models.orders import (
    CLAIM_ORDER,
    CLAIM_ORDER_SQL,
    OF_ALL,
    OF_OWNER,
    OF_RULE,
    WorkOrder,
    WorkOrderQuerySet,
)
from workorders.orders.models.trail import Draft, Note, Transition, TransitionQuerySet

__all__ = [
    "CLAIM_ORDER",
    "CLAIM_ORDER_SQL",
    "OF_ALL",
    "OF_OWNER",
    "OF_RULE",
    "Draft",
    "Note",
    "Transition",
    "TransitionQuerySet",
    "WorkOrder",
    "WorkOrderQuerySet",
]
