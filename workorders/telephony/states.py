"""The life of a call: which states there are and which events lead from one to another. Pure; no models here.

A call stands where its events leave it, taken by the moment at which they happened: they may come late, twice, and in
any order.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CallState(TextChoices):
    DIALLING = "dialling", pgettext_lazy("call", "Dialling")
    RINGING = "ringing", pgettext_lazy("call", "Ringing")
    TALKING = "talking", pgettext_lazy("call", "On the line")
    ENDED = "ended", pgettext_lazy("call", "Call ended")
    BUSY = "busy", pgettext_lazy("call", "Busy")
    NO_ANSWER = "no_answer", pgettext_lazy("call", "Not answered")
    FAILED = "failed", pgettext_lazy("call", "Not connected")
    ABANDONED = "abandoned", pgettext_lazy("call", "Hung up before an answer")


OPEN = (CallState.DIALLING, CallState.RINGING, CallState.TALKING)
# Whoever has answered; the database repeats it as a check: exactly these calls have a moment of the answer.
ANSWERED = (CallState.TALKING, CallState.ENDED)


class EventKind(TextChoices):
    """In the order in which events of one moment are taken."""

    RINGING = "ringing", pgettext_lazy("call", "Ringing")
    ANSWERED = "answered", pgettext_lazy("call", "Answered")
    BUSY = "busy", pgettext_lazy("call", "Busy")
    NO_ANSWER = "no_answer", pgettext_lazy("call", "Not answered")
    FAILED = "failed", pgettext_lazy("call", "Not connected")
    ENDED = "ended", pgettext_lazy("call", "Call ended")
    HUNG_UP = "hung_up", _("Hung up by the agent")
    UNREACHED = "unreached", _("The switch was not reached")
    LOST = "lost", _("The switch has said no more")


# What a switch reports; the others are our own.
REPORTED = (
    EventKind.RINGING, EventKind.ANSWERED, EventKind.BUSY, EventKind.NO_ANSWER, EventKind.FAILED, EventKind.ENDED,
)  # fmt: skip


class Because(TextChoices):
    """Why a call ended."""

    AGENT = "agent", _("the agent hung up")
    CUSTOMER = "customer", _("the customer hung up")
    SWITCH = "switch", _("ended by the switch")
    BUSY = "busy", pgettext_lazy("call ended", "busy")
    NO_ANSWER = "no_answer", pgettext_lazy("call ended", "not answered")
    FAILED = "failed", pgettext_lazy("call ended", "not connected")
    UNREACHED = "unreached", _("the switch was not reached")
    LOST = "lost", _("the switch has said no more")


_WAITING = (CallState.DIALLING, CallState.RINGING)
# {(state, event): the next state}; an event that is not here changes nothing: the first end stands.
FOLLOWS: dict[tuple[CallState, EventKind], CallState] = {
    (CallState.DIALLING, EventKind.RINGING): CallState.RINGING,
    **{(state, EventKind.ANSWERED): CallState.TALKING for state in _WAITING},
    **{(state, EventKind.BUSY): CallState.BUSY for state in _WAITING},
    **{(state, EventKind.NO_ANSWER): CallState.NO_ANSWER for state in _WAITING},
    **{(state, EventKind.FAILED): CallState.FAILED for state in _WAITING},
    **{(state, EventKind.UNREACHED): CallState.FAILED for state in _WAITING},
    **{(state, EventKind.LOST): CallState.FAILED for state in _WAITING},
    **{(state, EventKind.ENDED): CallState.ABANDONED for state in _WAITING},
    **{(state, EventKind.HUNG_UP): CallState.ABANDONED for state in _WAITING},
    **{
        (CallState.TALKING, kind): CallState.ENDED
        for kind in (EventKind.ENDED, EventKind.HUNG_UP, EventKind.LOST, EventKind.FAILED)
    },
}
_BECAUSE = {
    EventKind.BUSY: Because.BUSY,
    EventKind.NO_ANSWER: Because.NO_ANSWER,
    EventKind.FAILED: Because.FAILED,
    EventKind.ENDED: Because.SWITCH,
    EventKind.HUNG_UP: Because.AGENT,
    EventKind.UNREACHED: Because.UNREACHED,
    EventKind.LOST: Because.LOST,
}
_PLACES = {kind: place for place, kind in enumerate(EventKind)}


@dataclass(frozen=True)
class Event:
    """seconds: how long both have spoken, of an end; None where it is not said. by: who hung up, agent or customer."""

    kind: EventKind
    at: datetime
    seconds: int | None = None
    recording: str = ""
    by: str = ""


@dataclass(frozen=True)
class Standing:
    """Where a call stands. because: "" while it is open."""

    state: CallState = CallState.DIALLING
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    because: str = ""
    recording: str = ""


def stand(started_at: datetime, events: Iterable[Event]) -> Standing:
    """Where the events leave a call. One from before the call began counts as at its beginning: clocks differ.

    An end that says how long both have spoken stands for an answer that was not reported.
    """
    state, answered_at, ended_at, because, recording = CallState.DIALLING, None, None, "", ""
    for one in sorted(events, key=lambda event: (max(event.at, started_at), _PLACES[event.kind])):
        at, recording = max(one.at, started_at), recording or one.recording
        if one.kind == EventKind.ENDED and one.seconds and state in _WAITING:
            state, answered_at = CallState.TALKING, max(started_at, at - timedelta(seconds=one.seconds))
        following = FOLLOWS.get((state, one.kind))
        if following is None:
            continue
        state = following
        if state == CallState.TALKING:
            answered_at = at
        elif state not in OPEN:
            ended_at, because = at, one.by or str(_BECAUSE[one.kind])
    return Standing(state, answered_at, ended_at, because, recording)
