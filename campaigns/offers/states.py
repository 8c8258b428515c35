"""The life of a decision: which states there are and which moves lead from one to another. Pure; no models here.

requested -> proposed -> accepted -> confirmed | refused   (accepted: waits for billing, which calls it "pending")
    |   |        +-----> declined
    |   +-> denied
    +------------+-----> withdrawn | expired

A proposal that costs more than its agent may give begins as requested: a supervisor approves or denies it.
"""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class State(TextChoices):
    REQUESTED = "requested", pgettext_lazy("decision", "Waiting for approval")
    PROPOSED = "proposed", pgettext_lazy("decision", "Put to the customer")
    ACCEPTED = "accepted", pgettext_lazy("decision", "Waiting for billing")
    DECLINED = "declined", pgettext_lazy("decision", "Declined by the customer")
    WITHDRAWN = "withdrawn", pgettext_lazy("decision", "Withdrawn")
    DENIED = "denied", pgettext_lazy("decision", "Not approved")
    EXPIRED = "expired", pgettext_lazy("decision", "Reservation over")
    CONFIRMED = "confirmed", pgettext_lazy("decision", "Carried out by billing")
    REFUSED = "refused", pgettext_lazy("decision", "Refused by billing")


# Accepted by the customer: the states that billing sees, under the names of the API.
ACCEPTED_STATES = (State.ACCEPTED, State.CONFIRMED, State.REFUSED)
API_NAMES: dict[str, str] = {State.ACCEPTED: "pending", State.CONFIRMED: "confirmed", State.REFUSED: "refused"}
# Not answered yet: what an order may have once for each offer.
OPEN_STATES = (State.REQUESTED, State.PROPOSED)
# Given to the customer, as far as is known.
GIVEN_STATES = (State.ACCEPTED, State.CONFIRMED)
# In these a decision holds a piece of the offer's stock and budget.
HOLDING_STATES = (*OPEN_STATES, *GIVEN_STATES)


@dataclass(frozen=True)
class Move:
    """One legal step."""

    name: str
    sources: tuple[State, ...]
    to: State


MOVES: dict[str, Move] = {
    move.name: move
    for move in (
        Move("approve", (State.REQUESTED,), State.PROPOSED),
        Move("deny", (State.REQUESTED,), State.DENIED),
        Move("accept", (State.PROPOSED,), State.ACCEPTED),
        Move("decline", (State.PROPOSED,), State.DECLINED),
        Move("withdraw", OPEN_STATES, State.WITHDRAWN),
        Move("expire", OPEN_STATES, State.EXPIRED),
        Move("confirm", (State.ACCEPTED,), State.CONFIRMED),
        Move("refuse", (State.ACCEPTED,), State.REFUSED),
    )
}
