"""A script or questionnaire as one tree: blocks in order, with conditions and jumps forward. Pure.

{"blocks": [{"key": "solved", "kind": "single", "text": "...", "text_zh": "...", "goto": "", "lowest": 1, "highest": 5,
             "weight": 0, "choices": [{"value": "yes", "label": "...", "label_zh": "...", "score": 2, "goto": "end"}],
             "shown_when": [{"question": "real", "test": "any_of", "values": ["yes"]}], "required_when": [...]}, ...]}

A condition is a list of clauses that must all hold: an empty one always holds. shown_when: whether the block is on the
path. required_when: whether it must be answered; null: never. goto: the key of a later block or END; that of the chosen
answer comes before that of the block. A block of the kind `say` is text to be read out and has no answer.

Answers are texts by key, as a form sends them; several values of one question are joined by commas. The same rules in
the browser: static/js/survey-tree.js. tests/e2e/test_survey_trees.py compares the two.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from retention.core.db.models import pick
from retention.core.errors import Invalid

END = "end"
NUMBER = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,4})?")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Kind(StrEnum):
    SAY = "say"
    SINGLE = "single"
    MULTIPLE = "multiple"
    SCALE = "scale"
    NUMBER = "number"
    DATE = "date"
    TEXT = "text"


WITH_CHOICES = frozenset({Kind.SINGLE, Kind.MULTIPLE})


class Comparison(StrEnum):
    ANY_OF = "any_of"
    NONE_OF = "none_of"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    ANSWERED = "answered"
    UNANSWERED = "unanswered"


@dataclass(frozen=True)
class Clause:
    """A question before this block and what its answer must be. Only `unanswered` holds without an answer."""

    question: str
    test: Comparison
    values: tuple[str, ...] = ()


Condition = tuple[Clause, ...]


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    label_zh: str = ""
    score: int = 0
    goto: str = ""

    @property
    def title(self) -> str:
        return pick(self.label, self.label_zh)


@dataclass(frozen=True)
class Block:
    """lowest, highest: of a scale or a number. weight: points for each step of a scale."""

    key: str
    kind: Kind
    text: str
    text_zh: str = ""
    choices: tuple[Choice, ...] = ()
    goto: str = ""
    lowest: int | None = None
    highest: int | None = None
    weight: int = 0
    shown_when: Condition = ()
    required_when: Condition | None = None

    @property
    def title(self) -> str:
        return pick(self.text, self.text_zh)

    @property
    def is_question(self) -> bool:
        return self.kind != Kind.SAY

    @property
    def input_name(self) -> str:
        return f"answer_{self.key}"

    def split(self, given: str) -> list[str]:
        """The values in an answer."""
        if not given or self.kind == Kind.SAY:
            return []
        return [part for part in given.split(",") if part] if self.kind == Kind.MULTIPLE else [given]

    def offered(self) -> list[Choice]:
        """What may be chosen; of a scale its steps."""
        if self.kind != Kind.SCALE:
            return list(self.choices)
        steps = range(self.lowest or 0, (self.highest or 0) + 1)
        return [Choice(str(step), str(step), str(step), self.weight * step) for step in steps]

    def label_of(self, value: str) -> str:
        return next((choice.title for choice in self.choices if choice.value == value), value)


@dataclass(frozen=True)
class Step:
    """A block on the path, and whether it must be answered there."""

    block: Block
    required: bool


@dataclass(frozen=True)
class Tree:
    blocks: tuple[Block, ...] = ()

    @property
    def questions(self) -> list[Block]:
        return [block for block in self.blocks if block.is_question]

    def path(self, given: Mapping[str, str]) -> list[Step]:
        """The blocks that apply, in order. An answer of a block that is not on the path says nothing."""
        seen: dict[str, list[str]] = {}
        steps: list[Step] = []
        target = ""
        for block in self.blocks:
            if target and block.key != target:
                continue
            target = ""
            if not holds(block.shown_when, seen):
                continue
            steps.append(Step(block, block.required_when is not None and holds(block.required_when, seen)))
            seen[block.key] = block.split(given.get(block.key, ""))
            target = _jump(block, seen[block.key])
        return steps


def holds(condition: Condition, seen: Mapping[str, Sequence[str]]) -> bool:
    return all(_clause_holds(clause, seen.get(clause.question, ())) for clause in condition)


def _clause_holds(clause: Clause, parts: Sequence[str]) -> bool:
    if clause.test == Comparison.UNANSWERED or not parts:
        return clause.test == Comparison.UNANSWERED and not parts
    if clause.test == Comparison.ANSWERED:
        return True
    if clause.test in {Comparison.ANY_OF, Comparison.NONE_OF}:
        return any(part in clause.values for part in parts) == (clause.test == Comparison.ANY_OF)
    got, limit = measure(parts[0]), measure(clause.values[0] if clause.values else "")
    if got is None or limit is None:
        return False
    return got >= limit if clause.test == Comparison.AT_LEAST else got <= limit


def measure(text: str) -> float | None:
    """A number, or a day as one; None for any other text."""
    if DAY.fullmatch(text):
        return float(text.replace("-", ""))
    return float(text) if NUMBER.fullmatch(text) else None


def _jump(block: Block, parts: Sequence[str]) -> str:
    chosen = [choice.goto for choice in block.choices if choice.goto and choice.value in parts]
    return chosen[0] if chosen else block.goto


def read(stored: Mapping[str, Any]) -> Tree:
    """The typed form of what is stored. Invalid for what has not its shape; rules between blocks: problems()."""
    try:
        return Tree(tuple(_block(one) for one in stored.get("blocks", ())))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Invalid(_("The questionnaire cannot be read: %(error)s") % {"error": error}, code="bad_tree") from error


def _block(one: Mapping[str, Any]) -> Block:
    required = one.get("required_when")
    return Block(
        key=one["key"],
        kind=Kind(one["kind"]),
        text=one.get("text", ""),
        text_zh=one.get("text_zh", ""),
        choices=tuple(Choice(**choice) for choice in one.get("choices", ())),
        goto=one.get("goto", ""),
        lowest=one.get("lowest"),
        highest=one.get("highest"),
        weight=one.get("weight", 0),
        shown_when=_condition(one.get("shown_when", ())),
        required_when=None if required is None else _condition(required),
    )


def _condition(clauses: Sequence[Mapping[str, Any]]) -> Condition:
    return tuple(Clause(one["question"], Comparison(one["test"]), tuple(one.get("values", ()))) for one in clauses)
