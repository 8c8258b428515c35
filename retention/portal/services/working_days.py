"""Working days of the demo: agents work orders, and billing settles what was accepted the day before."""

import random
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import cycle
from zoneinfo import ZoneInfo

from django.conf import settings

from campaigns.declarations import DECISIONS_WRITE
from campaigns.offers.models import Decision
from campaigns.offers.services.billing import confirm, refuse
from campaigns.offers.states import State
from retention.core import clock
from retention.core.accounts.models import User
from retention.core.accounts.roles import Role
from retention.core.api.models import ApiClient
from retention.core.api.services.clients import create_client
from retention.portal.services.demo_contacts import contact, known_endings
from retention.portal.services.demo_visits import handle_fault, visit_firm
from retention.portal.services.desks import Moments, run_desks
from workorders.inspections.queries import FAULT, INSPECTION
from workorders.order_types.models import Disposition
from workorders.orders.models import WorkOrder
from workorders.orders.services.claiming import next_order

ORDERS_AN_AGENT = 12
# From one order to the next, unless the first takes longer.
ORDER_EVERY = timedelta(minutes=25)
BEGINS = 9
# Types whose orders are not a call alone.
HANDLED_BY = {INSPECTION: visit_firm, FAULT: handle_fault}
BILLING_CLIENT = "Demo billing"
# Billing refuses one in so many, the second first, so that a small demo has both.
REFUSED_EVERY = 5
REFUSAL = "The line has a contract under another policy."


def work_orders(*, day: date, dice: random.Random, hour: int = BEGINS, shares: Mapping[User, int] | None = None) -> int:
    """Every agent works orders of their own and of their queue from an hour on; how many were worked.

    shares: how many each of these agents works, and nobody else; None: everybody, ORDERS_AN_AGENT.
    """
    if shares is None:
        shares = dict.fromkeys(User.objects.filter(role=Role.AGENT).order_by("pk"), ORDERS_AN_AGENT)
    known, worked = known_endings(), list[WorkOrder]()
    begin = at_hour(day, hour)
    run_desks(_desk(agent, begin, count, known, dice, worked) for agent, count in shares.items())
    return len(worked)


def _desk(
    agent: User, at: datetime, count: int, known: Sequence[Disposition], dice: random.Random, worked: list[WorkOrder]
) -> Moments[None]:
    for _place in range(count):
        yield at
        order = next_order(agent=agent, now=clock.now())
        if order is None:
            return
        worked.append(order)
        yield from HANDLED_BY.get(order.type.code, contact)(order, agent, known, dice)
        at = max(at + ORDER_EVERY, clock.now() + timedelta(minutes=1))


def settle_decisions(*, day: date) -> int:
    """At eight, billing carries out or refuses what customers accepted on the days before; how many it were."""
    now = at_hour(day, 8)
    waiting = list(Decision.objects.for_billing().filter(state=State.ACCEPTED, accepted_at__lt=now).order_by("pk"))
    refuses = cycle(place == 1 for place in range(REFUSED_EVERY))
    for decision, refused in zip(waiting, refuses, strict=False):
        number, client = str(decision.public_id), _billing(now)
        if refused:
            refuse(decision_id=number, client=client, reason=REFUSAL, now=now)
        else:
            confirm(decision_id=number, client=client, billing_ref=f"CHG-{decision.pk:06}", now=now)
    return len(waiting)


def _billing(now: datetime) -> ApiClient:
    """The client of the demo's billing system. Its key is shown to nobody; a new one may be made for it."""
    found = ApiClient.objects.filter(name=BILLING_CLIENT).first()
    return found or create_client(name=BILLING_CLIENT, scopes=[DECISIONS_WRITE], now=now).client


def at_hour(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), ZoneInfo(settings.TIME_ZONE))
