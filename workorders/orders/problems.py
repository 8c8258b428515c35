"""What keeps a version of an order type from being published. Pure: the words it may use are handed in."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from retention.core.errors import Invalid
from workorders.order_types import rules
from workorders.order_types.stages import DISPOSITION, NEEDS, Stage, Stages, Step, read_stages
from workorders.orders import flow as law
from workorders.orders.effects import EffectKind
from workorders.orders.states import CLOSED, MOVES, REFINED, SYSTEM, State

KEY = re.compile(r"[a-z][a-z0-9_]{0,38}")


@dataclass(frozen=True)
class Vocabulary:
    """What a type may name. dispositions: {code: closes the order} of those in use."""

    permissions: Collection[str]
    dispositions: Mapping[str, bool]
    effects: Mapping[str, EffectKind] = field(default_factory=dict)


@dataclass(frozen=True)
class Problem:
    """row: "type", or "stage:", "move:" or "field:" and the key; part: the part of the row that is wrong."""

    row: str
    part: str
    code: str
    message: str


def problems(
    *,
    stages: Sequence[Mapping[str, Any]],
    moves: Sequence[Mapping[str, Any]],
    flow: Mapping[str, Any],
    fields: Sequence[Mapping[str, Any]],
    words: Vocabulary,
) -> list[Problem]:
    """All that is wrong with a version, in the order of its rows; empty when it may be published."""
    try:
        staged, read = read_stages(stages, moves), rules.read(flow, fields)
    except Invalid as error:
        return [Problem("type", "", error.code, str(error.message))]
    found = [
        *_keys(staged, read),
        *(one for stage in staged.stages for one in _stage(staged, stage, read, words)),
        *(one for step in staged.steps for one in _step(staged, step, read, words)),
        *_fields(read),
    ]
    return found or list(_whole(staged, read, words))


def _keys(staged: Stages, read: rules.Flow) -> Iterator[Problem]:
    rows = {
        "stage": [one.key for one in staged.stages],
        "move": [one.key for one in staged.steps],
        "field": [one.key for one in read.fields],
    }
    for kind, keys in rows.items():
        for key, count in Counter(keys).items():
            if count > 1:
                yield Problem(f"{kind}:{key}", "key", "duplicate", _("Another row has this key."))
            if not KEY.fullmatch(key):
                text = _("A key has lower-case letters, digits and _, at most 39, and begins with a letter.")
                yield Problem(f"{kind}:{key}", "key", "bad_key", text)


def _stage(staged: Stages, stage: Stage, read: rules.Flow, words: Vocabulary) -> Iterator[Problem]:
    row = f"stage:{stage.key}"
    if stage.phase not in State.values:
        yield Problem(row, "phase", "unknown_phase", _("There is no such phase: %(name)s.") % {"name": stage.phase})
    if not (stage.label and stage.label_zh):
        yield Problem(row, "label", "no_label", _("Name it in both languages."))
    if stage.who and stage.who not in words.permissions:
        yield Problem(
            row, "who", "unknown_permission", _("There is no such permission: %(name)s.") % {"name": stage.who}
        )
    known = {one.key for one in read.fields}
    for key in stage.form:
        if key not in known:
            yield Problem(row, "form", "unknown_field", _("There is no such field: %(name)s.") % {"name": key})


def _step(staged: Stages, step: Step, read: rules.Flow, words: Vocabulary) -> Iterator[Problem]:
    row = f"move:{step.key}"
    move = MOVES.get(step.via)
    if move is None:
        text = _("There is no such move in the state table: %(name)s.")
        yield Problem(row, "via", "unknown_via", text % {"name": step.via})
    yield from _ends_of(row, staged, step, move)
    if not (step.label and step.label_zh):
        yield Problem(row, "label", "no_label", _("Name it in both languages."))
    by_clock = move is not None and move.permission == SYSTEM
    if step.permission and (by_clock or step.permission not in words.permissions):
        text = _("There is no such permission: %(name)s.")
        text = _("The clock makes this move; it takes no permission.") if by_clock else text
        yield Problem(row, "permission", "unknown_permission", text % {"name": step.permission})
    known = {*NEEDS, *(one.key for one in read.fields)}
    for key in step.needs:
        if key not in known:
            yield Problem(row, "needs", "unknown_field", _("There is no such field: %(name)s.") % {"name": key})
    yield from _effects(row, step, read, words)


def _ends_of(row: str, staged: Stages, step: Step, move: law.Move | None) -> Iterator[Problem]:
    """Whether it starts from and leads to stages whose phases the row of the state table allows."""
    if not step.sources:
        yield Problem(row, "from", "no_source", _("Say from which stages it starts."))
    for key in step.sources:
        source = staged.stage(key)
        if source is None:
            yield Problem(row, "from", "unknown_stage", _("There is no such stage: %(name)s.") % {"name": key})
        elif move is not None and source.phase not in move.sources:
            text = _("“%(move)s” does not start from the phase of “%(stage)s”.")
            yield Problem(row, "from", "phase_mismatch", text % {"move": move.label, "stage": key})
    to = staged.stage(step.to)
    if to is None:
        yield Problem(row, "to", "unknown_stage", _("There is no such stage: %(name)s.") % {"name": step.to})
    elif move is not None and to.phase != move.to:
        text = _("“%(move)s” does not lead to the phase of “%(stage)s”.")
        yield Problem(row, "to", "phase_mismatch", text % {"move": move.label, "stage": step.to})


def _effects(row: str, step: Step, read: rules.Flow, words: Vocabulary) -> Iterator[Problem]:
    if step.effects and step.via not in REFINED:
        text = _("Only moves that say what is done with the order have effects, not those that say who has it.")
        yield Problem(row, "effects", "no_effects_here", text)
    for effect in step.effects:
        kind = words.effects.get(effect.name)
        if kind is None:
            text = _("There is no such effect: %(name)s.")
            yield Problem(row, "effects", "unknown_effect", text % {"name": effect.name})
            continue
        declared = {one.key: one for one in kind.params}
        for key in effect.params.keys() - declared.keys():
            text = _("The effect has no such parameter: %(name)s.")
            yield Problem(row, "effects", "unknown_param", text % {"name": key})
        for key, param in declared.items():
            if not param.accepts(effect.params.get(key)):
                yield Problem(row, "effects", "bad_param", _("%(name)s: missing or not valid.") % {"name": param.label})
        if effect.field and effect.field not in {one.key for one in read.fields}:
            text = _("There is no such field: %(name)s.")
            yield Problem(row, "effects", "unknown_field", text % {"name": effect.field})


def _fields(read: rules.Flow) -> Iterator[Problem]:
    before: set[str] = {rules.DISPOSITION}
    for one in read.fields:
        row = f"field:{one.key}"
        if not (one.label and one.label_zh):
            yield Problem(row, "label", "no_label", _("Name it in both languages."))
        if one.kind == rules.Kind.CHOICE and len({choice.value for choice in one.choices}) < len(one.choices):
            yield Problem(row, "choices", "duplicate", _("Two answers have the same value."))
        if one.least is not None and one.most is not None and one.least > one.most:
            yield Problem(row, "least", "bad_limits", _("The least is more than the most."))
        for part, condition in (("shown_when", one.shown_when), ("required_when", one.required_when)):
            if condition is not None and condition.field not in before:
                text = _("“%(name)s” is no earlier field.") % {"name": condition.field}
                yield Problem(row, part, "unknown_field", text)
        before.add(one.key)


def _whole(staged: Stages, read: rules.Flow, words: Vocabulary) -> Iterator[Problem]:
    """What no single row shows: whether an order can come to each stage, and from each to an end."""
    phases = {one.phase for one in staged.stages}
    for phase in (State.QUEUED, State.ASSIGNED, State.IN_PROGRESS, State.CANCELLED):
        if phase not in phases:
            text = _("No stage is of the phase “%(phase)s”, which every order may come to.")
            yield Problem("type", "stages", "phase_missing", text % {"phase": phase.label})
    reached = law.reachable(staged)
    ends = law.ending(staged)
    for stage in staged.stages:
        row = f"stage:{stage.key}"
        if stage.key not in reached:
            yield Problem(row, "key", "unreachable", _("No order can come to this stage."))
        elif stage.phase not in CLOSED and stage.key not in ends:
            yield Problem(row, "key", "no_end", _("From this stage no order can be brought to an end."))
    yield from _dispositions(staged, read, words)


def _dispositions(staged: Stages, read: rules.Flow, words: Vocabulary) -> Iterator[Problem]:
    vias = {one.via for one in staged.steps}
    for code in read.dispositions:
        if code not in words.dispositions:
            text = _("There is no such disposition in use: %(name)s.")
            yield Problem("type", DISPOSITION, "unknown_disposition", text % {"name": code})
    for code in set(read.keys.values()) - {*words.dispositions, *read.dispositions}:
        text = _("There is no such disposition in use: %(name)s.")
        yield Problem("type", DISPOSITION, "unknown_disposition", text % {"name": code})
    offered = read.dispositions or tuple(words.dispositions)
    if "complete" in vias and not any(words.dispositions.get(code) for code in offered):
        text = _("No disposition is offered that closes an order.")
        yield Problem("type", DISPOSITION, "no_closing_disposition", text)
