"""How much work the agents get done."""

from datetime import datetime, timedelta

from retention.core.accounts.models import User
from workorders.orders.models import WorkOrder
from workorders.orders.states import State

CAPACITY_DAYS = 30


def orders_closed_a_day(user: User, now: datetime) -> float:
    """Orders that agents have brought to their end, a day over the last 30, of those that this person may see."""
    done = WorkOrder.objects.visible_to(user).filter(state=State.DONE, closed_at__gt=now - timedelta(CAPACITY_DAYS))
    return done.count() / CAPACITY_DAYS
