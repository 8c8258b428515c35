"""The life of a work order: which states there are and which moves lead from one to another. Pure; no models here.

queued -> assigned -> in progress -> done
  ^          |            |
  +--- retry, expire, take back        waiting: an appointment the agent has promised

A contact that was saved wrong is opened again: by its agent on the same day, by a supervisor for the queue.

The stages of an order type refine these states (workorders/orders/flow.py): each of its moves names a row of MOVES.
"""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(TextChoices):
    QUEUED = "queued", pgettext_lazy("order state", "Queued")
    ASSIGNED = "assigned", pgettext_lazy("order state", "Assigned")
    IN_PROGRESS = "in_progress", pgettext_lazy("order state", "In progress")
    WAITING = "waiting", pgettext_lazy("order state", "Appointment")
    DONE = "done", pgettext_lazy("order state", "Done")
    CANCELLED = "cancelled", pgettext_lazy("order state", "Cancelled")


# With an agent; the database repeats it as a check: exactly these orders have an assignee.
HELD = (State.ASSIGNED, State.IN_PROGRESS, State.WAITING)
# On an agent's desk now; only these may carry a lease.
WORKED = (State.ASSIGNED, State.IN_PROGRESS)
OPEN = (State.QUEUED, *HELD)
CLOSED = (State.DONE, State.CANCELLED)

SYSTEM = ""  # the permission of moves that no person makes


@dataclass(frozen=True)
class Move:
    """One legal step: from any of `sources` to `to`; takes `permission` (SYSTEM: by the clock alone)."""

    name: str
    label: object
    sources: frozenset[State]
    to: State
    permission: str


def _move(name: str, label: object, sources: tuple[State, ...], to: State, permission: str) -> tuple[str, Move]:
    return name, Move(name, label, frozenset(sources), to, permission)


WORK, SUPERVISE = "work.do", "work.supervise"
MOVES: dict[str, Move] = dict(
    [
        _move("claim", _("Taken by the agent"), (State.QUEUED, State.ASSIGNED, State.WAITING), State.ASSIGNED, WORK),
        _move("start", _("Call started"), (State.ASSIGNED,), State.IN_PROGRESS, WORK),
        _move("complete", _("Completed"), WORKED, State.DONE, WORK),
        _move("retry", _("To be tried again"), WORKED, State.QUEUED, WORK),
        _move("schedule", _("Appointment made"), WORKED, State.WAITING, WORK),
        _move(
            "reopen", _("Opened again to correct it"), (State.DONE, State.QUEUED, State.WAITING), State.ASSIGNED, WORK
        ),
        _move("put_back", _("Put back for another order"), (State.ASSIGNED,), State.QUEUED, WORK),
        _move("skip", _("Skipped"), (State.ASSIGNED,), State.QUEUED, WORK),
        _move("requeue", _("Opened again for the queue"), (State.DONE,), State.QUEUED, SUPERVISE),
        _move("rest", _("May not be called yet"), (State.QUEUED, State.ASSIGNED), State.QUEUED, SYSTEM),
        _move("expire", _("Lease ran out"), WORKED, State.QUEUED, SYSTEM),
        _move("sign_off", _("Its agent signed out"), WORKED, State.QUEUED, SYSTEM),
        _move("leave", _("Its agent no longer works orders"), HELD, State.QUEUED, SYSTEM),
        _move("adopt", _("Assigned to a new group"), (State.QUEUED,), State.QUEUED, SYSTEM),
        _move("miss", _("Appointment missed"), (State.WAITING,), State.QUEUED, SYSTEM),
        _move("withdraw", _("Withdrawn"), OPEN, State.CANCELLED, SYSTEM),
        _move("assign", _("Assigned to an agent"), OPEN, State.ASSIGNED, SUPERVISE),
        _move("route", _("Assigned to a group"), OPEN, State.QUEUED, SUPERVISE),
        _move("take_back", _("Taken back"), HELD, State.QUEUED, SUPERVISE),
        _move("cancel", pgettext_lazy("order state", "Cancelled"), OPEN, State.CANCELLED, SUPERVISE),
        _move("proceed", _("On to the next step"), (State.IN_PROGRESS,), State.IN_PROGRESS, WORK),
        _move("pass_on", _("Passed on to the next desk"), WORKED, State.QUEUED, WORK),
        _move("defer", _("Deferred"), OPEN, State.QUEUED, WORK),
        _move("to_pending", _("Back to pending"), (State.QUEUED, State.ASSIGNED, State.WAITING), State.QUEUED,
              SUPERVISE),
        _move("return_unfit", _("Returned as unfit"), WORKED, State.CANCELLED, WORK),
        _move("hand_over", _("Handed over to another branch"), OPEN, State.QUEUED, WORK),
        _move("cover", _("To the cover of an absent agent"), (State.ASSIGNED,), State.ASSIGNED, SYSTEM),
        _move("cover_group", _("To the group of an absent agent"), (State.ASSIGNED,), State.QUEUED, SYSTEM),
        _move("come_back", _("Back to its agent"), (State.QUEUED, State.ASSIGNED), State.ASSIGNED, SYSTEM),
        _move("answer", _("Answered by the other branch"), (State.QUEUED,), State.QUEUED, SYSTEM),
        _move("merge", _("Merged into another order"), OPEN, State.CANCELLED, SUPERVISE),
    ]
)  # fmt: skip
# Legal only where the order's type has a move of this name; all others concern who has the order, and always are.
REFINED = frozenset(
    {"complete", "retry", "schedule", "cancel", "proceed", "pass_on", "defer", "to_pending", "return_unfit",
     "hand_over", "merge"}
)  # fmt: skip
# Who makes these has the order afterwards: they take the permission of the stage that they lead to as well.
KEEPING = frozenset({"claim", "start", "proceed", "reopen"})
# These say what is no work at the stage where an order stands: it is given back, or one's own save of it is corrected.
OF_ANY_STAGE = frozenset({"skip", "put_back", "reopen"})
# These take an order from whoever has it; what was typed there and not saved goes along.
TAKING_AWAY = {
    "put_back", "skip", "expire", "sign_off", "leave", "miss", "withdraw", "assign", "route", "take_back", "cancel",
    "pass_on", "defer", "to_pending", "return_unfit", "hand_over", "merge",
}  # fmt: skip
# Trail entry of a new order; it is no move, since there is no state before it.
OPENED = "open"
# Trail entry of an event that made an open order more urgent; the state stays.
RAISED = "raise"
# Trail entry of a more urgent request that took over an order nobody had begun; the state stays.
TAKEN_OVER = "take_over"
# Trail entry of somebody who asked for haste; the state stays.
CHASED = "chase"
# Trail entry of a supervisor's new priority; the state stays.
PRIORITIZED = "prioritize"
# Trail entry of a reserved order that nobody fitting has taken in time; the state stays.
WIDENED = "widen"
# Trail entries of an order from which another one was split off, and of one that took in another; the state stays.
SPLIT, ABSORBED = "split", "absorb"
# The words of these entries.
ENTRIES: dict[str, object] = {
    OPENED: pgettext_lazy("trail", "Opened"),
    RAISED: _("Made urgent"),
    TAKEN_OVER: _("Taken over by a more urgent request"),
    CHASED: _("Chased"),
    PRIORITIZED: _("Priority changed"),
    WIDENED: _("Open to the whole group: nobody fitting took it in time"),
    SPLIT: _("Another order was split off"),
    ABSORBED: _("Another order was merged into it"),
}


def available(state: str) -> list[Move]:
    """The moves that may be made from `state`, in the order of the table."""
    return [move for move in MOVES.values() if state in move.sources]
