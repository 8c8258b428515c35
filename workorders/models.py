from workorders.order_types.models import Disposition, OrderType
from workorders.orders.models import Draft, Note, Transition, WorkOrder

__all__ = ["Disposition", "Draft", "Note", "OrderType", "Transition", "WorkOrder"]
