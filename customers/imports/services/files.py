"""Detection of an uploaded file's type by its first bytes, with size limits; sheets of workbooks as CSV."""

import gzip
import zlib
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from customers.imports.models import Upload
from customers.imports.services.bounded import read_bounded
from retention.core.errors import Invalid

MAX_CELLS = 20_000_000
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def is_locked(path: Path) -> bool:
    """Whether an OLE container holds a password-protected workbook."""
    with path.open("rb") as file:
        return ENCRYPTED in file.read(64 << 20)


@dataclass(frozen=True)
class Workbook:
    """sheets: names of those that are not empty. header: texts of the first one's first row, cut to 100 characters."""

    sheets: list[str]
    header: list[str]


def read_workbook(path: Path) -> Workbook:
    """Invalid, with a message, when the workbook cannot be read within the limits."""
    found = read_bounded("describe_workbook", path, max_bytes=MAX_WORKBOOK_BYTES)
    return Workbook(found["sheets"], found["header"])


def sheet_to_csv(path: Path, sheet: str, target: Path) -> int:
    """Write one sheet as CSV (its first row that is not empty is the header); returns the number of rows below it.

    Invalid, with a message and without a file, when it cannot be read within the limits.
    """
    try:
        return int(read_bounded("convert_sheet", path, sheet=sheet, target=str(target), max_cells=MAX_CELLS)["rows"])
    except BaseException:
        target.unlink(missing_ok=True)
        raise


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
    """Invalid, with a message, for a file that is empty, of unknown type, locked, truncated or a decompression bomb.

    A ZIP archive is only taken for a workbook: read_workbook() looks into it.
    """
    with path.open("rb") as file:
        start = file.read(4096)
    if not start.strip():
        raise Invalid(_("The file is empty."), code="empty_file")
    if start.startswith(ZIP):
        return FileType(Kind.XLSX)
    if start.startswith(OLE):
        raise Invalid(_locked_or_old(path), code="unknown_type")
    if start.startswith(PARQUET):
        return _parquet(path, packed=False)
    packed = start.startswith(GZIP)
    lines, inside = _measure(path, packed=packed)
    if packed and inside.startswith((ZIP, OLE)):
        raise Invalid(_("The gzip holds another archive or a workbook. Send that file itself."), code="unknown_type")
    if packed and inside.startswith(PARQUET):
        return _parquet(path, packed=True)
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


def _locked_or_old(path: Path) -> str:
    if is_locked(path):
        return _("The workbook is protected by a password. Save it without one and send it again.")
    return _("The file is in the old Excel format. Save it as xlsx or CSV and send it again.")


def _parquet(path: Path, *, packed: bool) -> FileType:
    return FileType(
        Kind.PARQUET, read_bounded("check_parquet", path, packed=packed, max_bytes=MAX_UNPACKED_BYTES)["rows"]
    )
