"""What we and a switch say to each other. No database here: a switch gets a number and gives back events."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from workorders.telephony.states import Event


@dataclass(frozen=True)
class Dial:
    """reference: ours; the switch names it in its events. extension: of the agent. timeout: seconds it may ring."""

    reference: str
    number: str
    extension: str
    timeout: int


class Outcome(StrEnum):
    TAKEN = "taken"
    REFUSED = "refused"  # this call, for good
    DOWN = "down"  # nothing has arrived there
    DOUBTFUL = "doubtful"  # no answer: it may ring


@dataclass(frozen=True)
class Answer:
    """What the switch says to a request. detail: its words."""

    outcome: Outcome
    detail: str = ""


@dataclass(frozen=True)
class Placed:
    """A call as it was placed; hung_up_at: when the agent has hung up."""

    reference: str
    started_at: datetime
    hung_up_at: datetime | None = None


@dataclass(frozen=True)
class Reported:
    """An event of a switch. event_no: its number of the event; the same is kept once."""

    event_no: str
    reference: str
    event: Event


class Telephone:
    """name: as in TELEPHONE. dials: whether calls are placed here; else the number is a link and nothing more.
    needs_extension: whether the agent's telephone must be known. can_ask: whether events are asked for; those of other
    switches come over the API."""

    name: str
    dials = True
    needs_extension = False
    can_ask = False

    def dial(self, call: Dial) -> Answer:
        """Ring the agent, then the customer. Given the same reference again it places no second call."""
        return Answer(Outcome.DOWN)

    def hang_up(self, reference: str) -> bool:
        """Whether the switch has taken it; a call that it does not know any more counts as hung up."""
        return False

    def events(self, call: Placed, *, now: datetime) -> Sequence[Reported]:
        """What has happened to the call until now, from its beginning."""
        return ()
