"""Reads the stages and moves of an order type's version. Pure; which moves are legal is judged by orders.flow.

stages: [{"key": "desk", "phase": "in_progress", "label": "...", "label_zh": "...", "who": "work.do",
          "form": ["main_reason"], "clocks": ["accept"]}, ...]
moves:  [{"key": "escalate", "from": ["desk"], "to": "second_line", "via": "pass_on", "permission": "work.do",
          "label": "...", "label_zh": "...", "needs": ["reason"],
          "effects": [{"name": "notify", "params": {"who": "supervisors"}, "when": {"field": "solved", "is": ["no"]}}]}]

Stages stand in the order in which an order passes through them. phase: one of the six states; form: keys of the fields
asked for, none for all; clocks: names only; who: the permission that work at the stage takes, besides the one that all
work takes. A move with `permission` needs it besides that of its row of the state table; needs: keys of fields, or the
words in NEEDS. Without stages a type has those of DEFAULT.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from retention.core.db.models import pick
from retention.core.errors import Invalid
from retention.core.registry import Registry

# What a move may ask for besides fields of the form.
REASON, NOTE, UNTIL, TEAM, DISPOSITION = "reason", "note", "until", "team", "disposition"
NEEDS = (REASON, NOTE, UNTIL, TEAM, DISPOSITION)
# The permission that all work on orders takes; a stage may take another one besides.
ALL_WORK = "work.do"
# "routes": where each move of the state table leads from each stage; declared by the feature that has the table.
COMPILERS: Registry[str, Any] = Registry("compiler of order types")


@dataclass(frozen=True)
class Effect:
    """One named effect of a move. field, values: only when this answer is one of these; "" always."""

    name: str
    params: Mapping[str, Any] = field(default_factory=dict)
    field: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stage:
    key: str
    phase: str
    label: str = ""
    label_zh: str = ""
    who: str = ""
    form: tuple[str, ...] = ()
    clocks: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return pick(self.label, self.label_zh)


@dataclass(frozen=True)
class Step:
    """A move of the type. sources: the stages it may start from; via: the row of the state table."""

    key: str
    sources: tuple[str, ...]
    to: str
    via: str
    permission: str = ""
    label: str = ""
    label_zh: str = ""
    needs: tuple[str, ...] = ()
    effects: tuple[Effect, ...] = ()

    @property
    def title(self) -> str:
        return pick(self.label, self.label_zh)


@dataclass(frozen=True)
class Stages:
    """The stages and moves of one version of a type."""

    stages: tuple[Stage, ...]
    steps: tuple[Step, ...]

    def stage(self, key: str) -> Stage | None:
        return next((one for one in self.stages if one.key == key), None)

    def step(self, key: str) -> Step | None:
        return next((one for one in self.steps if one.key == key), None)

    def first(self, phase: str) -> Stage | None:
        """Where an order of this phase stands when nothing says more: its first stage."""
        return next((one for one in self.stages if one.phase == phase), None)

    def current(self, stage: str, phase: str) -> Stage | None:
        """The stage of an order; orders opened before there were stages have none of their own."""
        return self.stage(stage) or self.first(phase)

    def steps_from(self, stage: str) -> list[Step]:
        return [one for one in self.steps if stage in one.sources]


def read_stages(stages: Sequence[Mapping], moves: Sequence[Mapping]) -> Stages:
    """The typed form; DEFAULT for a type without stages. Invalid for what is no such list."""
    try:
        if not stages:
            stages, moves = DEFAULT_STAGES, DEFAULT_MOVES
        return Stages(tuple(_stage(one) for one in stages), tuple(_step(one) for one in moves))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Invalid(_("The stages cannot be read: %(error)s") % {"error": error}, code="bad_stages") from error


def _stage(one: Mapping) -> Stage:
    words = {name: str(one.get(name, "")) for name in ("label", "label_zh", "who")}
    return Stage(str(one["key"]), str(one["phase"]), form=_texts(one, "form"), clocks=_texts(one, "clocks"), **words)


def _step(one: Mapping) -> Step:
    sources = [one["from"]] if isinstance(one["from"], str) else one["from"]
    words = {name: str(one.get(name, "")) for name in ("permission", "label", "label_zh")}
    effects = tuple(_effect(effect) for effect in one.get("effects", ()))
    return Step(
        str(one["key"]), tuple(str(source) for source in sources), str(one["to"]), str(one["via"]),
        needs=_texts(one, "needs"), effects=effects, **words,
    )  # fmt: skip


def _effect(one: Mapping) -> Effect:
    when = one.get("when") or {}
    return Effect(str(one["name"]), dict(one.get("params", {})), str(when.get("field", "")), _texts(when, "is"))


def _texts(one: Mapping, name: str) -> tuple[str, ...]:
    found: Iterable[Any] = one.get(name, ())
    if isinstance(found, str):
        raise ValueError(f"{name} is no list")
    return tuple(str(value) for value in found)


# The plain life of an order: the six states themselves. Their words are those of the state table.
DEFAULT_STAGES: list[dict[str, Any]] = [
    {"key": "queued", "phase": "queued", "label": "Queued", "label_zh": "排队中"},
    {"key": "assigned", "phase": "assigned", "label": "Assigned", "label_zh": "已派发", "who": "work.do"},
    {"key": "in_progress", "phase": "in_progress", "label": "In progress", "label_zh": "处理中", "who": "work.do"},
    {"key": "waiting", "phase": "waiting", "label": "Appointment", "label_zh": "已预约", "who": "work.do"},
    {"key": "done", "phase": "done", "label": "Done", "label_zh": "已办结"},
    {"key": "cancelled", "phase": "cancelled", "label": "Cancelled", "label_zh": "已撤销"},
]
_AT_WORK = ["assigned", "in_progress"]
_OPEN = ["queued", "assigned", "in_progress", "waiting"]
# The exceptions that every order may need: put off, taken up again, returned, handed over, merged, cancelled.
EXCEPTIONS: list[dict[str, Any]] = [
    {"key": "defer", "from": _OPEN, "to": "queued", "via": "defer", "permission": "work.do",
     "label": "Defer until a date", "label_zh": "缓装", "needs": ["reason", "until"]},
    {"key": "to_pending", "from": ["queued", "assigned", "waiting"], "to": "queued", "via": "to_pending",
     "permission": "work.supervise", "label": "Back to pending", "label_zh": "转待装", "needs": ["reason"]},
    {"key": "return_unfit", "from": _AT_WORK, "to": "cancelled", "via": "return_unfit", "permission": "work.do",
     "label": "Return as unfit", "label_zh": "退单", "needs": ["reason"]},
    {"key": "hand_over", "from": _OPEN, "to": "queued", "via": "hand_over", "permission": "work.do",
     "label": "Hand over to another branch", "label_zh": "异地协作", "needs": ["reason", "team", "until"]},
    {"key": "merge", "from": _OPEN, "to": "cancelled", "via": "merge", "permission": "work.supervise",
     "label": "Merge into another order", "label_zh": "合并工单", "needs": ["reason"]},
    {"key": "cancel", "from": _OPEN, "to": "cancelled", "via": "cancel", "permission": "work.supervise",
     "label": "Cancel", "label_zh": "撤单", "needs": ["reason"]},
]  # fmt: skip
DEFAULT_MOVES: list[dict[str, Any]] = [
    {"key": "complete", "from": _AT_WORK, "to": "done", "via": "complete", "permission": "work.do",
     "label": "Complete", "label_zh": "办结", "needs": ["disposition"]},
    {"key": "retry", "from": _AT_WORK, "to": "queued", "via": "retry", "permission": "work.do",
     "label": "Try again later", "label_zh": "稍后再试", "needs": ["disposition"]},
    {"key": "schedule", "from": _AT_WORK, "to": "waiting", "via": "schedule", "permission": "work.do",
     "label": "Make an appointment", "label_zh": "预约", "needs": ["disposition"]},
    *EXCEPTIONS,
]  # fmt: skip
