"""The supervisor of the demo gives orders to the agents of their groups, as from the supervisor's list."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import cycle

from retention.core.accounts.models import User
from retention.core.accounts.roles import Role
from retention.portal.services.demo_campaigns import person
from workorders.orders.models import WorkOrder
from workorders.supervision.services import reassign


def give_out(*, orders: Iterable[WorkOrder], most: int, now: datetime) -> dict[User, int]:
    """Give queued orders to agents in turn, `most` to each at most; how many to whom. The others stay in the queue."""
    turns: dict[int, Iterator[User]] = {}
    given: dict[User, list[str]] = {}
    for order in orders:
        if order.team_id is None:
            continue
        if order.team_id not in turns:
            turns[order.team_id] = cycle(User.objects.filter(role=Role.AGENT, teams=order.team_id).order_by("pk"))
        agent = next(turns[order.team_id], None)
        if agent is not None and len(given.setdefault(agent, [])) < most:
            given[agent].append(order.order_no)
    for agent, numbers in given.items():
        reassign(order_nos=numbers, actor=person("supervisor"), now=now, agent=agent)
    return {agent: len(numbers) for agent, numbers in given.items()}
