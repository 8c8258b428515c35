"""Scenarios that ask whom other scenarios have found: none may come back to itself."""

from collections.abc import Iterator, Mapping
from typing import Any

FOUND_BY = "found_by"


def loop_of(code: str, rule: Any, rules: Mapping[str, Any]) -> list[str]:
    """The way from a scenario back to itself, as codes (S4, S13, S4); empty where there is none.

    rules: {code: stored rule} of all scenarios.
    """
    ways = [[code, other] for other in asked_of(rule)]
    seen: set[str] = set()
    while ways:
        way = ways.pop()
        if way[-1] == code:
            return way
        if way[-1] not in seen:
            seen.add(way[-1])
            ways += [[*way, other] for other in asked_of(rules.get(way[-1]))]
    return []


def asked_of(rule: Any) -> Iterator[str]:
    """The scenarios that a stored rule asks of."""
    if not isinstance(rule, dict):
        return
    if rule.get("field") == FOUND_BY and isinstance(rule.get("value"), list):
        yield from map(str, rule["value"])
    for one in rule.get("rules", ()):
        yield from asked_of(one)
