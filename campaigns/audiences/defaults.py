"""Helpers to write the rules of default rows."""

from typing import Any


def rule(*conditions: dict[str, Any], combinator: str = "and", negated: bool = False) -> dict[str, Any]:
    return {"combinator": combinator, "not": negated, "rules": list(conditions)}


def ask(field: str, operator: str, value: Any, name: str = "") -> dict[str, Any]:
    return {"field": field, "operator": operator, "value": value} | ({"name": name} if name else {})


def credit_or_unrated(operator: str, score: int, name: str, *others: dict[str, Any]) -> dict[str, Any]:
    """The credit score against a number, or one of `others`. Who is not rated is never left out for it."""
    asked = ask("credit_score", operator, score, name), ask("credit_score", "null", None)
    return rule(*asked, *others, combinator="or")


IN_SERVICE = ask("status", "=", "active")
