"""A telephone for the demo and for tests: nobody is called. What happens to a call follows from its reference alone.

Six calls of ten are answered; the others are busy, not answered or not connected.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from workorders.telephony.states import Event, EventKind
from workorders.telephony.switches.base import Answer, Dial, Outcome, Placed, Reported, Telephone

RINGS_AFTER, BUSY_AFTER, FAILS_AFTER, NO_ANSWER_AFTER = 1, 2, 2, 12
FASTEST_ANSWER, SHORTEST_TALK = 3, 40
# Of ten calls
ENDS = [*[EventKind.ANSWERED] * 6, EventKind.BUSY, *[EventKind.NO_ANSWER] * 2, EventKind.FAILED]


class SimulatedTelephone(Telephone):
    name = "simulated"
    can_ask = True

    def dial(self, call: Dial) -> Answer:
        return Answer(Outcome.TAKEN)

    def hang_up(self, reference: str) -> bool:
        return True

    def events(self, call: Placed, *, now: datetime) -> Sequence[Reported]:
        until = min(now, call.hung_up_at or now)
        found = [one for one in script(call.reference, call.started_at) if one.at <= until]
        answered = next((one for one in found if one.kind == EventKind.ANSWERED), None)
        if answered and call.hung_up_at and found[-1].kind != EventKind.ENDED:
            seconds = int((until - answered.at).total_seconds())
            found.append(Event(EventKind.ENDED, until, seconds, recording_of(call.reference), "agent"))
        return [Reported(f"simulated-{one.kind}", call.reference, one) for one in found]


def script(reference: str, started_at: datetime) -> list[Event]:
    """What will happen to the call if the agent does not hang up."""
    draw = hashlib.sha256(reference.encode()).digest()
    end = ENDS[draw[0] % len(ENDS)]

    def after(seconds: int) -> datetime:
        return started_at + timedelta(seconds=seconds)

    if end == EventKind.FAILED:
        return [Event(end, after(FAILS_AFTER))]
    ringing = Event(EventKind.RINGING, after(RINGS_AFTER))
    if end == EventKind.BUSY:
        return [Event(end, after(BUSY_AFTER))]
    if end == EventKind.NO_ANSWER:
        return [ringing, Event(end, after(NO_ANSWER_AFTER))]
    answer, talk = FASTEST_ANSWER + draw[1] % 6, SHORTEST_TALK + draw[2]
    return [
        ringing,
        Event(EventKind.ANSWERED, after(answer)),
        Event(EventKind.ENDED, after(answer + talk), talk, recording_of(reference), "customer"),
    ]


def recording_of(reference: str) -> str:
    return f"REC-{reference}"
