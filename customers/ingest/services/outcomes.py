"""What became of rows that had waited: their source is told in the transaction that settles them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Fate(StrEnum):
    """The counts of a load are named so."""

    APPLIED = "applied"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


@dataclass(frozen=True)
class RowOutcome:
    source: str
    row_no: int
    fate: Fate


Follower = Callable[[Sequence[RowOutcome]], None]
# Called with rows that wait no longer; each takes those of its own sources.
_followers: list[Follower] = []


def follow(follower: Follower) -> None:
    """Declare who keeps counts of a source; called once, when the apps are ready."""
    if follower not in _followers:
        _followers.append(follower)


def publish(outcomes: Sequence[RowOutcome]) -> None:
    if outcomes:
        for follower in _followers:
            follower(outcomes)
