"""Lines of the trails, by days and by what is asked for."""

from collections.abc import Mapping
from typing import Any

from retention.core.accounts.models import User
from workorders.orders.models import Transition, TransitionQuerySet, WorkOrder
from workorders.orders.queries import day_bounds
from workorders.supervision.periods import Period

FILTERS = {
    "agent": "actor__username", "team": "order__team__code", "type": "order__type__code", "move": "move",
    "q": "order__order_no",
}  # fmt: skip


def lines_for(user: User, period: Period | None, given: Mapping[str, Any]) -> TransitionQuerySet:
    """Lines of orders that the person may see, by the filters of the page; of all days without a period."""
    found = Transition.objects.filter(order__in=WorkOrder.objects.visible_to(user).values("pk"))
    if period is not None:
        since, until = day_bounds(period.first, period.last)
        found = found.filter(at__gte=since, at__lt=until)
    return found.filter(**{field: given[name] for name, field in FILTERS.items() if given.get(name)})
