"""A draft as inputs of the builder, for the template."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from campaigns.audiences.builder.forms import AGO, AHEAD, DAY, MODES, ROOT, Draft
from campaigns.audiences.rules import OPERATORS, RuleField, Type, operators_for
from campaigns.audiences.rules.conditions import BASELINE_SIGNS, BETWEEN_FIELDS, Takes
from campaigns.audiences.rules.known_values import text_for
from campaigns.audiences.rules.parser import DEPTH_LIMIT
from campaigns.audiences.rules.values import read_number

Option = tuple[str, object]


@dataclasses.dataclass
class ValueBox:
    """One value. kind: number, text, date, days, select, checks, list. when: mode of a date, "" for other types."""

    name: str
    kind: str
    value: str = ""
    values: Sequence[str] = ()
    options: Sequence[Option] = ()
    unit: object = ""
    when: str = ""
    whens: Sequence[Option] = ()


@dataclasses.dataclass
class ConditionBox:
    """One condition. asks_days: it may be limited to the last N days."""

    id: str
    field: str = ""
    name: str = ""
    operator: str = ""
    operators: Sequence[Option] = ()
    source: str = ""
    other: str = ""
    sources: Sequence[Option] = ()
    factor: str = "100"
    least_base: str = ""
    least_change: str = ""
    unit: object = ""
    days: str = ""
    asks_days: bool = False
    values: list[ValueBox] = dataclasses.field(default_factory=list)
    error: str = ""
    is_group = False


@dataclasses.dataclass
class GroupBox:
    id: str
    mode: str
    modes: Sequence[Option]
    rules: list["ConditionBox | GroupBox"]
    may_nest: bool
    error: str = ""
    is_group = True

    @property
    def is_root(self) -> bool:
        return self.id == ROOT


def draw_draft(draft: Draft, fields: Mapping[str, RuleField], errors: Mapping[str, str] | None = None) -> GroupBox:
    """`errors` is {path of campaigns.audiences.rules: message}."""
    return _group(draft, ROOT, "", fields, errors or {}, 1)


def field_options(fields: Mapping[str, RuleField], *, numbers: bool = False) -> list[tuple[object, list[Option]]]:
    """(area, [(key, label)]) for the list of fields."""
    chosen = [one for one in fields.values() if one.is_number or not numbers]
    chosen.sort(key=lambda one: str(one.area))
    areas = [(area, list(group)) for area, group in groupby(chosen, key=lambda one: str(one.area))]
    return [(area, [(one.key, one.label) for one in group]) for area, group in areas]


def format_percent_input(value: object) -> str:
    """0.3 as "30"; other text as typed."""
    try:
        return format_number_input(read_number(value) * 100)
    except ValueError:
        return str(value)


def format_number_input(value: object) -> str:
    """A number without trailing zeros, for an input."""
    try:
        text = f"{read_number(value):f}"
    except ValueError:
        return str(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _group(
    draft: Draft, id: str, path: str, fields: Mapping[str, RuleField], errors: Mapping[str, str], depth: int
) -> GroupBox:
    rules: list[ConditionBox | GroupBox] = []
    for place, one in enumerate(draft["rules"]):
        inner = f"{path}.rules[{place}]".lstrip(".")
        if "rules" in one:
            rules.append(_group(one, f"{id}-{place}", inner, fields, errors, depth + 1))
        else:
            rules.append(_condition(one, f"{id}-{place}", fields, errors.get(inner, "")))
    mode = next(name for name, way in MODES.items() if way == (draft.get("combinator", "and"), draft.get("not", False)))
    return GroupBox(id, mode, _modes(), rules, depth < DEPTH_LIMIT, errors.get(path, ""))


def _modes() -> list[Option]:
    words = (
        _("all of these are true"),
        _("any of these is true"),
        _("not all of these are true, or not known"),
        _("none is true, or not known"),
    )
    return list(zip(MODES, words, strict=True))


def _condition(draft: Draft, id: str, fields: Mapping[str, RuleField], error: str) -> ConditionBox:
    known = fields.get(draft["field"])
    if known is None:
        return ConditionBox(id, error=error)
    # What looks inside a code is no question about a name: kept where a rule has it, not offered anew.
    inside = {"contains", "beginsWith"} - {draft["operator"]} if known.rows else set()
    fitting = [operator for operator in operators_for(known) if operator.sign not in inside]
    operators = [(operator.sign, operator.label_for(known.type)) for operator in fitting]
    box = ConditionBox(id, known.key, draft.get("name", ""), draft["operator"], operators, error=error)
    box.sources = _sources(known, draft["operator"])
    asked = draft.get("valueSource", "value")
    box.source = next((key for key, _label in box.sources if key == asked), "value" if box.sources else "")
    if box.source == "field":
        box.other, box.factor = draft.get("value", ""), format_percent_input(draft.get("factor", 1))
    elif box.source == "baseline":
        box.factor, box.unit = format_percent_input(draft.get("value", "")), known.unit
        box.least_base, box.least_change = (
            format_number_input(draft.get(key, "")) for key in ("least_base", "least_change")
        )
    else:
        box.values = list(_values(known, draft, f"{id}.value"))
        box.asks_days = bool(known.membership and known.membership.on)
        box.days = str(draft.get("days", ""))
    return box


def _sources(known: RuleField, sign: str) -> list[Option]:
    """What a number may be compared with."""
    if not (known.is_number and sign in BETWEEN_FIELDS):
        return []
    sources: list[Option] = [("value", _("a number")), ("field", _("another field"))]
    return [*sources, ("baseline", _("its own baseline"))] if known.baseline and sign in BASELINE_SIGNS else sources


def _values(known: RuleField, draft: Draft, name: str) -> Iterator[ValueBox]:
    takes, value = OPERATORS[draft["operator"]].takes, draft.get("value", "")
    if takes == Takes.ONE:
        yield _value(known, value, name)
    elif takes == Takes.TWO:
        low, high = value if isinstance(value, list) and len(value) == 2 else ("", "")
        yield _value(known, low, name)
        yield _value(known, high, f"{name}2")
    elif takes == Takes.DAYS:
        yield ValueBox(name, "number", format_number_input(value), unit=_("days"))
    elif takes == Takes.MANY:
        words = [str(one) for one in value] if isinstance(value, list) else []
        kind = "checks" if known.choices else "list"
        yield ValueBox(name, kind, ", ".join(text_for(known, word) for word in words), words, known.choices)


def _value(known: RuleField, value: Any, name: str) -> ValueBox:
    if known.type == Type.FLAG:
        return ValueBox(name, "select", str(value).lower(), options=[("true", _("yes")), ("false", _("no"))])
    if known.choices:
        return ValueBox(name, "select", str(value), options=known.choices)
    if known.type == Type.DATE:
        return _day(value, name)
    if known.type == Type.SHARE:
        return ValueBox(name, "number", format_percent_input(value), unit="%")
    if known.is_number:
        return ValueBox(name, "number", format_number_input(value), unit=known.unit)
    return ValueBox(name, "text", text_for(known, str(value)))


def _day(value: Any, name: str) -> ValueBox:
    whens = [(DAY, _("the day")), (AGO, _("days ago")), (AHEAD, _("days ahead"))]
    if not isinstance(value, dict):
        return ValueBox(name, "date", str(value), when=DAY, whens=whens)
    days = str(value.get("days_ago", ""))
    when = AHEAD if days.startswith("-") else AGO
    return ValueBox(name, "days", days.lstrip("-"), when=when, whens=whens)
