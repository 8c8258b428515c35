"""The numbers of a rule that a manager tunes without changing its structure."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from campaigns.audiences.rules.conditions import Condition, Takes
from campaigns.audiences.rules.fields import RuleField, Type
from campaigns.audiences.rules.parser import as_json, parse


@dataclass(frozen=True)
class Parameter:
    """name: unique in the rule. operator: as shown. value: the number as the rule stores it (0.3 for 30 %)."""

    name: str
    path: str
    field: RuleField
    operator: str
    label: str
    value: int | float


def parameters(rule: object) -> list[Parameter]:
    """Every number of the rule, in reading order; unnamed ones are named after their field."""
    tree = parse(rule)
    stored = as_json(tree)
    found: dict[str, Parameter] = {}
    for condition in tree.conditions():
        if not _is_tunable(condition):
            continue
        wanted = condition.name or condition.field.key
        taken = sum(1 for name in found if name == wanted or name.startswith(f"{wanted}."))
        name = f"{wanted}.{taken + 1}" if taken else wanted
        field, label = condition.field, f"{condition.field.label} {condition.operator.label}"
        if condition.floor:  # the number is a part of the baseline, whatever the field counts
            field, label = replace(field, type=Type.SHARE, unit=""), f"{label}: {_('its own baseline')}"
        value = _node(stored, condition.path)["value"]
        found[name] = Parameter(name, condition.path, field, condition.operator.sign, label, value)
    return list(found.values())


def with_parameters(rule: object, values: Mapping[str, object]) -> dict[str, Any]:
    """The rule with other numbers, by parameter name; unknown names are ignored. Raises Invalid."""
    changed = deepcopy(as_json(parse(rule)))
    for parameter in parameters(rule):
        if parameter.name in values:
            _node(changed, parameter.path)["value"] = values[parameter.name]
    return as_json(parse(changed))


def _is_tunable(condition: Condition) -> bool:
    has_number = condition.other is None or condition.floor is not None
    return condition.field.is_number and has_number and condition.operator.takes == Takes.ONE


def _node(rule: dict[str, Any], path: str) -> dict[str, Any]:
    """The condition at `rules[1].rules[0]`."""
    node = rule
    for step in path.split("."):
        node = node["rules"][int(step.removeprefix("rules[").removesuffix("]"))]
    return node
