"""What the page of an order offers to whom: work on the desk, and the moves besides the end of a contact."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from retention.core.accounts.models import User
from workorders.orders.models import WorkOrder
from workorders.orders.services.steps import steps_for
from workorders.orders.stage_access import format_lacking, lacking_stage
from workorders.orders.states import CHASED, SPLIT, SUPERVISE, WORKED, State


def desk_rights(order: WorkOrder, user: User) -> dict[str, Any]:
    """own; can_save: the order is on the user's desk, to be worked; can_start: its call may begin; may_take: it may be
    put on the desk; lacking: why the user may not do what comes next with an own order, in a sentence."""
    own = order.assignee_id == user.pk
    on_desk = own and order.state in WORKED and order.lease_until is not None
    lacking = lacking_stage(order, user, move="complete" if on_desk else "claim") if own and order.is_open else None
    return {
        "own": own,
        "on_desk": on_desk,
        "can_save": on_desk and lacking is None,
        "can_start": on_desk and order.state == State.ASSIGNED and not lacking_stage(order, user, move="start"),
        "may_take": own and order.is_open and not on_desk and lacking is None,
        "lacking": format_lacking(lacking) if lacking else "",
    }


@dataclass(frozen=True)
class Offered:
    """A move that the person may make with the order now. needs: what its form asks for."""

    key: str
    title: Any
    needs: tuple[str, ...]
    href: str


_EXTRA = {CHASED: (gettext_lazy("Chase"), ("reason",)), SPLIT: (gettext_lazy("Split"), ("order_type", "reason"))}


def offered_steps(order: WorkOrder, user: User) -> list[Offered]:
    """The moves of its type and the exceptions."""
    found: list[tuple[str, Any, tuple[str, ...]]] = [
        (one.key, one.title, _needs(one.via, one.needs)) for one in steps_for(order, user)
    ]
    if order.is_open and user.may(SUPERVISE):
        found += [(key, title, needs) for key, (title, needs) in _EXTRA.items()]
    return [
        Offered(key, title, needs, reverse("workorders:step", args=[order.order_no, key]))
        for key, title, needs in found
    ]


def _needs(via: str, needs: tuple[str, ...]) -> tuple[str, ...]:
    return (*needs, "into") if via == "merge" else needs
