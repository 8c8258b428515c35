"""A trial run: an imaginary order walks through the stages of a version as its moves are pressed. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from workorders.order_types.stages import Stage, Stages
from workorders.orders import flow as law
from workorders.orders.flow import Choice
from workorders.orders.states import OPENED, State


@dataclass(frozen=True)
class Walked:
    """One line of the imaginary trail."""

    key: str
    title: str
    stage: Stage


@dataclass(frozen=True)
class Trial:
    """Where the order stands after the steps pressed; refused: the first step that was not legal, "" for none."""

    trail: Sequence[Walked]
    refused: str = ""

    @property
    def stage(self) -> Stage | None:
        return self.trail[-1].stage if self.trail else None


def walk(flow: Stages, steps: Sequence[str]) -> Trial:
    """Press the moves one after the other, beginning where orders are opened; stops at the first that is not legal."""
    stage = flow.first(State.QUEUED)
    if stage is None:
        return Trial([])
    trail = [Walked(OPENED, "", stage)]
    for key in steps:
        chosen = next((one for one in law.choices(flow, stage) if one.key == key), None)
        to = flow.stage(chosen.to) if chosen else None
        if chosen is None or to is None:
            return Trial(trail, refused=key)
        stage = to
        trail.append(Walked(key, chosen.title, stage))
    return Trial(trail)


def choices_at(flow: Stages, trial: Trial) -> list[Choice]:
    return law.choices(flow, trial.stage) if trial.stage else []
