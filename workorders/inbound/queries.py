"""The line of a caller, the open orders of its customer, and the list of look-ups."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from customers.facts.models import Subscriber
from retention.core.accounts.models import Branch, User
from retention.core.accounts.roles import Role
from workorders.inbound.models import CallerLookup, CallerLookupQuerySet
from workorders.orders.models import WorkOrder
from workorders.orders.next_orders import may_claim
from workorders.orders.queries import day_bounds
from workorders.orders.states import OPEN, State
from workorders.supervision.periods import Period

MAX_ORDERS_SHOWN = 5
FILTERS = {"agent": "agent__username", "reason": "reason"}
FOUND = {"yes": False, "no": True}  # {value of the filter: whether the line is missing}


@dataclass(frozen=True)
class CallerOrder:
    """An open order of the caller, for one agent. takable: it waits in a queue that the agent may take from. readers:
    to whose desks a message about it goes: who has it, or who supervises the group in whose queue it waits."""

    order: WorkOrder
    own: bool
    takable: bool
    readers: list[User] = field(default_factory=list)


def line_of_caller(agent: User, number: str) -> Subscriber | None:
    """The line of the agent's branch and below with exactly this phone or subscriber number, one in use first."""
    lines = Subscriber.objects.filter(branch__in=Branch.objects.visible_to(agent).values("pk"))
    return lines.called(number).select_related("account").first()


def orders_of_caller(*, customer_id: int, agent: User, now: datetime) -> list[CallerOrder]:
    """The customer's open orders, the one for contacts first; a query for each that waits in a queue."""
    open_orders = WorkOrder.objects.filter(customer=customer_id, state__in=OPEN).select_related(
        "type", "team", "assignee"
    )
    found = list(open_orders.order_by("-one_open", "opened_at", "pk")[:MAX_ORDERS_SHOWN])
    groups = {order.team_id for order in found if order.state == State.QUEUED}
    bosses = User.objects.filter(teams__in=groups, role=Role.SUPERVISOR, is_active=True).distinct()
    supervisors = list(bosses.prefetch_related("teams")) if groups else []
    return [_for_agent(order, agent, supervisors, now) for order in found]


def _for_agent(order: WorkOrder, agent: User, supervisors: list[User], now: datetime) -> CallerOrder:
    if order.state != State.QUEUED:
        readers = [order.assignee] if order.assignee is not None and order.assignee != agent else []
        return CallerOrder(order, order.assignee_id == agent.pk, takable=False, readers=readers)
    takable = may_claim(order, agent, now=now)
    run = [one for one in supervisors if order.team in one.teams.all() and one != agent]
    return CallerOrder(order, own=False, takable=takable, readers=[] if takable else run)


def lookups_for(user: User, period: Period, given: Mapping[str, Any]) -> CallerLookupQuerySet:
    """Look-ups of these days that the person may see, by the filters of the page."""
    since, until = day_bounds(period.first, period.last)
    rows = CallerLookup.objects.visible_to(user).filter(at__gte=since, at__lt=until)
    if given.get("team"):
        rows = rows.filter(agent__in=User.objects.filter(teams__code=given["team"]).values("pk"))
    if given.get("found"):
        rows = rows.filter(subscriber__isnull=FOUND[given["found"]])
    return rows.filter(**{name: given[key] for key, name in FILTERS.items() if given.get(key)})
