"""The values of a column against a field: how many fit, which do not, and what those mean."""

import re
import unicodedata

import pyarrow as pa

from customers.imports import synonyms
from customers.imports.picks import Pick
from customers.imports.ways import recognise, steps_of
from customers.ingest.resource import Field

FLAGS = ("true", "false")
BRACKETS = re.compile(r"[（(\[【].*?[)）\]】]")


def plain(text: str) -> str:
    """A name without case, blanks, punctuation and what stands in brackets."""
    text = BRACKETS.sub("", unicodedata.normalize("NFKC", text)) or text
    return "".join(c for c in text.casefold() if c.isalnum())


def fit(field: Field, texts: list[str], way: str, values: dict[str, str]) -> float:
    """The share of sample values that the field would take."""
    if not texts or steps_of(way, field):
        return 1
    column = pa.array([values.get(text, text) for text in texts], pa.string())
    bad = {int(position) for _, positions in field.kind.read(column).faults for position in positions}
    return 1 - len(bad) / len(texts)


def recognise_pick(field: Field, column: str, texts: list[str]) -> Pick:
    """The column for this field, with its values' most likely way and translation."""
    way = recognise(field, texts)
    return Pick(column, way=way, values={} if way else value_map(field, texts))


def choices_of(field: Field) -> tuple[str, ...]:
    """The values a field is confined to; nothing when it is free."""
    if field.kind.name == "flag":
        return FLAGS
    return tuple(getattr(field.kind, "values", ()))


def value_map(field: Field, texts: list[str]) -> dict[str, str]:
    """old -> new for sample values that the field would refuse and that mean one of its values."""
    choices = choices_of(field)
    if not choices:
        return {}
    by_word = {plain(word): value for value in choices for word in [value, *synonyms.VALUES.get(value, "").split(",")]}
    return {text: by_word[plain(text)] for text in strangers(field, texts) if plain(text) in by_word}


def strangers(field: Field, texts: list[str]) -> list[str]:
    """Distinct values of the sample that the field would refuse, in the order they come."""
    distinct = list(dict.fromkeys(texts))
    faults = field.kind.read(pa.array(distinct, pa.string())).faults
    return [distinct[position] for position in sorted({int(p) for _, positions in faults for p in positions})]
