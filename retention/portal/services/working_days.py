"""Working days of the demo: agents call and make offers, and billing settles what was accepted the day before."""

import random
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from itertools import cycle
from zoneinfo import ZoneInfo

from django.conf import settings

from campaigns.declarations import DECISIONS_WRITE
from campaigns.offers.models import Decision, DeclineReason, ceilings
from campaigns.offers.queries.matching import eligible_for
from campaigns.offers.services.billing import confirm, refuse
from campaigns.offers.states import State
from retention.core import clock
from retention.core.accounts.models import User
from retention.core.accounts.roles import Role
from retention.core.api.models import ApiClient
from retention.core.api.services.clients import create_client
from retention.portal.services.demo_answers import survey_answers
from workorders.order_types import rules
from workorders.order_types.models import Disposition
from workorders.orders.models import WorkOrder
from workorders.orders.services.answers import survey_of_order
from workorders.orders.services.claiming import claim_next
from workorders.orders.services.outcomes import record_outcome
from workorders.proposals.services import accept_offer, decline_offer, propose_offer

ORDERS_AN_AGENT = 12
CALL_LENGTH = timedelta(minutes=25)
# Outcomes of a call with their weights: about what a retention centre reports.
OUTCOMES: dict[str, int] = {
    Disposition.Result.NO_ANSWER: 30,
    Disposition.Result.RETAINED: 22,
    Disposition.Result.ACCEPTED: 14,
    Disposition.Result.REFUSED: 18,
    Disposition.Result.CONSIDERING: 10,
    Disposition.Result.WRONG_NUMBER: 3,
    Disposition.Result.DO_NOT_CALL: 3,
}
BILLING_CLIENT = "Demo billing"
# Billing refuses one in so many, the second first, so that a small demo has both.
REFUSED_EVERY = 5
REFUSAL = "The line has a contract under another policy."


def work_orders(*, day: date, dice: random.Random) -> int:
    """Every agent works orders of their queue from nine o'clock on; how many were worked."""
    known = list(Disposition.objects.choosable().filter(result__in=OUTCOMES, needs_appointment=False))
    done = 0
    for agent in User.objects.filter(role=Role.AGENT).order_by("pk"):
        for call in range(ORDERS_AN_AGENT):
            with clock.freeze(at_hour(day, 9) + CALL_LENGTH * call):
                order = claim_next(agent=agent, now=clock.now())
                if order is None:
                    break
                _call(order, agent, known, dice)
                done += 1
    return done


def _call(order: WorkOrder, agent: User, known: list[Disposition], dice: random.Random) -> None:
    offered = rules.read(order.type.flow, order.type.fields)
    endings = [one for one in known if offered.offers(one.code)]
    ending = _draw(endings, dice)
    if ending.result in {Disposition.Result.ACCEPTED, Disposition.Result.REFUSED}:
        accepted = ending.result == Disposition.Result.ACCEPTED
        if not _make_offer(order, agent, accepted=accepted, dice=dice) and accepted:
            ending = _draw([one for one in endings if one.result != Disposition.Result.ACCEPTED], dice)
    record_outcome(
        order_no=order.order_no,
        agent=agent,
        disposition=ending.code,
        answers=_answers(order, offered, agent) if ending.reached else {},
        note="",
        appointment_at=None,
        version=order.version,
        now=clock.now(),
    )


def _answers(order: WorkOrder, offered: rules.Flow, agent: User) -> Mapping[str, object]:
    """What the customer said to the questionnaire, or to the type's questions with choices."""
    dice = random.Random(order.order_no)
    if survey := survey_of_order(order):
        return survey_answers(survey.tree, dice, language=agent.language)
    return {one.key: dice.choice(one.choices).value for one in offered.fields if one.choices}


def _draw(endings: list[Disposition], dice: random.Random) -> Disposition:
    return dice.choices(endings, [OUTCOMES[one.result] for one in endings])[0]


def _make_offer(order: WorkOrder, agent: User, *, accepted: bool, dice: random.Random) -> bool:
    """Put the offer that is expected to bring most, of those the agent may give alone, to the customer; False without
    one, or while another waits for billing."""
    if Decision.objects.filter(subscriber=order.subscriber_id, state=State.ACCEPTED).exists():
        return False
    ceiling = ceilings()[agent.role]
    eligible = [
        one
        for one in eligible_for(subscriber_id=order.subscriber_id, on=clock.today())
        if one.amounts and (ceiling is None or one.amounts.cost <= ceiling)
    ]
    if not eligible:
        return False
    order_no, now = order.order_no, clock.now()
    proposed = propose_offer(order_no=order_no, agent=agent, offer=eligible[0].offer.code, now=now).pk
    if accepted:
        accept_offer(order_no=order_no, agent=agent, decision=proposed, now=now)
    else:
        reason = dice.choice(DeclineReason.values)
        decline_offer(order_no=order_no, agent=agent, decision=proposed, reason=reason, now=now)
    return True


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
