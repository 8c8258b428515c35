"""What a move of an order type does besides moving the order: a registry of named effects, each with its parameters.

The effects run in the transaction of the move, for every order that was moved, whoever's page or service did it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from retention.core.accounts.models import User
from retention.core.registry import Registry
from workorders.order_types.models import OrderType
from workorders.order_types.stages import Effect, Stages
from workorders.orders.models import WorkOrder


class Run(Protocol):
    """Does the effect for one order that was moved; its state and stage are those after the move."""

    def __call__(self, *, order: WorkOrder, params: Mapping[str, Any], actor: User, now: datetime) -> None: ...


@dataclass(frozen=True)
class Param:
    """One parameter. choices: (value, label) pairs that it may take; None for a whole number of 1 or more."""

    key: str
    label: Any
    choices: Callable[[], Iterable[tuple[str, Any]]] | None = None
    required: bool = True

    def accepts(self, value: Any) -> bool:
        if value in (None, ""):
            return not self.required
        if self.choices is None:
            return isinstance(value, int) and not isinstance(value, bool) and value >= 1
        return value in {one for one, _label in self.choices()}


@dataclass(frozen=True)
class EffectKind:
    label: Any
    run: Run
    params: tuple[Param, ...] = ()


EFFECTS: Registry[str, EffectKind] = Registry("effect of a move")
# What belongs to the end of any order, whatever its type; called with `orders` and `now` in the closing transaction.
AFTER_CLOSING: Registry[str, Callable[..., object]] = Registry("what follows the end of an order")
# What belongs to the end of any contact; called with `order`, `agent` and `now` in the transaction that saves it.
AFTER_CONTACT: Registry[str, Callable[..., object]] = Registry("what follows the end of a contact")


def run_effects(*, orders: Sequence[WorkOrder], actor: User, now: datetime) -> None:
    """The effects of the moves that these orders have just made (`step`), in the order in which the type names them."""
    types = OrderType.objects.in_bulk({order.type_id for order in orders})
    flows: dict[int, Stages] = {pk: row.staged for pk, row in types.items()}
    for order in orders:
        step = flows[order.type_id].step(order.step)
        for effect in step.effects if step else ():
            if holds(effect, order.answers if effect.field else {}):
                EFFECTS[effect.name].run(order=order, params=effect.params, actor=actor, now=now)


def holds(effect: Effect, answers: Mapping[str, Any]) -> bool:
    """Whether the answers are those for which the effect is meant; a tick counts as "yes" or "no"."""
    if not effect.field:
        return True
    value = answers.get(effect.field)
    said = {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
    return said in effect.values
