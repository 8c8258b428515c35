"""The first rows of a file, read as the ingest will read them."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

from customers.ingest.chunks import Chunk
from customers.ingest.field_types.base import as_text
from customers.ingest.services.readers import open_source
from retention.core.errors import Invalid

SAMPLE_ROWS = 200
MAX_COLUMNS = 400
VALUE_PATTERN = re.compile(r"[+-]?[\d.,]+%?|\d{4}[-/.年]\d{1,2}([-/.月]\d{1,2}日?)?([ T][\d:.+Z]+)?")


@dataclass(frozen=True)
class FileSample:
    """columns: names in the file. samples: {column: its first values, without blanks}. chunk: the first rows."""

    columns: list[str]
    samples: dict[str, list[str]]
    chunk: Chunk
    notes: list[str] = field(default_factory=list)


def read_sample(path: Path, *, rows: int = SAMPLE_ROWS) -> FileSample:
    """The first `rows` rows. Invalid with a sentence when there is no header, no row, or nothing that can be read."""
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
    """Invalid when the first line reads like a row of values: people often send files without a header."""
    if len(columns) > MAX_COLUMNS:
        message = _("The file has %(count)s columns; at most %(most)s can be mapped here.")
        raise Invalid(message % {"count": len(columns), "most": MAX_COLUMNS}, code="too_many_columns")
    if 2 * sum(bool(VALUE_PATTERN.fullmatch(name)) for name in columns) >= len(columns):
        message = _("The first line looks like a row of values (%(values)s). It must name the columns.")
        raise Invalid(message % {"values": ", ".join(columns[:4])[:80]}, code="no_header")
