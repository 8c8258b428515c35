"""Helpers to write the rules of default rows."""

from typing import Any


def rule(*conditions: dict[str, Any], combinator: str = "and", negated: bool = False) -> dict[str, Any]:
    return {"combinator": combinator, "not": negated, "rules": list(conditions)}


def ask(field: str, operator: str, value: Any, name: str = "") -> dict[str, Any]:
    return {"field": field, "operator": operator, "value": value} | ({"name": name} if name else {})


IN_SERVICE = ask("status", "=", "active")
