"""The moves that the page of an order offers besides the end of a contact."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from retention.core.accounts.models import User
from workorders.orders.models import WorkOrder
from workorders.orders.services.steps import steps_for
from workorders.orders.states import CHASED, SPLIT, SUPERVISE


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
