"""The operator's own fields: the declaration, the check of names and types, and types guessed from values."""

import hashlib
import re
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.utils.translation import gettext_lazy as _

from customers.facts.models import Attribute, CustomField
from customers.ingest import field_types
from customers.ingest.field_types.base import as_text
from customers.ingest.resources.base import Fields, Resource
from customers.ingest.resources.checks import CheckedChunk

TYPES_BY_KIND: dict[str, field_types.FieldType] = {
    CustomField.Kind.NUMBER: field_types.Real(),
    CustomField.Kind.DATE: field_types.Day(),
    CustomField.Kind.FLAG: field_types.Flag(),
}
LONGEST_KEY = 60


def custom_field_key(name: str) -> str:
    """The key of the custom field with this name: "Tech Support" and "tech_support" are one field."""
    words = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name)
    key = re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")[:LONGEST_KEY].strip("_")
    return key or f"field_{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def prepare_attributes(checked: CheckedChunk) -> None:
    """Turn names into keys of declared fields and values into their type's spelling; reject what does not fit."""
    declared = dict(CustomField.objects.values_list("key", "kind"))
    keys = _keys(checked.values["name"])
    checked.values["name"] = keys
    values = checked.values["value"]
    for key, everywhere in _positions_by(keys):
        positions = everywhere[checked.good[everywhere]]
        if key not in declared:
            checked.reject_all(positions, "name", "unknown_attribute")
        elif declared[key] in TYPES_BY_KIND:
            values = _of_kind(checked, values, positions, declared[key])
    checked.values["value"] = values


def _keys(names: pa.Array) -> pa.Array:
    encoded = names.dictionary_encode()
    return pa.array([custom_field_key(name) for name in encoded.dictionary.to_pylist()], pa.string()).take(
        encoded.indices
    )


def _positions_by(names: pa.Array) -> Iterator[tuple[str, np.ndarray]]:
    """(name, where it stands) for every name of the column."""
    encoded = names.dictionary_encode()
    codes = np.asarray(pc.fill_null(encoded.indices, -1))
    order = np.argsort(codes, kind="stable")
    borders = np.searchsorted(codes[order], np.arange(len(encoded.dictionary) + 1))
    for code, name in enumerate(encoded.dictionary.to_pylist()):
        yield name, order[borders[code] : borders[code + 1]]


def _of_kind(checked: CheckedChunk, values: pa.Array, positions: np.ndarray, kind: str) -> pa.Array:
    """`values` with those at `positions` spelt as their type spells them; a blank stays blank."""
    given = values.take(pa.array(positions))
    parsed = TYPES_BY_KIND[kind].read(given)
    for _name, bad in parsed.faults:
        checked.reject_all(positions[bad], "value", "wrong_attribute_type", kind=kind)
    if kind == CustomField.Kind.NUMBER:
        return values
    mask = np.zeros(len(values), dtype=bool)
    mask[positions] = True
    return pc.replace_with_mask(values, pa.array(mask), pc.fill_null(parsed.values.cast(pa.string()), ""))


class CustomFieldGuesser:
    """Types of undeclared custom fields, from all values seen: number, else date, else flag, else text.

    0 and 1 alone are numbers: a count that happens to be small must not become a flag that refuses a 2.
    """

    def __init__(self) -> None:
        self._labels: dict[str, str] = {}
        self._possible: dict[str, list[str]] = {}

    def look(self, columns: pa.Table) -> None:
        """Take a chunk with columns `name` and `value` into account."""
        names, values = as_text(columns["name"].combine_chunks()), as_text(columns["value"].combine_chunks())
        for name, positions in _positions_by(names):
            key = custom_field_key(name)
            self._labels.setdefault(key, name)
            given = values.take(pa.array(positions)).drop_null()
            if len(given):
                possible = self._possible.get(key, TYPES_BY_KIND)
                self._possible[key] = [kind for kind in possible if not TYPES_BY_KIND[kind].read(given).faults]

    def declare(self) -> list[str]:
        """Declare the fields that are not declared yet; returns their keys."""
        known = set(CustomField.objects.values_list("key", flat=True))
        new = [
            CustomField(key=key, kind=self._kind(key), name=label, name_zh=label)
            for key, label in self._labels.items()
            if key not in known
        ]
        CustomField.objects.bulk_create(new, ignore_conflicts=True)
        return [one.key for one in new]

    def _kind(self, key: str) -> str:
        possible = self._possible.get(key)
        return possible[0] if possible else CustomField.Kind.TEXT


attribute = Fields(Attribute)

# The operator's own fields: `name` is a declared custom field, `value` must be of its type.
ATTRIBUTES = Resource(
    "attributes",
    Attribute,
    _("Custom fields of subscribers"),
    key=("subscriber_no", "name"),
    fields=(
        attribute.subscriber(),
        attribute.to("custom-fields", "name", "field", key="key", verbatim=True),
        attribute.own_value("value", ""),
        attribute.day("as_of", None),
    ),
    prepare=prepare_attributes,
)
