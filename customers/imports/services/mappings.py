"""Mappings as TOML text, and saved mappings."""

import hashlib
import json
import re
import tomllib
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from customers.imports.models import SavedMapping, Upload
from customers.ingest.resources import resource_named
from customers.ingest.services.mapping.document import Mapping, parse_mapping
from customers.ingest.services.mapping.summing import check_sum
from customers.ingest.validators.columns import check_columns
from retention.core.accounts.models import User
from retention.core.audit import services as audit
from retention.core.errors import Invalid

BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
MAX_MAPPING_LENGTH = 200_000


def write_toml(document: dict) -> str:
    """The document as TOML: plain settings first, then one table per group."""
    plain = {key: value for key, value in document.items() if not isinstance(value, dict)}
    lines = [f"{_toml_key(key)} = {_toml_value(value)}" for key, value in plain.items()]
    for key, table in document.items():
        if isinstance(table, dict):
            lines += [
                "",
                f"[{_toml_key(key)}]",
                *(f"{_toml_key(name)} = {_toml_value(value)}" for name, value in table.items()),
            ]
    return "\n".join(lines).strip() + "\n"


def parse_toml(text: str) -> dict:
    """The document in this text. Invalid, with a message, when it is not TOML."""
    if len(text) > MAX_MAPPING_LENGTH:
        raise Invalid(_("The mapping is too long to be one."), code="bad_mapping")
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise Invalid(_("The mapping is not TOML: %(error)s.") % {"error": error}, code="bad_mapping") from None


def mapping_of(text: str, *, name: str = "mapping.toml") -> Mapping:
    """The mapping to load with. Its fingerprint is that of the same text as a file, so that `import_facts` of the same
    file with the same mapping is the same job."""
    fingerprint = hashlib.sha256(text.encode() + b"None").hexdigest()[:12]
    document = parse_toml(text)
    try:
        return parse_mapping(document, name=name, fingerprint=fingerprint)
    except (AttributeError, TypeError, ValueError) as error:  # a table in place of a value, for example
        raise Invalid(_("The mapping cannot be used: %(error)s.") % {"error": error}, code="bad_mapping") from None


def _toml_key(key: str) -> str:
    return key if BARE_KEY.fullmatch(key) else _toml_text(key)


def _toml_text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")


def _toml_value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_toml_value(one) for one in value) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_toml_key(str(key))} = {_toml_value(one)}" for key, one in value.items()) + " }"
    return _toml_text(str(value))


def check_document(text: str, *, resource: str = "", name: str = "mapping.toml") -> str:
    """The resource of this mapping text. Invalid, with a message, when it is unusable or of another resource."""
    mapping = mapping_of(text, name=name)
    made = mapping.resource or resource
    if not made:
        raise Invalid(_("The mapping does not say which kind of rows it makes."), code="bad_mapping")
    if resource and made != resource:
        message = _("This mapping makes %(made)s, not %(resource)s.")
        raise Invalid(message % {"made": made, "resource": resource}, code="bad_mapping")
    check_columns(resource_named(made), mapping.makes)
    check_sum(resource_named(made), mapping)
    return made


def missing_columns(text: str, columns: list[str]) -> list[str]:
    """Columns that the mapping reads and the file lacks."""
    return sorted(mapping_of(text).reads - set(columns))


def find_saved_mapping(*, columns: list[str], resource: str = "") -> SavedMapping | None:
    """The newest saved mapping made for a file with exactly these columns."""
    same = SavedMapping.objects.filter(columns=sorted(columns)).order_by("-created_at")
    return (same.filter(resource=resource) if resource else same).first()


@transaction.atomic
def save_mapping(*, name: str, upload: Upload, actor: User, now: datetime) -> SavedMapping:
    """Save the upload's mapping under this name, replacing an existing one. Invalid for a blank name."""
    name = " ".join(name.split())[:80]
    if not name:
        raise Invalid(_("Give the mapping a name."), code="required")
    saved, made = SavedMapping.objects.update_or_create(
        name=name,
        defaults={
            "resource": upload.resource, "columns": sorted(upload.columns), "document": upload.mapping,
            "created_by": actor, "created_at": now,
        },
    )  # fmt: skip
    audit.record(actor=actor, action="facts.import", target=f"mapping:{name}", deed="save", new=made)
    return saved


@transaction.atomic
def delete_mapping(*, mapping: SavedMapping, actor: User) -> None:
    audit.record(actor=actor, action="facts.import", target=f"mapping:{mapping.name}", deed="delete")
    mapping.delete()
