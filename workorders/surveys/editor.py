"""The editor of a tree: rows of forms made from a stored tree or from what the page sends, and back again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from retention.core.ui.filters import parse_number
from workorders.surveys import forms
from workorders.surveys.forms import BlockForm, ChoiceForm, ClauseForm, RowForm
from workorders.surveys.problems import Problem
from workorders.surveys.tree import Kind

SPARE_CHOICES, SPARE_CLAUSES = 2, 1
SHORT = 40


@dataclass
class EditorRow:
    """One block: its own fields, its answers, and the clauses of its two conditions."""

    place: int
    block: BlockForm
    choices: list[ChoiceForm]
    shown: list[ClauseForm]
    required: list[ClauseForm]
    problems: list[Problem] = field(default_factory=list)
    is_open: bool = False

    @property
    def forms(self) -> list[RowForm]:
        return [self.block, *self.choices, *self.shown, *self.required]

    @property
    def key(self) -> str:
        return str(self.block["key"].value() or "")

    @property
    def kind(self) -> str:
        return str(self.block["kind"].value() or "")

    @property
    def kind_title(self) -> object:
        return dict(forms.KINDS).get(self.kind, self.kind)  # type: ignore[call-overload]

    @property
    def summary(self) -> str:
        text = str(self.block["text"].value() or self.block["text_zh"].value() or "")
        return f"{text[:SHORT]}…" if len(text) > SHORT else text

    @property
    def has_choices(self) -> bool:
        return forms.has_choices(self.kind)

    @property
    def has_range(self) -> bool:
        return self.kind in {Kind.SCALE, Kind.NUMBER}

    @property
    def is_scale(self) -> bool:
        return self.kind == Kind.SCALE

    @property
    def is_question(self) -> bool:
        return self.kind != Kind.SAY

    @property
    def asks_when(self) -> bool:
        return self.is_question and self.block["required"].value() == forms.SOMETIMES


class Editor:
    """The rows of one page."""

    def __init__(self, rows: list[EditorRow]) -> None:
        self.rows = rows
        self._offer()

    @classmethod
    def of_tree(cls, stored: Mapping[str, Any]) -> "Editor":
        return cls([_row(place, one) for place, one in enumerate(stored.get("blocks", ()))])

    @classmethod
    def of_post(cls, data: Mapping[str, str]) -> "Editor":
        count = min(parse_number(data.get("rows", "")) or 0, forms.MAX_BLOCKS)
        return cls([_posted_row(place, data) for place in range(count)])

    def is_valid(self) -> bool:
        """Whether every field can be read. A row with one that cannot is opened."""
        for row in self.rows:
            row.is_open = row.is_open or not all([form.is_valid() for form in row.forms])
        return all(form.is_valid() for row in self.rows for form in row.forms)

    def stored(self) -> dict[str, Any]:
        """The tree, once valid. A row whose key was changed keeps those that jump to it or ask for it."""
        blocks = [_block(row) for row in self.rows]
        kept = {one["key"] for one in blocks}
        renamed = {}
        for row, one in zip(self.rows, blocks, strict=True):
            was = row.block.cleaned_data["was"]
            if was and was != one["key"] and was not in kept:
                renamed[was] = one["key"]
        return {"blocks": [_follow(one, renamed) for one in blocks]}

    def attach(self, problems: list[Problem]) -> None:
        for one in problems:
            if one.row is not None:
                self.rows[one.row].problems.append(one)

    def _offer(self) -> None:
        keys = [(row.key, f"{row.place + 1}. {row.key}") for row in self.rows]
        asked = [(row.key, f"{row.place + 1}. {row.key}") for row in self.rows if row.is_question]
        for row in self.rows:
            later = forms.targets(keys[row.place + 1 :])
            before = [("", _("no condition")), *[one for one in asked if one in keys[: row.place]]]
            for form in (row.block, *row.choices):
                forms.offer(form, "goto", later)
            for clause in (*row.shown, *row.required):
                forms.offer(clause, "question", before)


def act(tree: dict[str, Any], action: str) -> int | None:
    """Carry out `add`, `add:3` (below the row 3), `up:3`, `down:3` or `remove:3` on a tree; the row to open after."""
    blocks = tree["blocks"]
    name, _colon, place = action.partition(":")
    at = parse_number(place)
    if name == "add" and len(blocks) < forms.MAX_BLOCKS:
        at = len(blocks) if at is None else min(at + 1, len(blocks))
        blocks.insert(
            at, {"key": _free_key(blocks), "kind": str(Kind.SINGLE), "text": "", "text_zh": "", "choices": []}
        )
        return at
    if at is None or at >= len(blocks):
        return None
    if name == "remove":
        del blocks[at]
    elif name in {"up", "down"}:
        to = at - 1 if name == "up" else at + 1
        if 0 <= to < len(blocks):
            blocks[at], blocks[to] = blocks[to], blocks[at]
    return None


def _free_key(blocks: list[dict[str, Any]]) -> str:
    taken = {one["key"] for one in blocks}
    return next(key for number in range(1, len(blocks) + 2) if (key := f"q{number}") not in taken)


def _row(place: int, one: Mapping[str, Any]) -> EditorRow:
    prefix = f"b{place}"

    def clauses(name: str) -> list[ClauseForm]:
        given = [{**clause, "values": ",".join(clause.get("values", ()))} for clause in one.get(name) or ()]
        given += [{}] * SPARE_CLAUSES
        return [ClauseForm(initial=each, prefix=f"{prefix}-{name[0]}{at}") for at, each in enumerate(given)]

    choices = [*one.get("choices", ()), *[{}] * SPARE_CHOICES]
    return EditorRow(
        place,
        BlockForm(initial=forms.block_initial(one), prefix=prefix),
        [ChoiceForm(initial=each, prefix=f"{prefix}-c{at}") for at, each in enumerate(choices)],
        clauses("shown_when"),
        clauses("required_when"),
    )


def _posted_row(place: int, data: Mapping[str, str]) -> EditorRow:
    prefix = f"b{place}"

    def some(form: type[Any], letter: str, most: int) -> list[Any]:
        names = {name.split("-")[1] for name in data if name.startswith(f"{prefix}-{letter}") and name.count("-") == 2}
        numbers = sorted(number for one in names if (number := parse_number(one[1:])) is not None)
        return [form(data, prefix=f"{prefix}-{letter}{number}") for number in numbers[:most]]

    return EditorRow(
        place,
        BlockForm(data, prefix=prefix),
        some(ChoiceForm, "c", forms.MAX_CHOICES),
        some(ClauseForm, "s", forms.MAX_CLAUSES),
        some(ClauseForm, "r", forms.MAX_CLAUSES),
    )


def _block(row: EditorRow) -> dict[str, Any]:
    """As it is stored. Fields that the kind has not are dropped."""
    given = row.block.cleaned_data
    block: dict[str, Any] = {name: given[name] for name in ("key", "kind", "text", "text_zh")}
    block["shown_when"] = _condition(row.shown)
    block["required_when"] = _required(row, given["required"])
    if given["goto"]:
        block["goto"] = given["goto"]
    if row.has_choices:
        block["choices"] = [
            {
                "value": form.cleaned_data["value"], "label": form.cleaned_data["label"],
                "label_zh": form.cleaned_data["label_zh"], "score": form.cleaned_data["score"] or 0,
                "goto": form.cleaned_data["goto"],
            }
            for form in row.choices
            if not form.is_blank
        ]  # fmt: skip
    if row.has_range:
        block |= {"lowest": given["lowest"], "highest": given["highest"]}
    if row.is_scale:
        block["weight"] = given["weight"] or 0
    return block


def _required(row: EditorRow, mode: str) -> list[dict[str, Any]] | None:
    if not row.is_question or mode not in {forms.ALWAYS, forms.SOMETIMES}:
        return None
    return _condition(row.required) if mode == forms.SOMETIMES else []


def _condition(clauses: list[ClauseForm]) -> list[dict[str, Any]]:
    return [
        {
            "question": form.cleaned_data["question"], "test": form.cleaned_data["test"] or "any_of",
            "values": [part.strip() for part in form.cleaned_data["values"].split(",") if part.strip()],
        }
        for form in clauses
        if form.cleaned_data["question"]
    ]  # fmt: skip


def _follow(block: dict[str, Any], renamed: Mapping[str, str]) -> dict[str, Any]:
    for one in [block, *block.get("choices", ())]:
        if one.get("goto"):
            one["goto"] = renamed.get(one["goto"], one["goto"])
    for clause in [*block["shown_when"], *(block["required_when"] or ())]:
        clause["question"] = renamed.get(clause["question"], clause["question"])
    return block
