"""The first rows of a file, and which column is which field: by name, then by whether its values fit."""

import re
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

from django.utils import translation
from django.utils.translation import gettext as _

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
from customers.imports.text import field_label
from customers.ingest.chunks import Chunk
from customers.ingest.field_types.base import as_text
from customers.ingest.resources import RESOURCES
from customers.ingest.resources.base import Field, Resource
from customers.ingest.services.readers import open_source
from retention.core.errors import Invalid

SAMPLE_ROWS = 200
MAX_COLUMNS = 400
VALUE_PATTERN = re.compile(r"[+-]?[\d.,]+%?|\d{4}[-/.年]\d{1,2}([-/.月]\d{1,2}日?)?([ T][\d:.+Z]+)?")


@dataclass(frozen=True)
class FileSample:
    """columns: names in the file. samples: {column: its first non-blank values}. chunk: the first rows."""

    columns: list[str]
    samples: dict[str, list[str]]
    chunk: Chunk
    notes: list[str] = field(default_factory=list)


def read_sample(path: Path, *, rows: int = SAMPLE_ROWS) -> FileSample:
    """The first `rows` rows. Invalid, with a message, without a header, without rows, or when unreadable."""
    with path.open("rb") as file:
        reading = open_source(file, size=rows)
        if reading.columns is not None:
            check_header(reading.columns)
        chunk = next(iter(reading), None)
        if chunk is None:
            raise Invalid(_("The file has names of columns but no rows."), code="no_rows")
        columns = reading.columns or chunk.columns.column_names
        if chunk.columns.num_rows == 0 and reading.columns is None:
            raise Invalid(_("None of the first lines is a JSON object."), code="unreadable")
        return FileSample(columns, {name: _values(chunk, name) for name in columns}, chunk, list(reading.notes))


def _values(chunk: Chunk, name: str) -> list[str]:
    return as_text(chunk.columns[name].combine_chunks()).drop_null().to_pylist()


def check_header(columns: list[str]) -> None:
    """Invalid when the first line looks like a row of values: files without a header are a frequent mistake."""
    if len(columns) > MAX_COLUMNS:
        message = _("The file has %(count)s columns; at most %(most)s can be mapped here.")
        raise Invalid(message % {"count": len(columns), "most": MAX_COLUMNS}, code="too_many_columns")
    if 2 * sum(bool(VALUE_PATTERN.fullmatch(name)) for name in columns) >= len(columns):
        message = _("The first line looks like a row of values (%(values)s). It must name the columns.")
        raise Invalid(message % {"values": ", ".join(columns[:4])[:80]}, code="no_header")


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
    texts = [name, *labels, *synonyms.FIELDS.get(name, "").split(",")]
    return frozenset(filter(None, map(normalise_name, texts)))


def names_of(field: Field) -> frozenset[str]:
    labels = []
    for language in ("en", "zh-hans"):
        with translation.override(language):
            labels += [field_label(field), str(field.label)]
    return _names(field.name, tuple(labels))


def suggest_choices(resource: Resource, seen: FileSample, *, given_day: date) -> MappingChoices:
    """The most likely choice for every field; unlikely ones are left open."""
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
    """The resource with the largest share of its required fields in this file; "" when none reaches one half."""
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
        score = 0.5  # recognised by the values alone
    if not score:
        return Candidate(0, column, field.name, "", {})
    way = recognise_format(field, texts)
    values = value_map(field, texts) if not way else {}
    key = 0.05 if field.name in resource.key else 0
    return Candidate(
        score * (0.4 + 0.6 * fitting_share(field, texts, way, values)) + key, column, field.name, way, values
    )


def _name_score(field: Field, column: str) -> float:
    names, normalised = names_of(field), normalise_name(column)
    if normalised == normalise_name(field.name):
        return EXACT_SCORE + 0.2
    if normalised in names:
        return EXACT_SCORE
    long = [name for name in names if len(name) >= (2 if not name.isascii() else 5)]
    return NEAR_SCORE if any(name in normalised for name in long) else 0


def _share(texts: list[str], pattern: re.Pattern) -> float:
    return sum(bool(pattern.fullmatch(text)) for text in texts) / len(texts) if texts else 0
