"""Detection of an uploaded file's type by its first bytes, with size limits; sheets of workbooks as CSV."""

import csv
import gzip
import os
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from customers.imports.models import Upload
from retention.core.errors import Invalid

MAX_CELLS = 20_000_000
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def is_locked(path: Path) -> bool:
    """Whether an OLE container holds a password-protected workbook."""
    with path.open("rb") as file:
        return ENCRYPTED in file.read(64 << 20)


def sheet_names(path: Path) -> list[str]:
    """The sheets that are not empty. Invalid, with a message, when the workbook cannot be read."""
    with _open_workbook(path) as book:
        return [name for name in book.sheet_names if book.get_sheet_by_name(name).height]


def header_of(path: Path, sheet: str) -> list[str]:
    """The texts of the sheet's first row."""
    with _open_workbook(path) as book:
        return [_cell_text(cell) for cell in next(_non_empty_rows(book.get_sheet_by_name(sheet).iter_rows()), [])]


def sheet_to_csv(path: Path, sheet: str, target: Path) -> int:
    """Write one sheet as CSV (its first row that is not empty is the header); returns the number of rows below it."""
    with _open_workbook(path) as book:
        found = book.get_sheet_by_name(sheet)
        if found.height * found.width > MAX_CELLS:
            raise Invalid(_("The sheet is too large to be read. Save it as CSV."), code="too_large")
        rows = [[_cell_text(cell) for cell in row] for row in _non_empty_rows(found.iter_rows())]
    with os.fdopen(
        os.open(target, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w", newline="", encoding="utf-8"
    ) as file:
        csv.writer(file).writerows(_without_empty_columns(rows))
    return max(len(rows) - 1, 0)


def _open_workbook(path: Path) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_path(path)
    except PasswordError:
        message = _("The workbook is protected by a password. Save it without one and send it again.")
        raise Invalid(message, code="locked") from None
    except (CalamineError, OSError):
        raise Invalid(_("The workbook is damaged and cannot be read. Save it again."), code="unreadable") from None


def _non_empty_rows(rows: Iterator[list]) -> Iterator[list]:
    return (row for row in rows if any(cell not in ("", None) for cell in row))


def _without_empty_columns(rows: list[list[str]]) -> list[list[str]]:
    """Drops columns without values (leftovers of formatting); a nameless column with values stays and is reported."""
    used = sorted({place for row in rows for place, cell in enumerate(row) if cell})
    return [[row[place] for place in used] for row in rows]


def _cell_text(cell: object) -> str:
    """The cell as CSV text: whole numbers without decimals, days as YYYY-MM-DD."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 2**53 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return "" if cell is None else str(cell)


GZIP, PARQUET, ZIP, OLE = b"\x1f\x8b", b"PAR1", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
WIDE = (b"\xff\xfe", b"\xfe\xff")
MAX_UNPACKED_BYTES = 1 << 30
MAX_WORKBOOK_BYTES = 300 << 20
BLOCK_BYTES = 1 << 20
Kind = Upload.Kind


@dataclass(frozen=True)
class FileType:
    """kind of the file inside any gzip; rows: approximate number, None when it would take reading the whole file."""

    kind: str
    rows: int | None = None


def recognise_file(path: Path) -> FileType:
    """Invalid, with a message, for a file that is empty, of unknown type, locked, truncated or a decompression bomb."""
    with path.open("rb") as file:
        start = file.read(4096)
    if not start.strip():
        raise Invalid(_("The file is empty."), code="empty_file")
    if start.startswith(ZIP):
        return _workbook(path)
    if start.startswith(OLE):
        raise Invalid(_locked_or_old(path), code="unknown_type")
    if start.startswith(PARQUET):
        return FileType(Kind.PARQUET, _parquet_rows(path))
    packed = start.startswith(GZIP)
    lines, inside = _measure(path, packed=packed)
    if packed and inside.startswith((ZIP, OLE)):
        raise Invalid(_("The gzip holds another archive or a workbook. Send that file itself."), code="unknown_type")
    if packed and inside.startswith(PARQUET):
        return FileType(Kind.PARQUET)
    return _text(inside, lines)


def _text(start: bytes, lines: int) -> FileType:
    first = start.removeprefix(b"\xef\xbb\xbf")
    for mark in WIDE:
        first = first.removeprefix(mark)
    if (b"\0" in start and not start.startswith(WIDE)) or first.lstrip().startswith((b"<", b"%PDF", b"{\\rtf")):
        message = _(
            "This type of file is not known here. Send CSV, NDJSON, JSON, Parquet or Excel (xlsx); gzip is fine."
        )
        raise Invalid(message, code="unknown_type")
    match first.replace(b"\0", b"").lstrip()[:1]:
        case b"{":
            return FileType(Kind.NDJSON, lines)
        case b"[":
            return FileType(Kind.JSON)
    return FileType(Kind.CSV, max(lines - 1, 0))


def _measure(path: Path, *, packed: bool) -> tuple[int, bytes]:
    """(lines, first bytes) of the text, unpacked as a stream: the size is checked before anything else reads it."""
    size, lines, start, last = 0, 0, b"", b""
    try:
        with gzip.open(path) if packed else path.open("rb") as file:
            while block := file.read(BLOCK_BYTES):
                start, last = start or block[:4096], block[-1:]
                size += len(block)
                lines += block.count(b"\n")
                if size > MAX_UNPACKED_BYTES:
                    raise Invalid(_too_large_unpacked(), code="too_large")
    except (EOFError, zlib.error, OSError):
        message = _("The gzip file is cut off or damaged: it cannot be unpacked to its end. Send it again.")
        raise Invalid(message, code="truncated") from None
    if not start.strip():
        raise Invalid(_("The file is empty."), code="empty_file")
    return lines + (last != b"\n"), start


def _too_large_unpacked() -> str:
    return _("Unpacked, the file would be larger than %(most)s MB. Send it in parts.") % {
        "most": MAX_UNPACKED_BYTES >> 20
    }


def _workbook(path: Path) -> FileType:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile:
        raise Invalid(_("The file is cut off or damaged. Send it again."), code="truncated") from None
    if not any(name.startswith("xl/workbook") for name in names):
        message = _("The file is a ZIP archive and no Excel workbook. Unpack it and send the file inside.")
        raise Invalid(message, code="unknown_type")
    if unpacked > MAX_WORKBOOK_BYTES:
        raise Invalid(_("The workbook is too large to be read. Save the sheet as CSV."), code="too_large")
    return FileType(Kind.XLSX)


def _locked_or_old(path: Path) -> str:
    if is_locked(path):
        return _("The workbook is protected by a password. Save it without one and send it again.")
    return _("The file is in the old Excel format. Save it as xlsx or CSV and send it again.")


def _parquet_rows(path: Path) -> int:
    try:
        about = pq.read_metadata(path)
    except (pa.ArrowInvalid, OSError):
        raise Invalid(_("The file is cut off or damaged. Send it again."), code="truncated") from None
    if sum(about.row_group(i).total_byte_size for i in range(about.num_row_groups)) > MAX_UNPACKED_BYTES:
        raise Invalid(_too_large_unpacked(), code="too_large")
    return about.num_rows
