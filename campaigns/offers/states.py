"""The life of a decision: which states there are and which moves lead from one to another. Pure; no models here.

proposed -> accepted -> confirmed | refused      (accepted: waits for the billing system, which calls it "pending")
    +-----> declined | withdrawn
"""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class State(TextChoices):
    PROPOSED = "proposed", pgettext_lazy("decision", "Put to the customer")
    ACCEPTED = "accepted", pgettext_lazy("decision", "Waiting for billing")
    DECLINED = "declined", pgettext_lazy("decision", "Declined by the customer")
    WITHDRAWN = "withdrawn", pgettext_lazy("decision", "Withdrawn")
    CONFIRMED = "confirmed", pgettext_lazy("decision", "Carried out by billing")
    REFUSED = "refused", pgettext_lazy("decision", "Refused by billing")


# Accepted by the customer: the states that billing sees, under the names of the API.
ACCEPTED_STATES = (State.ACCEPTED, State.CONFIRMED, State.REFUSED)
API_NAMES: dict[str, str] = {State.ACCEPTED: "pending", State.CONFIRMED: "confirmed", State.REFUSED: "refused"}


@dataclass(frozen=True)
class Move:
    """One legal step."""

    name: str
    source: State
    to: State


MOVES: dict[str, Move] = {
    move.name: move
    for move in (
        Move("accept", State.PROPOSED, State.ACCEPTED),
        Move("decline", State.PROPOSED, State.DECLINED),
        Move("withdraw", State.PROPOSED, State.WITHDRAWN),
        Move("confirm", State.ACCEPTED, State.CONFIRMED),
        Move("refuse", State.ACCEPTED, State.REFUSED),
    )
}
