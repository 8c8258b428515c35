"""The life of a campaign, and of one of its members: which states there are and which moves lead on. Pure; no models.

draft -> test -> submitted -> approved -> frozen -> running <-> paused -> measuring -> evaluated -> archived
  +<-------+---------+-----------+----------+        (a change before the freezing, or sending back, makes it a draft)
"""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(TextChoices):
    DRAFT = "draft", pgettext_lazy("campaign", "Draft")
    TEST = "test", pgettext_lazy("campaign", "Tested")
    SUBMITTED = "submitted", pgettext_lazy("campaign", "Submitted")
    APPROVED = "approved", pgettext_lazy("campaign", "Approved")
    FROZEN = "frozen", pgettext_lazy("campaign", "Audience frozen")
    RUNNING = "running", pgettext_lazy("campaign", "Running")
    PAUSED = "paused", pgettext_lazy("campaign", "Paused")
    MEASURING = "measuring", pgettext_lazy("campaign", "Measuring")
    EVALUATED = "evaluated", pgettext_lazy("campaign", "Evaluated")
    ARCHIVED = "archived", pgettext_lazy("campaign", "Archived")


class Move(TextChoices):
    TEST = "test", _("Test")
    SUBMIT = "submit", _("Submit for approval")
    APPROVE = "approve", _("Approve")
    SEND_BACK = "send_back", _("Send back")
    FREEZE = "freeze", _("Freeze the audience")
    THAW = "thaw", _("Give the audience up")
    LAUNCH = "launch", _("Launch")
    PAUSE = "pause", _("Pause")
    RESUME = "resume", _("Go on")
    STOP = "stop", _("Stop for good")
    FINISH = "finish", _("Finish contacting")
    EVALUATE = "evaluate", _("Close the measurement")
    ARCHIVE = "archive", _("Archive")


@dataclass(frozen=True)
class Step:
    """sources: the states that the move starts from; to: where it leads."""

    sources: tuple[State, ...]
    to: State


MOVES: dict[Move, Step] = {
    Move.TEST: Step((State.DRAFT, State.TEST), State.TEST),
    Move.SUBMIT: Step((State.TEST,), State.SUBMITTED),
    Move.APPROVE: Step((State.SUBMITTED,), State.APPROVED),
    Move.SEND_BACK: Step((State.SUBMITTED, State.APPROVED), State.DRAFT),
    Move.FREEZE: Step((State.APPROVED,), State.FROZEN),
    Move.THAW: Step((State.FROZEN,), State.DRAFT),
    Move.LAUNCH: Step((State.FROZEN,), State.RUNNING),
    Move.PAUSE: Step((State.RUNNING,), State.PAUSED),
    Move.RESUME: Step((State.PAUSED,), State.RUNNING),
    Move.STOP: Step((State.RUNNING, State.PAUSED), State.MEASURING),
    Move.FINISH: Step((State.RUNNING,), State.MEASURING),
    Move.EVALUATE: Step((State.MEASURING,), State.EVALUATED),
    Move.ARCHIVE: Step((State.EVALUATED,), State.ARCHIVED),
}

# A change of what was tested or approved makes these a draft again; from the freezing on it is refused.
CHANGEABLE = (State.DRAFT, State.TEST, State.SUBMITTED, State.APPROVED)
# Members exist, and who is treated and who is not is settled.
FROZEN_STATES = tuple(state for state in State if state not in CHANGEABLE)
APPROVED_STATES = (State.APPROVED, *FROZEN_STATES)
# The control group is left alone.
HOLDING_STATES = (State.FROZEN, State.RUNNING, State.PAUSED, State.MEASURING)
UNDER_WAY = (State.RUNNING, State.PAUSED)


def moves_from(state: str) -> list[Move]:
    """In the order in which pages offer them."""
    return [move for move, step in MOVES.items() if state in step.sources]


class MemberState(TextChoices):
    """WAITING: for its wave. DUE: its wave is open, the order is to be opened. RESTING: another contact came first; it
    is asked for again. WITHDRAWN: taken back when the campaign was stopped, before or while its order waited."""

    WAITING = "waiting", pgettext_lazy("campaign member", "Waits for its wave")
    DUE = "due", pgettext_lazy("campaign member", "Wave open")
    OPENED = "opened", pgettext_lazy("campaign member", "Order or message opened")
    REFUSED = "refused", pgettext_lazy("campaign member", "Not contacted (contact rule)")
    RESTING = "resting", pgettext_lazy("campaign member", "Rests for another contact")
    WITHDRAWN = "withdrawn", pgettext_lazy("campaign member", "Taken back")
    GONE = "gone", pgettext_lazy("campaign member", "Line not in use any more")
    LEFT_ALONE = "left_alone", pgettext_lazy("campaign member", "Left alone (control)")


# Those that may still get an order.
OUTSTANDING = (MemberState.WAITING, MemberState.DUE, MemberState.RESTING)


class Arm(TextChoices):
    TREATED = "treated", pgettext_lazy("campaign", "Treated")
    CONTROL = "control", pgettext_lazy("campaign", "Control")
