"""A mapping document as TOML text, and back. Python reads TOML but does not write it."""

import hashlib
import json
import re
import tomllib
from datetime import date

from django.utils.translation import gettext as _

from customers.ingest.mapping import Mapping
from customers.ingest.mapping.document import parse_mapping
from retention.core.errors import Invalid

BARE = re.compile(r"[A-Za-z0-9_-]+")
LONGEST = 200_000


def write(document: dict) -> str:
    """The document as TOML: plain settings first, then a table for each group."""
    plain = {key: value for key, value in document.items() if not isinstance(value, dict)}
    lines = [f"{_key(key)} = {_value(value)}" for key, value in plain.items()]
    for key, table in document.items():
        if isinstance(table, dict):
            lines += ["", f"[{_key(key)}]", *(f"{_key(name)} = {_value(value)}" for name, value in table.items())]
    return "\n".join(lines).strip() + "\n"


def parse(text: str) -> dict:
    """The document in this text. Invalid with a sentence when it is no TOML."""
    if len(text) > LONGEST:
        raise Invalid(_("The mapping is too long to be one."), code="bad_mapping")
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise Invalid(_("The mapping is not TOML: %(error)s.") % {"error": error}, code="bad_mapping") from None


def mapping_of(text: str, *, name: str = "mapping.toml") -> Mapping:
    """The mapping to load with. Its fingerprint is that of the same text as a file, so that `import_facts` of the same
    file with the same mapping is the same job."""
    fingerprint = hashlib.sha256(text.encode() + b"None").hexdigest()[:12]
    document = parse(text)
    try:
        return parse_mapping(document, name=name, fingerprint=fingerprint)
    except (AttributeError, TypeError, ValueError) as error:  # a table where a value belongs, and the like
        raise Invalid(_("The mapping cannot be used: %(error)s.") % {"error": error}, code="bad_mapping") from None


def _key(key: str) -> str:
    return key if BARE.fullmatch(key) else _text(key)


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(one) for one in value) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(str(key))} = {_value(one)}" for key, one in value.items()) + " }"
    return _text(str(value))
