"""Visits of firms in the demo, and the faults found there: repaired at once, by the second line, or when parts come."""

import random
from collections.abc import Sequence
from datetime import timedelta

from retention.core import clock
from retention.core.accounts.models import User
from retention.portal.services.demo_answers import words
from retention.portal.services.demo_contacts import Result, contact, endings_of, save_ending
from retention.portal.services.desks import Moments
from workorders.order_types.models import Disposition
from workorders.orders.models import Transition, WorkOrder
from workorders.orders.services.outcomes import start
from workorders.orders.services.steps import Given, make_step, steps_for
from workorders.orders.states import MOVES

# The moves of the shipped types, as workorders.order_types.defaults.faults names them.
TO_REPORT, ESCALATE, PARTS = "to_report", "escalate", "parts"
# The row of the state table for what has to wait.
DEFER = MOVES["defer"].name
# One visit in so many finds nobody; minutes on site, then those at the report.
NOBODY_EVERY, ON_SITE, REPORT = 8, (25, 60), (5, 15)
# Of faults: shares that the first line passes on, and for which the second line waits for parts, for days from to.
PASSED_ON, WITHOUT_PARTS, PARTS_COME_AFTER = 0.5, 0.5, (4, 12)


def visit_firm(order: WorkOrder, agent: User, known: Sequence[Disposition], dice: random.Random) -> Moments[None]:
    """From the arrival to the report. A fault or a demand that is reported opens its order, as the type says."""
    start(order_no=order.order_no, agent=agent, version=None, now=clock.now())
    ends = {one.result: one for one in endings_of(order, known)}
    if dice.randrange(NOBODY_EVERY) == 0:
        yield clock.now() + timedelta(minutes=REPORT[0])
        return save_ending(order, agent, ends[Result.NO_ANSWER])
    yield clock.now() + timedelta(minutes=dice.randint(*ON_SITE))
    make_step(order_no=order.order_no, step=TO_REPORT, actor=agent, now=clock.now(), given=Given())
    yield clock.now() + timedelta(minutes=dice.randint(*REPORT))
    save_ending(order, agent, ends[Result.INFORMED])


def handle_fault(order: WorkOrder, agent: User, known: Sequence[Disposition], dice: random.Random) -> Moments[None]:
    """The first line tells the firm that it is repaired, or passes it on; the second line may wait for parts."""
    steps = {one.key: one.via for one in steps_for(order, agent)}
    if ESCALATE in steps:
        if dice.random() < PASSED_ON:
            return _move(order, agent, ESCALATE, Given(reason=words(ESCALATE, agent.language)))
    elif not _has_waited(order) and dice.random() < WITHOUT_PARTS:
        until = clock.now() + timedelta(days=dice.randint(*PARTS_COME_AFTER))
        (step,) = (key for key, via in steps.items() if via == DEFER)
        return _move(order, agent, step, Given(reason=words(PARTS, agent.language), until=until))
    yield from contact(order, agent, known, dice)


def _has_waited(order: WorkOrder) -> bool:
    return Transition.objects.filter(order=order, move=DEFER).exists()


def _move(order: WorkOrder, agent: User, step: str, given: Given) -> None:
    make_step(order_no=order.order_no, step=step, actor=agent, now=clock.now(), given=given)
