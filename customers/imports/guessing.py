"""Which column is which field: by name, then by whether its values fit."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.utils import translation

from customers.imports import synonyms
from customers.imports.labels import field_label
from customers.imports.look import Look
from customers.imports.picks import OWN_FIELDS, Pick, Picks, fields_of
from customers.imports.values import fit, plain, value_map
from customers.imports.ways import recognise
from customers.ingest import RESOURCES
from customers.ingest.resource import Field, Resource

EXACT, NEAR, LEAST = 1.0, 0.6, 0.45
PHONE = re.compile(r"(\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}")
PHONES = ("phone_number", "contact_phone")


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
    return frozenset(filter(None, map(plain, said)))


def names_of(field: Field) -> frozenset[str]:
    labels = []
    for language in ("en", "zh-hans"):
        with translation.override(language):
            labels += [field_label(field), str(field.label)]
    return _names(field.name, tuple(labels))


def guess(resource: Resource, seen: Look, *, given_day: date) -> Picks:
    """The most likely choice for every field; what is not likely is left open."""
    candidates = [
        candidate
        for field in fields_of(resource).values()
        for column in seen.columns
        if (candidate := _judge(resource, field, column, seen.samples[column])).score >= LEAST
    ]
    picks = Picks(given_day=given_day)
    taken: set[str] = set()
    for one in sorted(candidates, key=lambda c: -c.score):
        if one.name not in picks.fields and one.column not in taken:
            picks.fields[one.name] = Pick(one.column, way=one.way, values=one.values)
            taken.add(one.column)
    if resource.name == OWN_FIELDS and "name" not in picks.fields:
        picks.fields.pop("value", None)
        picks.own = [column for column in seen.columns if not picks.field_of(column)]
    order = list(fields_of(resource))
    picks.fields = dict(sorted(picks.fields.items(), key=lambda item: order.index(item[0])))
    return picks


def guess_resource(seen: Look) -> str:
    """The resource whose needed fields this file has most of; "" when there is none that half fits."""
    best, name = 0.5, ""
    for resource in RESOURCES.values():
        if resource.name == OWN_FIELDS:
            continue
        columns = {plain(column) for column in seen.columns}
        needed = [bool(names_of(f) & columns) for f in resource.fields if f.required]
        further = [bool(names_of(f) & columns) for f in resource.fields if not f.required]
        used = sum(needed) + sum(further)
        share = sum(needed) / len(needed) * (0.5 + 0.5 * used / max(len(columns), 1)) + used / 1000
        if share > best:
            best, name = share, resource.name
    return name


def _judge(resource: Resource, field: Field, column: str, texts: list[str]) -> Candidate:
    score = _by_name(field, column)
    if not score and field.name in PHONES[:1] and _share(texts, PHONE) > 0.9:
        score = 0.5  # the values alone say what they are
    if not score:
        return Candidate(0, column, field.name, "", {})
    way = recognise(field, texts)
    values = value_map(field, texts) if not way else {}
    key = 0.05 if field.name in resource.key else 0
    return Candidate(score * (0.4 + 0.6 * fit(field, texts, way, values)) + key, column, field.name, way, values)


def _by_name(field: Field, column: str) -> float:
    names, said = names_of(field), plain(column)
    if said == plain(field.name):
        return EXACT + 0.2
    if said in names:
        return EXACT
    long = [name for name in names if len(name) >= (2 if not name.isascii() else 5)]
    return NEAR if any(name in said for name in long) else 0


def _share(texts: list[str], pattern: re.Pattern) -> float:
    return sum(bool(pattern.fullmatch(text)) for text in texts) / len(texts) if texts else 0
