"""What was answered on a questionnaire: checked along its path, and scored. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from retention.core.errors import Invalid
from workorders.surveys.tree import NUMBER, WITH_CHOICES, Block, Kind, Tree

MAX_ANSWER_CHARACTERS = 2000


@dataclass(frozen=True)
class Answered:
    """One value of a question; a question with several chosen values has several. score: None where none is given."""

    question: str
    value: str
    score: int | None


@dataclass(frozen=True)
class Result:
    """kept: {key: answer} of the questions on the path. score: the points reached; possible: the most there were."""

    kept: Mapping[str, str]
    answers: tuple[Answered, ...]
    score: int
    possible: int


def check(tree: Tree, given: Mapping[str, object], *, complete: bool) -> Result:
    """The answers on the path; others are dropped. Invalid for a value that does not fit its question.

    With `complete` a required question without an answer is Invalid too.
    """
    texts = {key: str(value).strip() for key, value in given.items() if value is not None}
    kept: dict[str, str] = {}
    answers: list[Answered] = []
    problems: list[dict[str, str]] = []
    possible = 0
    for step in tree.path(texts):
        block, text = step.block, texts.get(step.block.key, "")
        if not block.is_question:
            continue
        code, message = _problem(block, text, required=step.required and complete)
        if code:
            problems.append({"field": block.input_name, "code": code, "message": message % {"field": block.title}})
        elif text:
            kept[block.key] = text
            answers += scored(block, text)
            possible += most(block)
    if problems:
        raise Invalid(problems[0]["message"], code="answers", details=problems)
    return Result(kept, tuple(answers), sum(one.score or 0 for one in answers), possible)


def scored(block: Block, text: str) -> list[Answered]:
    points = {choice.value: choice.score for choice in block.offered()}
    counts = any(points.values())
    return [Answered(block.key, part, points.get(part, 0) if counts else None) for part in block.split(text)]


def most(block: Block) -> int:
    """The most points that the question gives."""
    points = [choice.score for choice in block.offered()]
    if block.kind == Kind.MULTIPLE:
        return sum(point for point in points if point > 0)
    return max(points, default=0)


def _problem(block: Block, text: str, *, required: bool) -> tuple[str, str]:
    """(code, message) of what is wrong with an answer; ("", "") for one that fits."""
    if not text:
        return ("required", _("%(field)s: please answer.")) if required else ("", "")
    if len(text) > MAX_ANSWER_CHARACTERS:
        return "too_long", _("%(field)s: the answer is too long.")
    if block.kind in WITH_CHOICES | {Kind.SCALE}:
        offered = {choice.value for choice in block.offered()}
        parts = block.split(text)
        if not parts or not set(parts) <= offered or len(set(parts)) < len(parts):
            return "not_a_choice", _("%(field)s: not one of the answers.")
    elif block.kind == Kind.NUMBER and not _fits(block, text):
        return "not_a_number", _("%(field)s: not a number in the range asked for.")
    elif block.kind == Kind.DATE and not _is_day(text):
        return "not_a_date", _("%(field)s: not a date.")
    return "", ""


def _fits(block: Block, text: str) -> bool:
    if not NUMBER.fullmatch(text):
        return False
    low, high = block.lowest, block.highest
    return (low is None or float(text) >= low) and (high is None or float(text) <= high)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
