"""From form fields to a draft rule.

Every part has an id, its position in the tree: r, r-0, r-1, r-1-0; its fields are called id.name.
"""

import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from decimal import Decimal
from typing import Any

from django.http import QueryDict

from campaigns.audiences.rules import OPERATORS, RuleField, Type, operators_for
from campaigns.audiences.rules.conditions import BASELINE_SIGNS, Takes
from campaigns.audiences.rules.values import read_number

Draft = dict[str, Any]
ROOT = "r"
PARTS_LIMIT = 120
BLANK_CONDITION: Draft = {"field": "", "operator": "", "value": ""}
BLANK_RULE: Draft = {"combinator": "and", "not": False, "rules": [BLANK_CONDITION]}
# Combinators of a group as one choice: (combinator, not).
MODES = {"and": ("and", False), "or": ("or", False), "not-and": ("and", True), "not-or": ("or", True)}
AGO, AHEAD, DAY = "ago", "ahead", "day"


def read_draft(data: QueryDict, fields: Mapping[str, RuleField]) -> Draft:
    """The draft in a form; a blank one without any. Never raises: invalid input stays as typed."""
    tree: dict[str, Draft] = {}
    for part in data.getlist("part")[:PARTS_LIMIT]:
        parent = tree.get(part.rpartition("-")[0])
        if f"{part}.mode" in data:
            combinator, negated = MODES.get(data.get(f"{part}.mode", ""), MODES["and"])
            tree[part] = {"combinator": combinator, "not": negated, "rules": []}
        else:
            tree[part] = _condition(data, part, fields)
        if parent and "rules" in parent:
            parent["rules"].append(tree[part])
    root = tree.get(ROOT, {})
    return root if root.get("rules") else deepcopy(BLANK_RULE)


def reshape_draft(draft: Draft, action: str) -> tuple[Draft, str]:
    """The draft after "add:ID", "group:ID", "remove:ID", "up:ID" or "down:ID", and the id of the part to focus ("" for
    none)."""
    verb, _colon, part = action.partition(":")
    draft = deepcopy(draft)
    change = {"add": _add, "group": _add_group, "remove": _remove, "up": _up, "down": _down}.get(verb)
    try:
        return (draft, change(draft, part)) if change else (draft, "")
    except (IndexError, KeyError, ValueError):
        return draft, ""  # a stale button: the part has been removed


def _add(draft: Draft, part: str) -> str:
    rules = _at(draft, part)["rules"]
    rules.append(deepcopy(BLANK_CONDITION))
    return f"{part}-{len(rules) - 1}"


def _add_group(draft: Draft, part: str) -> str:
    rules = _at(draft, part)["rules"]
    rules.append({"combinator": "or", "not": False, "rules": [deepcopy(BLANK_CONDITION), deepcopy(BLANK_CONDITION)]})
    return f"{part}-{len(rules) - 1}-0"


def _remove(draft: Draft, part: str) -> str:
    """A group without parts is removed as well; the outermost one keeps a blank condition."""
    above, _dash, place = part.rpartition("-")
    if not above:
        return ""
    rules = _at(draft, above)["rules"]
    del rules[int(place)]
    if rules:
        return f"{above}-{min(int(place), len(rules) - 1)}"
    if above == ROOT:
        rules.append(deepcopy(BLANK_CONDITION))
        return f"{ROOT}-0"
    return _remove(draft, above)


def _up(draft: Draft, part: str) -> str:
    return _move(draft, part, -1)


def _down(draft: Draft, part: str) -> str:
    return _move(draft, part, 1)


