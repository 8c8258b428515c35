"""The field tables of the published TM Forum Open APIs, as JSON Schemas.

One file for each API and version, written after its specification: a table for each type, a line for each field. The
notation is told in v4.toml. Types are closed: a field that the specification does not have is an error.
"""

import re
import tomllib
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jsonschema

HERE = Path(__file__).parent
PLAIN = {
    "string": {"type": "string"},
    "number": {"type": "number"},
    "integer": {"type": "integer"},
    "boolean": {"type": "boolean"},
    "date-time": {"type": "string", "format": "date-time"},
    "uri": {"type": "string", "format": "uri"},
    "any": {},
}
INSTANT_PATTERN = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
FORMATS = jsonschema.FormatChecker(formats=())


@FORMATS.checks("date-time", raises=ValueError)
def is_instant(value: object) -> bool:
    """RFC 3339, with its offset."""
    return isinstance(value, str) and bool(INSTANT_PATTERN.fullmatch(value) and datetime.fromisoformat(value))


@FORMATS.checks("uri", raises=ValueError)
def is_uri(value: object) -> bool:
    return isinstance(value, str) and bool(urlsplit(value).scheme)


def validator(number: int, version: int, type: str) -> jsonschema.Draft202012Validator:
    """Checks a resource, or an `Error`, against the specification of one API."""
    schema = {"$ref": f"#/$defs/{type}", "$defs": _definitions(number, version)}
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema, format_checker=FORMATS)


def problems(checker: jsonschema.Draft202012Validator, value: Any) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in checker.iter_errors(value)]


def attributes(number: int, version: int, type: str) -> set[str]:
    """The names that the specification gives the type."""
    return set(_definitions(number, version)[type]["properties"])


@cache
def _definitions(number: int, version: int) -> dict[str, Any]:
    tables = _read(f"v{version}") | _read(f"tmf{number}_v{version}")
    return {name: _definition(tables, name) for name in tables}


def _read(name: str) -> dict[str, dict[str, Any]]:
    return tomllib.loads((HERE / f"{name}.toml").read_text())


def _definition(tables: dict[str, dict[str, Any]], name: str) -> dict[str, Any]:
    table = tables[name]
    if "one of" in table:
        return {"oneOf": [{"$ref": f"#/$defs/{one}"} for one in table["one of"]]}
    if "words" in table:
        return {"enum": table["words"].split("|")}
    fields = _fields(tables, name)
    return {
        "type": "object",
        "properties": {field: _field(type.removesuffix("!")) for field, type in fields.items()},
        "required": sorted(field for field, type in fields.items() if type.endswith("!")),
        "additionalProperties": False,
    }


def _fields(tables: dict[str, dict[str, Any]], name: str) -> dict[str, str]:
    inherited: dict[str, str] = {}
    for parent in tables[name].get("extends", []):
        inherited |= _fields(tables, parent)
    return inherited | {field: type for field, type in tables[name].items() if field != "extends"}


def _field(type: str) -> dict[str, Any]:
    if type.startswith("["):
        return {"type": "array", "items": _field(type.strip("[]"))}
    if type.startswith("="):
        return {"const": type[1:]}
    if "|" in type:
        return {"enum": type.split("|")}
    return PLAIN.get(type, {"$ref": f"#/$defs/{type}"})
