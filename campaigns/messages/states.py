"""States of a message and the moves between them. Pure: the database repeats the law as a constraint of states."""

from django.db import models
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    QUEUED = "queued", pgettext_lazy("message", "Waiting")
    SENDING = "sending", pgettext_lazy("message", "Being sent")
    SENT = "sent", pgettext_lazy("message", "Sent")
    DELIVERED = "delivered", pgettext_lazy("message", "Delivered")
    FAILED = "failed", pgettext_lazy("message", "Failed")
    EXPIRED = "expired", pgettext_lazy("message", "Expired")
    REFUSED = "refused", pgettext_lazy("message", "Not sent (contact rule)")
    CANCELLED = "cancelled", pgettext_lazy("message", "Cancelled")
    UNKNOWN = "unknown", pgettext_lazy("message", "Unknown")


# From a state to those that may follow it. A receipt may overtake the record of its call, so it may also end a message
# that is being sent, or that waits again because the provider said it had never seen it.
FOLLOWING: dict[State, frozenset[State]] = {
    State.QUEUED: frozenset({State.SENDING, State.CANCELLED, State.EXPIRED, State.SENT, State.DELIVERED, State.FAILED}),
    State.SENDING: frozenset(
        {State.QUEUED, State.SENT, State.DELIVERED, State.FAILED, State.EXPIRED, State.CANCELLED, State.UNKNOWN}
    ),
    # Still unknown: the provider could not tell.
    State.UNKNOWN: frozenset({State.UNKNOWN, State.QUEUED, State.SENT, State.DELIVERED, State.FAILED, State.EXPIRED}),
    State.SENT: frozenset({State.DELIVERED, State.FAILED, State.EXPIRED}),
    State.DELIVERED: frozenset(),
    State.FAILED: frozenset(),
    State.EXPIRED: frozenset(),
    State.REFUSED: frozenset(),
    State.CANCELLED: frozenset(),
}
OPEN_STATES = (State.QUEUED, State.SENDING, State.UNKNOWN)
# The provider has, or may have, taken it: the contact counts.
MADE_STATES = (State.SENT, State.DELIVERED, State.FAILED, State.EXPIRED, State.UNKNOWN)


def may_follow(before: str, after: str) -> bool:
    return State(after) in FOLLOWING[State(before)]


def sources_of(after: State) -> list[State]:
    """The states from which a message may come to `after`."""
    return [before for before, following in FOLLOWING.items() if after in following]
