"""Lines of the demo that left: the manager opens orders as from the win-back page, and agents call some of them."""

import random
from datetime import date

from analytics.win_back.queries import LeftLines, facts_of_leavers
from analytics.win_back.rules import BINS
from retention.core import clock
from retention.portal.services.demo_campaigns import person
from retention.portal.services.demo_contacts import WIN_BACK
from retention.portal.services.demo_sharing import give_out
from retention.portal.services.working_days import at_hour, work_orders
from workorders.orders.models import WorkOrder
from workorders.orders.origins import Origin, OriginKind
from workorders.orders.services.manual_opening import open_by_hand
from workorders.orders.states import State

# Of those who left so many days ago, the best payers are chosen; and so much of the orders is given to agents at once.
OF_EACH, GIVEN_OUT, MOST_AN_AGENT = 8, 0.6, 10
OPENED, CALLED = 14, 15


def call_leavers(*, day: date) -> int:
    """Orders are opened and called for on the afternoon of a day; the others stay in the queue. Returns those worked.
    A customer who has an order gets no second one."""
    dice, now = random.Random(day.toordinal()), at_hour(day, OPENED)
    with clock.freeze(now):
        _open()
        found = WorkOrder.objects.filter(type__code=WIN_BACK, state=State.QUEUED, opened_on=day).order_by("pk")
        chosen = [order for order in found if dice.random() < GIVEN_OUT]
        shares = give_out(orders=chosen, most=MOST_AN_AGENT, now=now)
    return work_orders(day=day, dice=dice, hour=CALLED, shares=shares)


def _open() -> None:
    manager, now = person("manager"), clock.now()
    ids = [pk for days in BINS for pk in LeftLines(manager, {"since": days}, now).first_ids[:OF_EACH]]
    open_by_hand(
        subscriber_ids=ids, order_type=WIN_BACK, actor=manager, now=now, origin=Origin(OriginKind.WIN_BACK),
        facts=facts_of_leavers(user=manager, ids=ids),
    )  # fmt: skip
