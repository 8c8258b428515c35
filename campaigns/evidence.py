"""By what a line was found, in words."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from campaigns.rules import RuleField, Type
from campaigns.rules.sentence import say_value
from retention.core.templatetags.formats import DASH


def describe(evidence: Mapping[str, Any], fields: Mapping[str, RuleField]) -> list[tuple[str, str]]:
    """(label, value) of each field of a hit's evidence, e.g. ("Spend, change", "−42%"); withdrawn fields by their key.

    `fields` is rules.rule_catalogue(), read once for a page.
    """
    return [
        (str(fields[key].label) if key in fields else key, say(fields.get(key), value))
        for key, value in evidence.items()
    ]


def say(field: RuleField | None, value: Any) -> str:
    """A value as JSON or a profile holds it, a dash for a missing one."""
    if value is None:
        return DASH
    if field is None:
        return str(value)
    if field.type == Type.DATE and isinstance(value, str):
        try:
            return say_value(field, date.fromisoformat(value))
        except ValueError:
            return value
    return say_value(field, value)
