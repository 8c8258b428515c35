"""Contacts of the demo by telephone: the call, how it ended, the offer made and what the customer said."""

import random
from collections.abc import Mapping, Sequence
from datetime import timedelta

from campaigns.offers.models import Decision, DeclineReason, ceilings
from campaigns.offers.queries.matching import eligible_for
from campaigns.offers.states import State
from retention.core import clock
from retention.core.accounts.models import User
from retention.portal.services.demo_answers import form_answers, survey_answers
from retention.portal.services.demo_calls import call_customer
from retention.portal.services.desks import Moments
from workorders.inspections.queries import FAULT
from workorders.order_types import rules
from workorders.order_types.models import Disposition
from workorders.orders.models import WorkOrder
from workorders.orders.services.answers import survey_of_order
from workorders.orders.services.outcomes import record_outcome
from workorders.proposals.services import accept_offer, decline_offer, propose_offer
from workorders.telephony.models import Call
from workorders.telephony.queries import proposed_end

Result = Disposition.Result
WIN_BACK = "win_back"
# Outcomes of a call with their weights: about what a retention centre reports.
OUTCOMES: Mapping[str, int] = {
    Result.NO_ANSWER: 30,
    Result.RETAINED: 22,
    Result.ACCEPTED: 14,
    Result.REFUSED: 18,
    Result.CONSIDERING: 10,
    Result.WRONG_NUMBER: 3,
    Result.DO_NOT_CALL: 3,
}
# Of types whose calls end in another way.
OUTCOMES_OF: Mapping[str, Mapping[str, int]] = {
    FAULT: {Result.NO_ANSWER: 30, Result.INFORMED: 65, Result.RETAINED: 5},
    WIN_BACK: {
        Result.NO_ANSWER: 30, Result.ACCEPTED: 12, Result.REFUSED: 36, Result.CONSIDERING: 10, Result.INFORMED: 4,
        Result.WRONG_NUMBER: 4, Result.DO_NOT_CALL: 4,
    },
}  # fmt: skip
# Seconds at least and at most: an order is read before the call, and the outcome written after it.
READING, WRITING = (10, 45), (15, 90)


def known_endings() -> list[Disposition]:
    """The dispositions that the demo's contacts may end with: those that take no appointment."""
    return list(Disposition.objects.choosable().filter(needs_appointment=False))


def contact(order: WorkOrder, agent: User, known: Sequence[Disposition], dice: random.Random) -> Moments[None]:
    """Call the customer of the order on the desk and save how it ended."""
    yield clock.now() + timedelta(seconds=dice.randint(*READING))
    call = yield from call_customer(order, agent)
    if call:
        yield clock.now() + timedelta(seconds=dice.randint(*WRITING))
    weights = OUTCOMES_OF.get(order.type.code, OUTCOMES)
    offered = endings_of(order, known)
    endings = fitting_endings([one for one in offered if one.result in weights], call)
    ending = _draw(endings, weights, dice)
    if ending.result in {Result.ACCEPTED, Result.REFUSED} and any(one.result == Result.ACCEPTED for one in endings):
        accepted = ending.result == Result.ACCEPTED
        if not _make_offer(order, agent, accepted=accepted, dice=dice) and accepted:
            ending = _draw([one for one in endings if one.result != Result.ACCEPTED], weights, dice)
    save_ending(order, agent, ending)


def endings_of(order: WorkOrder, known: Sequence[Disposition]) -> list[Disposition]:
    """Those that the order's type offers."""
    flow = rules.read(order.type.flow, order.type.fields)
    return [one for one in known if flow.offers(one.code)]


def fitting_endings(endings: Sequence[Disposition], call: Call | None) -> list[Disposition]:
    """Those that go with how the call ended; all where nothing is known of the call."""
    if call is None:
        return list(endings)
    usual = proposed_end(call, endings)
    found = [one for one in endings if (one.result == Result.NO_ANSWER) == (call.answered_at is None)]
    return [one for one in found if one.code == usual] or found


def save_ending(order: WorkOrder, agent: User, ending: Disposition) -> None:
    """Save the end of a contact, with the answers of whoever was reached."""
    record_outcome(
        order_no=order.order_no,
        agent=agent,
        disposition=ending.code,
        answers=_answers(order, agent, ending) if ending.reached else {},
        note="",
        appointment_at=None,
        version=None,
        now=clock.now(),
    )


def _answers(order: WorkOrder, agent: User, ending: Disposition) -> Mapping[str, object]:
    """What the customer said to the questionnaire, or to the questions of the type."""
    dice = random.Random(order.order_no)
    if survey := survey_of_order(order):
        return survey_answers(survey.tree, dice, language=agent.language)
    fields = rules.read(order.type.flow, order.type.fields).fields
    return form_answers(fields, dice, language=agent.language, disposition=ending.code)


def _draw(endings: Sequence[Disposition], weights: Mapping[str, int], dice: random.Random) -> Disposition:
    return dice.choices(endings, [weights[one.result] for one in endings])[0]


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
