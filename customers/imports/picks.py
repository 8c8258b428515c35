"""What a person has chosen for each field, and the mapping document that says the same.

A document that says more than the page can show (conditions, several rows of one, templates) stays as it is.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from customers.imports.ways import GIVEN_DAY, steps_of, way_of
from customers.ingest.resource import Field, Resource
from customers.ingest.validation import columns_of

OWN_FIELDS = "attributes"


@dataclass(frozen=True)
class Pick:
    """Where one field comes from: a column of the file, with how it is written and old -> new values; or a constant."""

    source: str = ""
    constant: str = ""
    way: str = ""
    values: dict[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.source or self.constant)


@dataclass
class Picks:
    """fields: by field name. own: columns that become custom fields (resource attributes): a row for each."""

    fields: dict[str, Pick] = field(default_factory=dict)
    own: list[str] = field(default_factory=list)
    distinct: bool = False
    given_day: date | None = None

    def field_of(self, column: str) -> str:
        """The first field that this column fills, "" when it fills none."""
        return next((name for name, pick in self.fields.items() if pick.source == column), "")


def fields_of(resource: Resource) -> dict[str, Field]:
    """The fields that a file can fill, by name, in the resource's order."""
    return {one.name: one for one in columns_of(resource)}


def document_of(resource: Resource, picks: Picks) -> dict:
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


def _spec(one: Field, pick: Pick) -> object:
    if not pick.source:
        return {"value": pick.constant}
    steps = dict(steps_of(pick.way, one))
    if pick.values:
        steps["map"] = dict(pick.values)
    return {"from": pick.source, **steps} if steps else pick.source


def picks_of(resource: Resource, document: dict) -> Picks | None:
    """The choices that the document stands for; None when it says more than choices can."""
    if document.keys() - {"resource", "description", "given_day", "distinct", "columns", "unpivot"}:
        return None
    unpivot = document.get("unpivot", {})
    if unpivot.keys() - {"columns"}:
        return None
    known, fields = fields_of(resource), {}
    for name, spec in document.get("columns", {}).items():
        pick = _pick(known[name], spec) if name in known else None
        if pick is None:
            return None
        fields[name] = pick
    given = document.get("given_day")
    return Picks(fields, list(unpivot.get("columns", [])), bool(document.get("distinct")), given)


def _pick(one: Field, spec: object) -> Pick | None:
    if isinstance(spec, str):
        return Pick(source=spec)
    if not isinstance(spec, dict):
        return None
    if set(spec) == {"value"}:
        value = spec["value"]
        return Pick(constant=str(value).lower() if isinstance(value, bool) else str(value))
    if "from" not in spec:
        return None
    steps = {key: setting for key, setting in spec.items() if key not in {"from", "map"}}
    way = way_of(tuple(steps.items()), one)
    values = spec.get("map", {})
    if way is None or not all(isinstance(new, str) for new in values.values()):
        return None
    return Pick(str(spec["from"]), way=way, values=dict(values))
