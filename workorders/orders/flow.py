"""The state table applied to the stages of an order type: where a move leads, which are legal, what a version lacks.

Pure. Every move of a type names a row of MOVES, so it is a legal move of its phase as well. The rows that say what is
done with an order (REFINED) are legal only where the type has them; the rows that say who has it always are, and
lead, where the type says nothing, to the nearest stage of their state: back to the queue to the one before, forward to
the one after.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from workorders.order_types.stages import Stage, Stages, Step
from workorders.orders.states import CLOSED, KEEPING, MOVES, OF_ANY_STAGE, REFINED, SYSTEM, WORK, Move, State

# {stage: {move of the table: [stage it leads to, the type's move]}}, and under "" {state: [its first stage]}.
Routes = dict[str, dict[str, list[str]]]


def routes(flow: Stages) -> Routes:
    """What the moving statement reads, for every stage."""
    made: Routes = {"": {state.value: [first.key] for state in State if (first := flow.first(state)) is not None}}
    for stage in flow.stages:
        found = {name: target(flow, stage, move) for name, move in MOVES.items()}
        made[stage.key] = {name: [to.to, to.step.key if to.step else ""] for name, to in found.items() if to}
    return made


def target(flow: Stages, stage: Stage, move: Move) -> "Choice | None":
    """Where a move of the table leads from a stage; None when it is not legal there."""
    if stage.phase not in move.sources:
        return None
    named = next((one for one in flow.steps_from(stage.key) if one.via == move.name and _fits(flow, one)), None)
    if named is not None:
        return Choice(named.key, move, named.to, named)
    if move.name in REFINED:
        return None
    near = stage if stage.phase == move.to else _nearest(flow, stage, move.to)
    return Choice(move.name, move, near.key) if near else None


def _fits(flow: Stages, step: Step) -> bool:
    """Whether the move leads to a stage of the state that its row of the table leads to."""
    to = flow.stage(step.to)
    return to is not None and step.via in MOVES and to.phase == MOVES[step.via].to


def _nearest(flow: Stages, stage: Stage, phase: State) -> Stage | None:
    place = flow.stages.index(stage)
    before = [one for one in reversed(flow.stages[:place]) if one.phase == phase]
    after = [one for one in flow.stages[place + 1 :] if one.phase == phase]
    found = [*before, *after] if phase == State.QUEUED else [*after, *before]
    return found[0] if found else None


@dataclass(frozen=True)
class Choice:
    """A move that may be made at a stage: one of the type, or a row of the state table on its own."""

    key: str
    move: Move
    to: str
    step: Step | None = None

    @property
    def permission(self) -> str:
        """What it takes besides the permission of the state table."""
        return self.step.permission if self.step else ""

    @property
    def title(self) -> str:
        return (self.step.title if self.step else "") or str(self.move.label)


def choices(flow: Stages, stage: Stage) -> list[Choice]:
    """All moves legal at a stage, those of the type first; the clock's included."""
    named = [
        Choice(one.key, MOVES[one.via], one.to, one)
        for one in flow.steps_from(stage.key)
        if _fits(flow, one) and stage.phase in MOVES[one.via].sources
    ]
    vias = {one.move.name for one in named}
    plain = [to for name, move in MOVES.items() if name not in vias and (to := target(flow, stage, move)) is not None]
    return named + plain


def by_people(flow: Stages, stage: Stage) -> list[Choice]:
    return [one for one in choices(flow, stage) if one.move.permission != SYSTEM]


def lacking(flow: Stages, stage: Stage, move: Move, may: Callable[[str], bool], *, to: str = "") -> Stage | None:
    """The stage whose permission (`who`) a person lacks to make this move from `stage`; None when there is none.

    Work takes the permission of the stage where the order stands. Who supervises needs none of it: to assign, take back
    or end an order is no work at its stage. to: where the type's own move leads, when the move is one.
    """
    if move.permission != WORK:
        return None
    concerned = [] if move.name in OF_ANY_STAGE else [stage]
    if move.name in KEEPING:
        choice = None if to else target(flow, stage, move)
        concerned += [one for one in [flow.stage(to or (choice.to if choice else ""))] if one]
    return next((one for one in concerned if one.who and not may(one.who)), None)


def barred(flow: Stages, may: Callable[[str], bool]) -> list[Stage]:
    """The stages at which a person may not take an order up, by their own permission or by that of where it leads."""
    return [one for one in flow.stages if lacking(flow, one, MOVES["claim"], may)]


def reachable(flow: Stages) -> set[str]:
    """Keys of the stages that an order can come to from its first one."""
    entry = flow.first(State.QUEUED)
    edges = {stage.key: {one.to for one in choices(flow, stage)} for stage in flow.stages}
    return _closure({entry.key} if entry else set(), edges)


def ending(flow: Stages) -> set[str]:
    """Keys of the stages from which people can bring an order to an end."""
    back: dict[str, set[str]] = {}
    for stage in flow.stages:
        for one in by_people(flow, stage):
            back.setdefault(one.to, set()).add(stage.key)
    return _closure({one.key for one in flow.stages if one.phase in CLOSED}, back)


def _closure(start: set[str], edges: Mapping[str, set[str]]) -> set[str]:
    found, left = set(start), list(start)
    while left:
        for key in edges.get(left.pop(), set()) - found:
            found.add(key)
            left.append(key)
    return found
