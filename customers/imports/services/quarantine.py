"""The rejected rows of an import: the file for correction, and reading the corrected file."""

import csv
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO

import numpy as np
from django.db.models import QuerySet

from customers.imports.models import Upload
from customers.imports.services.mappings import mapping_of
from customers.imports.services.storage import path_of
from customers.imports.text import format_row_problem
from customers.ingest.chunks import Chunk, Defect
from customers.ingest.models import QuarantinedRow, QuarantinedRowQuerySet
from customers.ingest.resources import resource_named
from customers.ingest.services.files import source_name
from customers.ingest.services.mapping.document import Mapping
from customers.ingest.services.readers import Unreadable, open_source
from retention.core.ui.tables.files import may_run

ERROR_COLUMNS = ["error_field", "error_message"]
QUOTE = "'"


def escape_cell(text: str) -> str:
    """Escape a CSV cell against formulas. Text that begins with a quote gets another: `unescape_cell` is exact."""
    return QUOTE + text if text.startswith(QUOTE) or may_run(text) else text


def escape_workbook_cell(text: str) -> str:
    """Escape a workbook's text cell, which is never run as a formula: only for an exact `unescape_cell`."""
    return QUOTE + text if unescape_cell(text) != text else text


def unescape_cell(text: str) -> str:
    """The value before `escape_cell`."""
    rest = text.removeprefix(QUOTE)
    return rest if rest is not text and (rest.startswith(QUOTE) or may_run(rest)) else text


def is_corrected(columns: list[str] | None) -> bool:
    return columns is not None and len(columns) > 2 and columns[-2:] == ERROR_COLUMNS


def restore_source_file(source: Path, target: Path) -> None:
    """Write the corrected file in the form of the original. Lines that are no rows stay unchanged."""
    with source.open("rb") as file, _create_file(target) as out:
        writer = csv.writer(out)
        reading = open_source(file)
        columns = (reading.columns or [])[:-2]
        writer.writerow(map(unescape_cell, columns))
        for chunk in reading:
            values = [chunk.columns[name].to_pylist() for name in columns]
            writer.writerows([unescape_cell(cell or "") for cell in row] for row in zip(*values, strict=True))
            for defect in chunk.defects:
                writer.writerow(next(csv.reader([defect.raw]), []))


def _create_file(target: Path) -> TextIO:
    return os.fdopen(os.open(target, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w", newline="", encoding="utf-8")


ROWS_PER_READ = 5_000  # rows of the file at a time, so that an import of only bad rows stays small in memory
RejectedByRow = dict[int, list[QuarantinedRow]]


def source_of(upload: Upload) -> str:
    """The source name of this import's bad rows; a part of the job's key."""
    return upload.job.key.partition(":")[2] if upload.job else source_name(path_of(upload), mapping_of(upload.mapping))


def quarantined_rows(upload: Upload) -> QuarantinedRowQuerySet:
    """Rows of this import that did not land: bad and waiting ones."""
    rows = QuarantinedRow.objects.filter(resource=upload.resource, source=source_of(upload))
    return rows.order_by("row_no", "pk") if upload.job_id else rows.none()


def format_quarantined_row(row: QuarantinedRow) -> str:
    value = row.raw.get(row.field, row.raw.get("line"))
    return format_row_problem(
        resource_named(row.resource), code=row.code, field=row.field, value=value, message=row.message
    )


def rejected_file(upload: Upload) -> tuple[list[str], Iterator[list[str]]]:
    """(header, rows): the original columns and values of every rejected row, then its errors.

    NotFound when the file has been deleted.
    """
    path, mapping, bad = path_of(upload), mapping_of(upload.mapping), quarantined_rows(upload)

    def rows() -> Iterator[list[str]]:
        with path.open("rb") as file:
            try:
                for chunk in open_source(file, size=ROWS_PER_READ):
                    yield from _of_chunk(upload.columns, chunk, _rejected_by_row(bad, chunk), mapping)
            except Unreadable:
                return  # the rows before it are complete; the import's message names where the file breaks off

    return [*upload.columns, *ERROR_COLUMNS], rows()


def _rejected_by_row(bad: QuerySet[QuarantinedRow], chunk: Chunk) -> RejectedByRow:
    """The rejected rows of this part of the file, by number."""
    found: RejectedByRow = {}
    state = QuarantinedRow.State.REJECTED
    for row in bad.filter(state=state, row_no__gte=chunk.first, row_no__lte=chunk.last):
        found.setdefault(row.row_no, []).append(row)
    return found


def _of_chunk(columns: list[str], chunk: Chunk, wrong: RejectedByRow, mapping: Mapping) -> Iterator[list[str]]:
    places = np.flatnonzero(np.isin(chunk.rows, list(wrong)))
    given = chunk.columns.take(places)
    names = set(given.column_names)
    values = [given[name].to_pylist() if name in names else [None] * len(places) for name in columns]
    found = {int(number): [_text(cell) for cell in row] for number, row in _numbered(chunk.rows[places], values)}
    found |= {d.row: _cells(d, len(columns)) for d in chunk.defects if d.row in wrong}
    for number in sorted(found):
        yield [*found[number], *_error_cells(wrong[number], mapping)]


def _numbered(numbers: np.ndarray, values: list[list]) -> Iterable[tuple[int, tuple]]:
    return zip(numbers, zip(*values, strict=True), strict=True)


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return "" if cell is None else str(cell)


def _cells(defect: Defect, width: int) -> list[str]:
    """A line of a wrong width in the header's columns; surplus cells are joined in the last one."""
    if defect.code == "malformed_json":
        return [defect.raw, *[""] * (width - 1)]
    cells = next(csv.reader([defect.raw]), [])
    if len(cells) > width:
        cells = [*cells[: width - 1], ",".join(cells[width - 1 :])]
    return [*cells, *[""] * (width - len(cells))]


def _error_cells(problems: list[QuarantinedRow], mapping: Mapping) -> tuple[str, str]:
    """(the file's columns concerned, the messages)."""
    fields = dict.fromkeys(column for row in problems for column in _columns_of(row.field, mapping))
    return ", ".join(fields), "; ".join(dict.fromkeys(map(format_quarantined_row, problems)))


def _columns_of(field: str, mapping: Mapping) -> list[str]:
    spec = mapping.columns.get(field)
    return sorted(spec.sources) if spec and spec.sources else [field] if field else []
