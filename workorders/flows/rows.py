"""Between the JSON of a version and the rows of its form. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from workorders.order_types.models import OrderType
from workorders.order_types.rules import Kind

Named = tuple[str, str]
Typed = Mapping[str, Sequence[Mapping[str, Any]]]
KINDS = {
    Kind.CHOICE: _("one of several"), Kind.FLAG: _("yes or no"), Kind.TEXT: _("text"), Kind.NUMBER: _("number"),
    Kind.DATE: _("day"),
}  # fmt: skip
# What the rows of a form do not show and a save keeps.
_KEPT_OF_STAGE = ("clocks",)


def initial(row: OrderType) -> dict[str, list[dict[str, Any]]]:
    """The rows as they are stored."""
    moves = [one | {"sources": [one["from"]] if isinstance(one["from"], str) else one["from"]} for one in row.moves]
    effects = [
        {"move": one["key"], "name": effect["name"]}
        | {f"param_{name}": value for name, value in effect.get("params", {}).items()}
        | {"field": effect.get("when", {}).get("field", ""), "values": ", ".join(effect.get("when", {}).get("is", []))}
        for one in row.moves
        for effect in one.get("effects", ())
    ]
    return {
        "stages": list(row.stages),
        "moves": moves,
        "effects": effects,
        "fields": [_field_row(one) for one in row.fields],
    }


def _field_row(one: Mapping[str, Any]) -> dict[str, Any]:
    made = {name: one.get(name) for name in ("key", "label", "label_zh", "kind", "required", "least", "most")}
    lines = [" | ".join((each["value"], each["label"], each.get("label_zh", ""))) for each in one.get("choices", ())]
    made |= {"choices": "\n".join(lines), "kind": one.get("kind", Kind.CHOICE)}
    for part in ("shown", "required"):
        condition = one.get(f"{part}_when") or {}
        made |= {f"{part}_field": condition.get("field", ""), f"{part}_is": ", ".join(condition.get("is", []))}
    return made


def named_initial(stored: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, list[Named]]:
    """{"stages", "fields": (key, key and name)} for the choices of other rows."""
    return {
        prefix: [(str(one["key"]), f"{one.get('label') or one['key']} ({one['key']})") for one in stored[prefix]]
        for prefix in ("stages", "fields")
    }


def named(data: Mapping[str, Any]) -> dict[str, list[Named]]:
    """The same of what was typed."""
    found: dict[str, list[Named]] = {}
    for prefix in ("stages", "fields"):
        count = str(data.get(f"{prefix}-TOTAL_FORMS", "0"))
        places = range(int(count) if count.isdigit() and int(count) < 1000 else 0)
        rows = [(data.get(f"{prefix}-{at}-key", "").strip(), data.get(f"{prefix}-{at}-label", "")) for at in places]
        found[prefix] = [(key, f"{label or key} ({key})") for key, label in rows if key]
    return found


def parts(typed: Typed, *, before: OrderType) -> dict[str, list[dict[str, Any]]]:
    """`stages`, `moves` and `fields` of what was typed. before: keeps what the rows do not show."""
    stored = {one["key"]: one for one in before.stages}
    stages = [
        {name: one[name] for name in ("key", "phase", "label", "label_zh", "who")}
        | {"form": list(one["form"])}
        | {name: stored[one["key"]][name] for name in _KEPT_OF_STAGE if name in stored.get(one["key"], {})}
        for one in typed["stages"]
    ]
    moves = [
        {name: one[name] for name in ("key", "to", "via", "permission", "label", "label_zh")}
        | {"from": list(one["sources"]), "needs": list(one["needs"])}
        | {"effects": [_effect(each) for each in typed["effects"] if each["move"] == one["key"]]}
        for one in typed["moves"]
    ]
    known = {one["key"] for one in moves}
    lost = [each for each in typed["effects"] if each["move"] not in known]
    for each in lost:  # kept on a move that does not exist, so that problems() names it
        moves.append({"key": each["move"], "from": [], "to": "", "via": "", "effects": [_effect(each)]})
    return {"stages": stages, "moves": moves, "fields": [_field(one) for one in typed["fields"]]}


def _effect(one: Mapping[str, Any]) -> dict[str, Any]:
    params = {
        name.removeprefix("param_"): value
        for name, value in one.items()
        if name.startswith("param_") and value not in (None, "")
    }
    made: dict[str, Any] = {"name": one["name"], "params": params}
    if one["field"]:
        made["when"] = {"field": one["field"], "is": split(one["values"])}
    return made


def _field(one: Mapping[str, Any]) -> dict[str, Any]:
    made = {name: one[name] for name in ("key", "label", "label_zh", "kind", "required")}
    made |= {name: one[name] for name in ("least", "most") if one[name] is not None}
    lines = [[part.strip() for part in line.split("|")] for line in one["choices"].splitlines() if line.strip()]
    if lines:
        made["choices"] = [
            {"value": line[0], "label": (line + ["", ""])[1] or line[0], "label_zh": (line + ["", ""])[2]}
            for line in lines
        ]
    for part in ("shown", "required"):
        if one[f"{part}_field"]:
            made[f"{part}_when"] = {"field": one[f"{part}_field"], "is": split(one[f"{part}_is"])}
    return made


def split(text: str) -> list[str]:
    return [part.strip() for part in text.replace("，", ",").split(",") if part.strip()]