def _move(draft: Draft, part: str, step: int) -> str:
    """Past the neighbour; a condition goes into a group that is next to it, and out of its own at the end of that."""
    above, _dash, place = part.rpartition("-")
    if not above:
        return part
    rules, at = _at(draft, above)["rules"], int(place)
    moved, to = rules[at], at + step
    if 0 <= to < len(rules):
        del rules[at]
        if "rules" in rules[min(at, to)] and "rules" not in moved:
            inner = rules[min(at, to)]["rules"]
            inner.insert(0 if step > 0 else len(inner), moved)
            return f"{above}-{min(at, to)}-{inner.index(moved)}"
        rules.insert(to, moved)
        return f"{above}-{to}"
    if above == ROOT:
        return part
    del rules[at]
    outer, _dash, group = above.rpartition("-")
    beside = _at(draft, outer)["rules"]
    target = int(group) + (step > 0)
    beside.insert(target, moved)
    if not rules:
        del beside[int(group) + (step < 0)]
        target -= step > 0
    return f"{outer}-{target}"


def _at(draft: Draft, part: str) -> Draft:
    first, *places = part.split("-")
    if first != ROOT:
        raise KeyError(part)
    for place in places:
        draft = draft["rules"][int(place)]
    return draft


def _condition(data: QueryDict, part: str, fields: Mapping[str, RuleField]) -> Draft:
    field = fields.get(data.get(f"{part}.field", ""))
    if field is None:
        return deepcopy(BLANK_CONDITION)
    signs = [operator.sign for operator in operators_for(field)]
    asked = data.get(f"{part}.operator", "")
    sign = asked if asked in signs else next(one for one in (">=", "=", "in") if one in signs)
    draft: Draft = {"field": field.key, "operator": sign}
    if name := data.get(f"{part}.name", ""):
        draft["name"] = name
    if data.get(f"{part}.source") == "field":
        factor = _hundredth(data.get(f"{part}.factor", "100"))
        return draft | {"valueSource": "field", "value": data.get(f"{part}.other", ""), "factor": factor}
    if data.get(f"{part}.source") == "baseline" and field.baseline and sign in BASELINE_SIGNS:
        floors = {key: data.get(f"{part}.{key}", "").strip() for key in ("least_base", "least_change")}
        share = _hundredth(data.get(f"{part}.factor", "100"))
        return draft | {"valueSource": "baseline", "value": share} | {key: text for key, text in floors.items() if text}
    takes = OPERATORS[sign].takes
    if days := data.get(f"{part}.days", "").strip():
        draft["days"] = days
    return draft if takes == Takes.NOTHING else draft | {"value": VALUE_READERS[takes](data, part, field)}


def _one(data: QueryDict, part: str, field: RuleField) -> Any:
    return _read_value(data, f"{part}.value", field)


def _two(data: QueryDict, part: str, field: RuleField) -> list[Any]:
    return [_read_value(data, f"{part}.value", field), _read_value(data, f"{part}.value2", field)]


def _many(data: QueryDict, part: str, field: RuleField) -> list[Any]:
    given = data.getlist(f"{part}.value")
    # A pasted column of numbers has no commas; names may hold blanks.
    between = r"[,，、;；\s]+" if field.is_number else r"[,，、;；\n]"
    words = given if field.choices else [word for text in given for word in re.split(between, text)]
    return [word.strip() for word in words if word.strip()]


def _days(data: QueryDict, part: str, field: RuleField) -> str:
    return data.get(f"{part}.value", "").strip()


VALUE_READERS: dict[Takes, Callable[[QueryDict, str, RuleField], Any]] = {
    Takes.ONE: _one,
    Takes.TWO: _two,
    Takes.MANY: _many,
    Takes.DAYS: _days,
}


def _read_value(data: QueryDict, key: str, field: RuleField) -> Any:
    text = data.get(key, "").strip()
    if field.type == Type.SHARE:
        return _hundredth(text)
    when = data.get(f"{key}.when", DAY)
    if field.type == Type.DATE and when != DAY:
        return {"days_ago": f"-{text}" if when == AHEAD else text}
    return text


def _hundredth(text: str) -> Any:
    """A percentage as a share of one; other text stays as typed, for the rule's validation."""
    try:
        return float(read_number(text) / Decimal(100))
    except ValueError:
        return text
