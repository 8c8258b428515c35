"""Questions and answers in words, and the rows that a call screen or a preview shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import pgettext

from retention.core.ui import formats
from workorders.surveys.models import Response
from workorders.surveys.tree import Block, Choice, Kind, Tree
from workorders.surveys.variables import fill

# What the browser needs of a row to follow the path; texts stay in the page.
BROWSER_KEYS = ("key", "kind", "goto", "choices", "shown_when", "required_when")


@dataclass(frozen=True)
class ShownBlock:
    """A row as the page has it. hidden: not on the path of the answers so far. digits: the key of each choice."""

    block: Block
    text: str
    value: str
    hidden: bool
    required: bool
    problem: str = ""

    @property
    def parts(self) -> list[str]:
        return self.block.split(self.value)

    @property
    def choices(self) -> list[tuple[Choice, str]]:
        """(choice, digit that chooses it or ""); a step of a scale has its own digit, other choices count from 1."""
        offered = self.block.offered()
        if self.block.kind == Kind.SCALE:
            return [(one, one.value if len(one.value) == 1 else "") for one in offered]
        return [(one, str(place) if place <= 9 else "") for place, one in enumerate(offered, 1)]

    @property
    def chosen(self) -> list[tuple[Choice, str, bool]]:
        return [(choice, digit, choice.value in self.parts) for choice, digit in self.choices]


def shown_blocks(
    tree: Tree, given: Mapping[str, str], values: Mapping[str, object], problems: Mapping[str, str]
) -> list[ShownBlock]:
    """given: {key: answer so far}. values: of the variables of the text. problems: {name of a field: message}."""
    path = {step.block.key: step for step in tree.path(given)}
    return [
        ShownBlock(
            block=block,
            text=fill(block.title, values),
            value=given.get(block.key, ""),
            hidden=block.key not in path,
            required=block.key in path and path[block.key].required,
            problem=problems.get(block.input_name, ""),
        )
        for block in tree.blocks
    ]


def browser_blocks(stored: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rules of a stored tree for static/js/survey-tree.js."""
    return [{key: one[key] for key in BROWSER_KEYS if key in one} for one in stored.get("blocks", ())]


def format_answer(block: Block, given: str) -> str:
    """`Is it solved?: Partly`."""
    return formats.labelled(block.title, format_values(block, block.split(given)))


def format_values(block: Block, values: list[str]) -> str:
    return pgettext("between the values of a list", ", ").join(block.label_of(value) for value in values)


def answers_in_words(response: Response) -> list[tuple[str, str]]:
    """(question, answer) in the order in which they were asked."""
    tree = response.questionnaire.as_tree()
    values: dict[str, list[str]] = {}
    for one in sorted(response.answers.all(), key=lambda one: one.place):
        values.setdefault(one.question, []).append(one.value)
    return [(block.title, format_values(block, values[block.key])) for block in tree.questions if block.key in values]
