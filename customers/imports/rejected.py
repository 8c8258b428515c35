"""The bad rows of an import, and the file of them that can be corrected and sent again."""

import csv
from collections.abc import Iterable, Iterator

import numpy as np
from django.db.models import QuerySet

from customers.imports.corrected import ERROR_COLUMNS
from customers.imports.storage import path_of
from customers.imports.toml import mapping_of
from customers.imports.wording import what_is_wrong
from customers.ingest import Mapping, resource_named
from customers.ingest.chunks import Chunk, Defect
from customers.ingest.files import source_name
from customers.ingest.readers import Unreadable, open_source
from customers.models import QuarantinedRow, Upload

AT_ONCE = 5_000  # rows of the file, so that an import with nothing but bad rows stays small in memory
Wrong = dict[int, list[QuarantinedRow]]


def source_of(upload: Upload) -> str:
    """The name under which bad rows of this import are kept; it stands in the job's key."""
    return upload.job.key.partition(":")[2] if upload.job else source_name(path_of(upload), mapping_of(upload.mapping))


def kept_rows(upload: Upload) -> QuerySet[QuarantinedRow]:
    """Rows of this import that did not land: bad ones and those that wait."""
    rows = QuarantinedRow.objects.filter(resource=upload.resource, source=source_of(upload))
    return rows.order_by("row_no", "pk") if upload.job_id else rows.none()


def sentence_of(row: QuarantinedRow) -> str:
    value = row.raw.get(row.field, row.raw.get("line"))
    return what_is_wrong(resource_named(row.resource), code=row.code, field=row.field, value=value, message=row.message)


def rejected_file(upload: Upload) -> tuple[list[str], Iterator[list[str]]]:
    """(header, rows): the sender's columns and values of every rejected row, then what is wrong with it.

    NotFound when the sent file is no longer kept.
    """
    path, mapping, bad = path_of(upload), mapping_of(upload.mapping), kept_rows(upload)

    def rows() -> Iterator[list[str]]:
        with path.open("rb") as file:
            try:
                for chunk in open_source(file, size=AT_ONCE):
                    yield from _of_chunk(upload.columns, chunk, _wrong(bad, chunk), mapping)
            except Unreadable:
                return  # the rows before have been given; the import's own message says where the file breaks off

    return [*upload.columns, *ERROR_COLUMNS], rows()


def _wrong(bad: QuerySet[QuarantinedRow], chunk: Chunk) -> Wrong:
    """The rejected rows of this part of the file, by number."""
    found: Wrong = {}
    state = QuarantinedRow.State.REJECTED
    for row in bad.filter(state=state, row_no__gte=chunk.first, row_no__lte=chunk.last):
        found.setdefault(row.row_no, []).append(row)
    return found


def _of_chunk(columns: list[str], chunk: Chunk, wrong: Wrong, mapping: Mapping) -> Iterator[list[str]]:
    places = np.flatnonzero(np.isin(chunk.rows, list(wrong)))
    given = chunk.columns.take(places)
    names = set(given.column_names)
    values = [given[name].to_pylist() if name in names else [None] * len(places) for name in columns]
    found = {int(number): [_text(cell) for cell in row] for number, row in _numbered(chunk.rows[places], values)}
    found |= {d.row: _cells(d, len(columns)) for d in chunk.defects if d.row in wrong}
    for number in sorted(found):
        yield [*found[number], *_explained(wrong[number], mapping)]


def _numbered(numbers: np.ndarray, values: list[list]) -> Iterable[tuple[int, tuple]]:
    return zip(numbers, zip(*values, strict=True), strict=True)


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return "" if cell is None else str(cell)


def _cells(defect: Defect, width: int) -> list[str]:
    """A line of a wrong width in the header's columns; what is too much stays together in the last one."""
    if defect.code == "malformed_json":
        return [defect.raw, *[""] * (width - 1)]
    cells = next(csv.reader([defect.raw]), [])
    if len(cells) > width:
        cells = [*cells[: width - 1], ",".join(cells[width - 1 :])]
    return [*cells, *[""] * (width - len(cells))]


def _explained(problems: list[QuarantinedRow], mapping: Mapping) -> tuple[str, str]:
    """(the file's columns concerned, the sentences)."""
    fields = dict.fromkeys(column for row in problems for column in _columns_of(row.field, mapping))
    return ", ".join(fields), "; ".join(dict.fromkeys(map(sentence_of, problems)))


def _columns_of(field: str, mapping: Mapping) -> list[str]:
    spec = mapping.columns.get(field)
    return sorted(spec.sources) if spec and spec.sources else [field] if field else []
