"""Order types with what uses them. Read-only."""

from collections.abc import Callable
from dataclasses import dataclass

from campaigns.scenarios.models import Scenario
from retention.core.accounts.models import User
from retention.core.registry import Registry
from workorders.order_types.models import OrderType

# "open": {code of a type: open orders that the person `user` may see}. Declared by the feature that has the orders.
ORDER_COUNTS: Registry[str, Callable[..., dict[str, int]]] = Registry("count of orders by type")


@dataclass
class TypeRow:
    """The version that new orders take. open_orders: of all versions; scenarios: codes of those that are on;
    draft: the version that is being edited."""

    type: OrderType
    open_orders: int
    scenarios: list[str]
    draft: int | None = None


def types_for(user: User) -> list[TypeRow]:
    """All types; the orders are those that the person may see."""
    counted = ORDER_COUNTS["open"](user=user)
    uses: dict[str, list[str]] = {}
    for code, order_type in Scenario.objects.filter(enabled=True).order_by("code").values_list("code", "order_type"):
        uses.setdefault(order_type, []).append(code)
    drafts = dict(OrderType.objects.drafts().values_list("code", "version"))
    return [
        TypeRow(row, counted.get(row.code, 0), uses.get(row.code, []), drafts.get(row.code))
        for row in OrderType.objects.for_administration()
    ]
