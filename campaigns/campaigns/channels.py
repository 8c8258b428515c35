"""What campaigns know of contacting people: the channels that a feature above carries out, the types of order it opens,
and how it takes back what has not begun. Declared in `AppConfig.ready()`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.db.models import QuerySet

from retention.core.registry import Registry


class TakeBack(Protocol):
    """Take back what waits for the members of a campaign and nobody has begun; returns the order numbers."""

    def __call__(self, *, code: str, now: datetime) -> list[str]: ...


# {channel: TakeBack} of the channels that are carried out.
CONTACT_CHANNELS: Registry[str, TakeBack] = Registry("channel of campaigns")


@dataclass
class Progress:
    """Members of a campaign whose order was worked: contacted at all, reached, and with a good outcome; kept: with a
    good outcome and the line still in use."""

    contacted: int = 0
    reached: int = 0
    accepted: int = 0
    kept: int = 0

    def add(self, other: "Progress") -> None:
        for name, count in vars(other).items():
            setattr(self, name, getattr(self, name) + count)


# "orders": called with members of campaigns, gives {branch id: Progress}.
PROGRESS: Registry[str, Callable[[QuerySet], dict[int, Progress]]] = Registry("progress of campaigns")
# Called after a wave was opened, so that nobody waits for the next beat.
WAVE_FOLLOW_UPS: Registry[str, Callable[[], object]] = Registry("follow-up of a wave")
