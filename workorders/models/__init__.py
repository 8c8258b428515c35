from workorders.models.orders import WorkOrder
from workorders.models.trail import Draft, Note, Transition
from workorders.models.types import Disposition, OrderType

__all__ = ["Disposition", "Draft", "Note", "OrderType", "Transition", "WorkOrder"]
