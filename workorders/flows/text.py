"""Stages, moves and problems in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from retention.core.db.models import pick
from retention.core.ui import formats
from workorders.flows.forms import NEED_LABELS, PERMISSIONS, SECTIONS, DraftForm, Row
from workorders.order_types.models import OrderType
from workorders.order_types.stages import Effect, Stages
from workorders.orders.effects import EFFECTS
from workorders.orders.problems import Problem
from workorders.orders.states import MOVES, SYSTEM


@dataclass(frozen=True)
class ProblemRow:
    """A problem with the row that it is at, in words, and that row's anchor on the page of the draft."""

    where: str
    message: str
    anchor: str


def problem_rows(found: Sequence[Problem], row: OrderType) -> list[ProblemRow]:
    return [ProblemRow(_place(one.row, row), one.message, anchor(one.row)) for one in found]


@dataclass(frozen=True)
class FormRow:
    form: Row
    anchor: str
    messages: Sequence[str]


@dataclass(frozen=True)
class Section:
    """One list of a draft with its rows, each with the problems that were found at it."""

    prefix: str
    title: Any
    add: Any
    formset: Any
    rows: Sequence[FormRow]


# Problems stand at the row of this key; those of effects at their move.
_KEYED = {"stages": "stage", "moves": "move", "fields": "field"}


def section_rows(form: DraftForm, found: Sequence[Problem]) -> list[Section]:
    messages: dict[str, list[str]] = {}
    for one in found:
        messages.setdefault(anchor(one.row), []).append(one.message)
    made = []
    for prefix, formset in form.sections.items():
        title, add, _rows = SECTIONS[prefix]
        places = [
            anchor(f"{_KEYED[prefix]}:{one.row_key}") if one.row_key and prefix in _KEYED else f"{prefix}-row-{at}"
            for at, one in enumerate(formset)
        ]
        rows = [FormRow(one, at, messages.get(at, [])) for one, at in zip(formset, places, strict=True)]
        made.append(Section(prefix, title, add, formset, rows))
    return made


def anchor(row: str) -> str:
    kind, _colon, key = row.partition(":")
    return f"{kind}-{key}" if key else "own"


def _place(place: str, row: OrderType) -> str:
    kind, _colon, key = place.partition(":")
    named: Mapping[str, tuple[str, Sequence[Mapping[str, Any]]]] = {
        "stage": (_("Stage"), row.stages), "move": (_("Move"), row.moves), "field": (_("Question"), row.fields),
    }  # fmt: skip
    if kind not in named:
        return _("Order type")
    label, rows = named[kind]
    one = next((one for one in rows if one.get("key") == key), {})
    return formats.labelled(label, pick(one.get("label", ""), one.get("label_zh", "")) or key)


def _join(parts: Sequence[Any]) -> str:
    return pgettext("between the values of a list", ", ").join(str(one) for one in parts) or formats.DASH


def move_rows(flow: Stages) -> list[dict[str, str]]:
    """Rows of MoveTable."""
    titles = {one.key: one.title or one.key for one in flow.stages}
    may = dict(PERMISSIONS)
    rows = []
    for one in flow.steps:
        law = MOVES.get(one.via)
        by_clock = law is not None and law.permission == SYSTEM
        who = _("by itself") if by_clock else may.get(one.permission, one.permission)
        rows.append({
            "title": one.title or one.key,
            "sources": _join([titles.get(key, key) for key in one.sources]),
            "to": titles.get(one.to, one.to),
            "who": str(who),
            "needs": _join([NEED_LABELS.get(key, key) for key in one.needs]),
            "effects": _join([format_effect(effect) for effect in one.effects]),
        })  # fmt: skip
    return rows


def format_effect(effect: Effect) -> str:
    """`Opens a follow-up order (Fault escalation, 24), when solved is no`."""
    kind = EFFECTS.get(effect.name)
    if kind is None:
        return effect.name
    given = []
    for param in kind.params:
        value = effect.params.get(param.key)
        if value not in (None, ""):
            given.append(str(dict(param.choices()).get(value, value)) if param.choices else str(value))
    said = f"{kind.label} ({_join(given)})" if given else str(kind.label)
    if not effect.field:
        return said
    what = {"effect": said, "field": effect.field, "values": _join(effect.values)}
    return _("%(effect)s, when %(field)s is %(values)s") % what


def stages_words(value: Any) -> str:
    """A list of stages, moves or questions for the history: their names."""
    rows = value if isinstance(value, list) else []
    return _join([pick(one.get("label", ""), one.get("label_zh", "")) or one.get("key", "") for one in rows])
