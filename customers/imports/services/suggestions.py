"""Which column is which field: by name, then by whether its values fit."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.utils import translation

from customers.imports.rules import synonyms
from customers.imports.rules.choices import (
    CUSTOM_FIELDS_RESOURCE,
    FieldChoice,
    MappingChoices,
    fields_of,
    fitting_share,
    normalise_name,
    value_map,
)
from customers.imports.rules.formats import recognise_format
from customers.imports.services.samples import FileSample
from customers.imports.text import field_label
from customers.ingest.resources import RESOURCES
from customers.ingest.resources.base import Field, Resource

EXACT_SCORE, NEAR_SCORE, MIN_SCORE = 1.0, 0.6, 0.45
PHONE_PATTERN = re.compile(r"(\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}")
PHONE_FIELDS = ("phone_number", "contact_phone")


@dataclass(frozen=True)
class Candidate:
    score: float
    column: str
    name: str
    way: str
    values: dict[str, str]


@cache
def _names(name: str, labels: tuple[str, ...]) -> frozenset[str]:
    said = [name, *labels, *synonyms.FIELDS.get(name, "").split(",")]
    return frozenset(filter(None, map(normalise_name, said)))


def names_of(field: Field) -> frozenset[str]:
    labels = []
    for language in ("en", "zh-hans"):
        with translation.override(language):
            labels += [field_label(field), str(field.label)]
    return _names(field.name, tuple(labels))


def suggest_choices(resource: Resource, seen: FileSample, *, given_day: date) -> MappingChoices:
    """The most likely choice for every field; what is not likely is left open."""
    candidates = [
        candidate
        for field in fields_of(resource).values()
        for column in seen.columns
        if (candidate := _score_candidate(resource, field, column, seen.samples[column])).score >= MIN_SCORE
    ]
    picks = MappingChoices(given_day=given_day)
    taken: set[str] = set()
    for one in sorted(candidates, key=lambda c: -c.score):
        if one.name not in picks.fields and one.column not in taken:
            picks.fields[one.name] = FieldChoice(one.column, way=one.way, values=one.values)
            taken.add(one.column)
    if resource.name == CUSTOM_FIELDS_RESOURCE and "name" not in picks.fields:
        picks.fields.pop("value", None)
        picks.own = [column for column in seen.columns if not picks.field_of(column)]
    order = list(fields_of(resource))
    picks.fields = dict(sorted(picks.fields.items(), key=lambda item: order.index(item[0])))
    return picks


def suggest_resource(seen: FileSample) -> str:
    """The resource whose needed fields this file has most of; "" when there is none that half fits."""
    best, name = 0.5, ""
    for resource in RESOURCES.values():
        if resource.name == CUSTOM_FIELDS_RESOURCE:
            continue
        columns = {normalise_name(column) for column in seen.columns}
        needed = [bool(names_of(f) & columns) for f in resource.fields if f.required]
        further = [bool(names_of(f) & columns) for f in resource.fields if not f.required]
        used = sum(needed) + sum(further)
        share = sum(needed) / len(needed) * (0.5 + 0.5 * used / max(len(columns), 1)) + used / 1000
        if share > best:
            best, name = share, resource.name
    return name


def _score_candidate(resource: Resource, field: Field, column: str, texts: list[str]) -> Candidate:
    score = _name_score(field, column)
    if not score and field.name in PHONE_FIELDS[:1] and _share(texts, PHONE_PATTERN) > 0.9:
        score = 0.5  # the values alone say what they are
    if not score:
        return Candidate(0, column, field.name, "", {})
    way = recognise_format(field, texts)
    values = value_map(field, texts) if not way else {}
    key = 0.05 if field.name in resource.key else 0
    return Candidate(
        score * (0.4 + 0.6 * fitting_share(field, texts, way, values)) + key, column, field.name, way, values
    )


def _name_score(field: Field, column: str) -> float:
    names, said = names_of(field), normalise_name(column)
    if said == normalise_name(field.name):
        return EXACT_SCORE + 0.2
    if said in names:
        return EXACT_SCORE
    long = [name for name in names if len(name) >= (2 if not name.isascii() else 5)]
    return NEAR_SCORE if any(name in said for name in long) else 0


def _share(texts: list[str], pattern: re.Pattern) -> float:
    return sum(bool(pattern.fullmatch(text)) for text in texts) / len(texts) if texts else 0
