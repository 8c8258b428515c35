"""What features above this one do in the transaction that changes orders, such as setting their clocks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from retention.core.registry import Registry


@dataclass(frozen=True)
class Changed:
    """An order that was opened, moved, raised or taken over. is_contact: a disposition was saved with the move."""

    order_id: int
    type_id: int
    move: str
    before: str
    after: str
    is_contact: bool = False


# Called with all orders of one change, whose rows and trail are written; gives {order id: its new due time}.
FOLLOW_UPS: Registry[str, Callable[..., Mapping[int, datetime]]] = Registry("follow-up of a change of orders")


def follow(changed: Sequence[Changed], *, now: datetime) -> dict[int, datetime]:
    """Do what follows, in the caller's transaction. Gives {order id: due time} of those whose due time it set."""
    due: dict[int, datetime] = {}
    if changed:
        for work in FOLLOW_UPS.values():
            due.update(work(changed=changed, now=now))
    return due
