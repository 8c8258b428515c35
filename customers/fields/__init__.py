"""The field catalogue: every column of the profile, declared once. `FIELDS` keeps the order people see."""

from collections.abc import Iterator

from customers.fields import (
    circles,
    credit,
    events,
    frozen_cohorts,
    holdings,
    identity,
    leaving,
    loyalty,
    money,
    places,
    plan_fit,
    risk,
    segments,
    social,
    usage,
)
from customers.fields.base import LATER_AREAS, NUMBER_KINDS, Area, Kind, ProfileField, Source, ThemeKey

MODULES = (
    identity, places, holdings, plan_fit, usage, money, credit, events, loyalty, social, circles, leaving, risk, segments,
    frozen_cohorts,
)  # fmt: skip
FIELDS: dict[str, ProfileField] = {field.key: field for module in MODULES for field in module.FIELDS}
SOURCES: dict[str, Source] = {source.name: source for module in MODULES for source in module.SOURCES}


def of_source(name: str) -> list[ProfileField]:
    return [field for field in FIELDS.values() if field.source == name]


def rule_fields() -> Iterator[ProfileField]:
    return (field for field in FIELDS.values() if field.rule)


def model_fields() -> list[ProfileField]:
    """Fields for models: those that mean the same at any past date."""
    return [field for field in FIELDS.values() if field.model]


__all__ = [
    "FIELDS",
    "LATER_AREAS",
    "NUMBER_KINDS",
    "SOURCES",
    "Area",
    "Kind",
    "ProfileField",
    "Source",
    "ThemeKey",
    "model_fields",
    "of_source",
    "rule_fields",
]
