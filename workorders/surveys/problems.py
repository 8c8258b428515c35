"""What keeps a questionnaire from being published, each at its row. Pure."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from workorders.surveys.tree import END, WITH_CHOICES, Block, Clause, Comparison, Condition, Kind, Tree, measure
from workorders.surveys.variables import VARIABLES, names_in

CODE = re.compile(r"[a-z0-9_]{1,32}")
LONGEST_SCALE = 11
MOST_CHOICES = 20


@dataclass(frozen=True)
class Problem:
    """row: place of the block, None for the whole. field: of the block; a choice's is `choices`."""

    row: int | None
    field: str
    code: str
    message: str


def problems(tree: Tree) -> list[Problem]:
    """Everything that is wrong, in the order of the rows."""
    found = [] if tree.questions else [Problem(None, "blocks", "no_question", _("There is no question yet."))]
    places = {block.key: place for place, block in reversed(list(enumerate(tree.blocks)))}
    doubled = {key for key, times in Counter(block.key for block in tree.blocks).items() if times > 1}
    reached = _reachable(tree, places)
    for row, block in enumerate(tree.blocks):
        checks = [*_own(block), *_jumps(block, row, places), *_conditions(block, row, tree, places)]
        if block.key in doubled:
            checks.append(("key", "doubled_key", _("Another row has the same key.")))
        if row not in reached:
            checks.append(("key", "unreachable", _("No path leads here: the rows before jump past it.")))
        found += [Problem(row, *one) for one in checks]
    return found


Found = Iterator[tuple[str, str, str]]


def _own(block: Block) -> Found:
    """Of the block by itself."""
    if not CODE.fullmatch(block.key) or block.key == END:
        yield "key", "bad_key", _("A key has small letters, digits and underscores, and is not “end”.")
    if not block.text.strip() and not block.text_zh.strip():
        yield "text", "no_text", _("Write what the agent says.")
    for name in sorted((names_in(block.text) | names_in(block.text_zh)) - set(VARIABLES)):
        yield "text", "unknown_variable", _("{%(name)s} stands for nothing.") % {"name": name}
    if block.kind in WITH_CHOICES:
        yield from _choices(block)
    elif block.choices:
        yield "choices", "no_choices", _("This kind has no answers to choose from.")
    if block.kind == Kind.SCALE and (block.lowest is None or block.highest is None):
        yield "lowest", "no_range", _("A scale has a lowest and a highest step.")
    elif block.lowest is not None and block.highest is not None and block.lowest >= block.highest:
        yield "lowest", "bad_range", _("The lowest must be below the highest.")
    elif block.kind == Kind.SCALE and (block.highest or 0) - (block.lowest or 0) >= LONGEST_SCALE:
        yield "highest", "long_scale", _("A scale has at most %(count)s steps.") % {"count": LONGEST_SCALE}


def _choices(block: Block) -> Found:
    if not 2 <= len(block.choices) <= MOST_CHOICES:
        yield "choices", "few_choices", _("Give 2 to %(most)s answers to choose from.") % {"most": MOST_CHOICES}
    values = [choice.value for choice in block.choices]
    if len(set(values)) < len(values):
        yield "choices", "doubled_value", _("Two answers have the same value.")
    for choice in block.choices:
        if not CODE.fullmatch(choice.value):
            yield (
                "choices",
                "bad_value",
                _("A value has small letters, digits and underscores: “%(value)s”.") % {"value": choice.value},
            )
        if not choice.label.strip() and not choice.label_zh.strip():
            yield "choices", "no_label", _("The answer “%(value)s” has no text.") % {"value": choice.value}


def _jumps(block: Block, row: int, places: dict[str, int]) -> Found:
    targets = [("goto", block.goto), *(("choices", choice.goto) for choice in block.choices)]
    for field, target in targets:
        if not target or target == END:
            continue
        if target not in places:
            yield field, "goto_nowhere", _("There is no row “%(key)s” to go to.") % {"key": target}
        elif places[target] <= row:
            yield field, "goto_back", _("“%(key)s” stands above: the way would never end.") % {"key": target}


def _conditions(block: Block, row: int, tree: Tree, places: dict[str, int]) -> Found:
    conditions: tuple[tuple[str, Condition], ...] = (
        ("shown_when", block.shown_when), ("required_when", block.required_when or ()),
    )  # fmt: skip
    for field, condition in conditions:
        for clause in condition:
            place = places.get(clause.question)
            if place is None or not tree.blocks[place].is_question:
                yield field, "unknown_question", _("There is no question “%(key)s”.") % {"key": clause.question}
            elif place >= row:
                yield field, "later_question", _("“%(key)s” is asked only later.") % {"key": clause.question}
            else:
                yield from _values(field, clause, tree.blocks[place])


def _values(field: str, clause: Clause, asked: Block) -> Found:
    if clause.test in {Comparison.ANSWERED, Comparison.UNANSWERED}:
        return
    if not clause.values:
        yield field, "no_value", _("Say which answer is meant.")
    elif clause.test in {Comparison.AT_LEAST, Comparison.AT_MOST}:
        if measure(clause.values[0]) is None:
            yield field, "not_a_number", _("At least and at most need a number or a date.")
    elif offered := {choice.value for choice in asked.offered()}:
        for value in sorted(set(clause.values) - offered):
            yield field, "unknown_value", _("“%(value)s” is no answer of “%(key)s”.") % {
                "value": value, "key": asked.key
            }  # fmt: skip


def _reachable(tree: Tree, places: dict[str, int]) -> set[int]:
    """Rows that some path comes by. Conditions are taken to hold and not to hold."""
    reached, rest = set(), [0] if tree.blocks else []
    while rest:
        row = rest.pop()
        if row in reached or row >= len(tree.blocks):
            continue
        reached.add(row)
        rest += _followers(tree.blocks[row], row, places)
    return reached


def _followers(block: Block, row: int, places: dict[str, int]) -> list[int]:
    targets = [choice.goto for choice in block.choices if choice.goto]
    always_jumps = block.kind == Kind.SINGLE and block.required_when == () and len(targets) == len(block.choices)
    falls_through = not block.goto and not (always_jumps and targets) or bool(block.shown_when)
    targets += [block.goto] if block.goto else []
    return [places[target] for target in targets if places.get(target, -1) > row] + ([row + 1] if falls_through else [])
