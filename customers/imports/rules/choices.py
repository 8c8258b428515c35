"""The user's choices for each field, their mapping document, and the values that a field accepts."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pyarrow as pa

from customers.imports.rules import synonyms
from customers.imports.rules.formats import GIVEN_DAY, format_of_steps, recognise_format, steps_of
from customers.ingest.resources.base import Field, Resource, columns_of

CUSTOM_FIELDS_RESOURCE = "attributes"


@dataclass(frozen=True)
class FieldChoice:
    """The source of one field: a column of the file, with its format and old -> new values; or a constant."""

    source: str = ""
    constant: str = ""
    way: str = ""
    values: dict[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.source or self.constant)


@dataclass
class MappingChoices:
    """fields: by field name. own: columns that become custom fields (resource attributes): a row for each."""

    fields: dict[str, FieldChoice] = field(default_factory=dict)
    own: list[str] = field(default_factory=list)
    distinct: bool = False
    given_day: date | None = None

    def field_of(self, column: str) -> str:
        """The first field filled by this column, "" for none."""
        return next((name for name, pick in self.fields.items() if pick.source == column), "")


def fields_of(resource: Resource) -> dict[str, Field]:
    """The fields that a file can fill, by name, in the resource's order."""
    return {one.name: one for one in columns_of(resource)}


def document_from_choices(resource: Resource, picks: MappingChoices) -> dict:
    """The mapping document: the shape of a parsed TOML file."""
    known = fields_of(resource)
    specs: dict[str, Any] = {name: _spec(known[name], pick) for name, pick in picks.fields.items() if pick}
    document: dict = {"resource": resource.name}
    if any(GIVEN_DAY in (spec if isinstance(spec, str) else map(str, spec.values())) for spec in specs.values()):
        document["given_day"] = picks.given_day
    if picks.distinct:
        document["distinct"] = True
    document["columns"] = specs
    if picks.own:
        document["unpivot"] = {"columns": list(picks.own)}
    return document


def _spec(one: Field, pick: FieldChoice) -> object:
    if not pick.source:
        return {"value": pick.constant}
    steps = dict(steps_of(pick.way, one))
    if pick.values:
        steps["map"] = dict(pick.values)
    return {"from": pick.source, **steps} if steps else pick.source


def choices_from_document(resource: Resource, document: dict) -> MappingChoices | None:
    """The choices equivalent to the document; None when choices cannot express it."""
    if document.keys() - {"resource", "description", "given_day", "distinct", "columns", "unpivot"}:
        return None
    unpivot = document.get("unpivot", {})
    if unpivot.keys() - {"columns"}:
        return None
    known, fields = fields_of(resource), {}
    for name, spec in document.get("columns", {}).items():
        pick = _field_choice(known[name], spec) if name in known else None
        if pick is None:
            return None
        fields[name] = pick
    given = document.get("given_day")
    return MappingChoices(fields, list(unpivot.get("columns", [])), bool(document.get("distinct")), given)


def _field_choice(one: Field, spec: object) -> FieldChoice | None:
    if isinstance(spec, str):
        return FieldChoice(source=spec)
    if not isinstance(spec, dict):
        return None
    if set(spec) == {"value"}:
        value = spec["value"]
        return FieldChoice(constant=str(value).lower() if isinstance(value, bool) else str(value))
    if "from" not in spec:
        return None
    steps = {key: setting for key, setting in spec.items() if key not in {"from", "map"}}
    way = format_of_steps(tuple(steps.items()), one)
    values = spec.get("map", {})
    if way is None or not all(isinstance(new, str) for new in values.values()):
        return None
    return FieldChoice(str(spec["from"]), way=way, values=dict(values))


FLAGS = ("true", "false")
BRACKETS = re.compile(r"[（(\[【].*?[)）\]】]")


def normalise_name(text: str) -> str:
    """A name in lower case without blanks, punctuation and text in brackets."""
    text = BRACKETS.sub("", unicodedata.normalize("NFKC", text)) or text
    return "".join(c for c in text.casefold() if c.isalnum())


def fitting_share(field: Field, texts: list[str], way: str, values: dict[str, str]) -> float:
    """The share of sample values that the field accepts."""
    if not texts or steps_of(way, field):
        return 1
    column = pa.array([values.get(text, text) for text in texts], pa.string())
    bad = {int(position) for _, positions in field.kind.read(column).faults for position in positions}
    return 1 - len(bad) / len(texts)


def suggest_field_choice(field: Field, column: str, texts: list[str]) -> FieldChoice:
    """The column for this field, with the most likely format and replacement of its values."""
    way = recognise_format(field, texts)
    return FieldChoice(column, way=way, values={} if way else value_map(field, texts))


def accepted_values(field: Field) -> tuple[str, ...]:
    """The closed list of a field's values; empty for a free field."""
    if field.kind.name == "flag":
        return FLAGS
    return tuple(getattr(field.kind, "values", ()))


def value_map(field: Field, texts: list[str]) -> dict[str, str]:
    """old -> new for sample values that the field does not accept and that are synonyms of an accepted one."""
    choices = accepted_values(field)
    if not choices:
        return {}
    by_word = {
        normalise_name(word): value for value in choices for word in [value, *synonyms.VALUES.get(value, "").split(",")]
    }
    return {
        text: by_word[normalise_name(text)]
        for text in unaccepted_values(field, texts)
        if normalise_name(text) in by_word
    }


def unaccepted_values(field: Field, texts: list[str]) -> list[str]:
    """Distinct sample values that the field does not accept, in order of appearance."""
    distinct = list(dict.fromkeys(texts))
    faults = field.kind.read(pa.array(distinct, pa.string())).faults
    return [distinct[position] for position in sorted({int(p) for _, positions in faults for p in positions})]
