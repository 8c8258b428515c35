"""Which of many orders an action would leave as they are, and why: for the preview and for each part of a run."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, Value, When

from retention.core.accounts.models import User
from workorders.order_types.models import OrderType
from workorders.orders.models import WorkOrder, WorkOrderQuerySet
from workorders.orders.states import CLOSED, MOVES, OPEN, REFINED, State
from workorders.supervision.actions import Action, Refusal


@dataclass(frozen=True)
class Preview:
    """able: orders that the action would be done on. refused: [(why, how many)], without those of none."""

    able: int
    refused: list[tuple[Refusal, int]]

    @property
    def total(self) -> int:
        return self.able + sum(count for _why, count in self.refused)


def move_of(action: str, given: Mapping[str, Any]) -> str:
    """The row of the state table; "" for a change of the priority, which is none."""
    if action == Action.GIVE:
        return "assign" if given.get("agent") else "route"
    return "" if action == Action.PRIORITY else str(action)


def judged(orders: WorkOrderQuerySet, *, action: str, given: Mapping[str, Any], actor: User) -> Any:
    """A queryset of the orders with `why`: the code of the first refusal that holds, "" for none."""
    seen = WorkOrder.objects.visible_to(actor).filter(pk=OuterRef("pk")).order_by()
    cases = [
        When(~Exists(seen), then=Value(Refusal.UNSEEN)),
        When(state__in=CLOSED, then=Value(Refusal.CLOSED)),
    ]
    if action == Action.DEFER:
        cases.append(When(lease_until__isnull=False, then=Value(Refusal.ON_CALL)))
    if (so_already := _unchanged(action, given)) is not None:
        cases.append(When(so_already, then=Value(Refusal.UNCHANGED)))
    if (name := move_of(action, given)) and (illegal := _illegal(name, orders)):
        cases.append(When(illegal, then=Value(Refusal.ILLEGAL)))
    return orders.annotate(why=Case(*cases, default=Value(""), output_field=CharField()))


def preview(orders: WorkOrderQuerySet, *, action: str, given: Mapping[str, Any], actor: User) -> Preview:
    found = judged(orders.order_by(), action=action, given=given, actor=actor).values("why")
    counts = {row["why"]: row["orders"] for row in found.annotate(orders=Count("pk"))}
    return Preview(counts.get("", 0), [(why, counts[why]) for why in Refusal if why in counts])


def _unchanged(action: str, given: Mapping[str, Any]) -> Q | None:
    if action == Action.PRIORITY and given.get("priority"):
        return Q(priority=given["priority"])
    if action == Action.GIVE and given.get("agent"):
        return Q(assignee__username=given["agent"])
    if action == Action.GIVE and given.get("team"):
        return Q(team__code=given["team"], state=State.QUEUED)
    return None


def _illegal(name: str, orders: WorkOrderQuerySet) -> Q:
    """Open orders whose state, or whose stage of their type, has no such move."""
    wrong = Q(state__in=[state for state in OPEN if state not in MOVES[name].sources])
    if name not in REFINED:
        return wrong
    places = orders.order_by().filter(state__in=OPEN).values_list("type", "stage", "state").distinct()
    routes = OrderType.objects.in_bulk([kind for kind, _stage, _state in places])
    for kind, stage, state in places:
        ways = routes[kind].routes
        at = stage or (ways.get("", {}).get(state) or [""])[0]
        if name not in ways.get(at, {}):
            wrong |= Q(type=kind, stage=stage, state=state)
    return wrong
