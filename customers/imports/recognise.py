"""What kind of file it is, by its first bytes, and whether unpacking it stays within bounds."""

import gzip
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from django.utils.translation import gettext as _

from customers.imports.workbook import is_locked
from customers.models import Upload
from retention.core.errors import Invalid

GZIP, PARQUET, ZIP, OLE = b"\x1f\x8b", b"PAR1", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
WIDE = (b"\xff\xfe", b"\xfe\xff")
MOST_UNPACKED = 1 << 30
MOST_WORKBOOK = 300 << 20
BLOCK = 1 << 20
Kind = Upload.Kind


@dataclass(frozen=True)
class Recognised:
    """kind of the file inside any gzip; rows: about how many, None when that is not known without reading it all."""

    kind: str
    rows: int | None = None


def recognise(path: Path) -> Recognised:
    """Invalid with a sentence for a file that is empty, none of ours, locked, cut off or a bomb."""
    with path.open("rb") as file:
        start = file.read(4096)
    if not start.strip():
        raise Invalid(_("The file is empty."), code="empty_file")
    if start.startswith(ZIP):
        return _workbook(path)
    if start.startswith(OLE):
        raise Invalid(_locked_or_old(path), code="unknown_type")
    if start.startswith(PARQUET):
        return Recognised(Kind.PARQUET, _parquet_rows(path))
    packed = start.startswith(GZIP)
    lines, inside = _measure(path, packed=packed)
    if packed and inside.startswith((ZIP, OLE)):
        raise Invalid(_("The gzip holds another archive or a workbook. Send that file itself."), code="unknown_type")
    if packed and inside.startswith(PARQUET):
        return Recognised(Kind.PARQUET)
    return _text(inside, lines)


def _text(start: bytes, lines: int) -> Recognised:
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
            return Recognised(Kind.NDJSON, lines)
        case b"[":
            return Recognised(Kind.JSON)
    return Recognised(Kind.CSV, max(lines - 1, 0))


def _measure(path: Path, *, packed: bool) -> tuple[int, bytes]:
    """(lines, first bytes) of the text, unpacked in passing so that its size is known before anything else reads it."""
    size, lines, start, last = 0, 0, b"", b""
    try:
        with gzip.open(path) if packed else path.open("rb") as file:
            while block := file.read(BLOCK):
                start, last = start or block[:4096], block[-1:]
                size += len(block)
                lines += block.count(b"\n")
                if size > MOST_UNPACKED:
                    raise Invalid(_bomb(), code="too_large")
    except (EOFError, zlib.error, OSError):
        message = _("The gzip file is cut off or damaged: it cannot be unpacked to its end. Send it again.")
        raise Invalid(message, code="truncated") from None
    if not start.strip():
        raise Invalid(_("The file is empty."), code="empty_file")
    return lines + (last != b"\n"), start


def _bomb() -> str:
    return _("Unpacked, the file would be larger than %(most)s MB. Send it in parts.") % {"most": MOST_UNPACKED >> 20}


def _workbook(path: Path) -> Recognised:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile:
        raise Invalid(_("The file is cut off or damaged. Send it again."), code="truncated") from None
    if not any(name.startswith("xl/workbook") for name in names):
        message = _("The file is a ZIP archive and no Excel workbook. Unpack it and send the file inside.")
        raise Invalid(message, code="unknown_type")
    if unpacked > MOST_WORKBOOK:
        raise Invalid(_("The workbook is too large to be read. Save the sheet as CSV."), code="too_large")
    return Recognised(Kind.XLSX)


def _locked_or_old(path: Path) -> str:
    if is_locked(path):
        return _("The workbook is protected by a password. Save it without one and send it again.")
    return _("The file is in the old Excel format. Save it as xlsx or CSV and send it again.")


def _parquet_rows(path: Path) -> int:
    try:
        about = pq.read_metadata(path)
    except (pa.ArrowInvalid, OSError):
        raise Invalid(_("The file is cut off or damaged. Send it again."), code="truncated") from None
    if sum(about.row_group(i).total_byte_size for i in range(about.num_row_groups)) > MOST_UNPACKED:
        raise Invalid(_bomb(), code="too_large")
    return about.num_rows
