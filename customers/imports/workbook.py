"""Excel workbooks: their sheets, and one of them as CSV, which the ingest then reads like any other."""

import csv
import os
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from retention.core.errors import Invalid

MOST_CELLS = 20_000_000
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def is_locked(path: Path) -> bool:
    """Whether an old-style container holds a workbook under a password."""
    with path.open("rb") as file:
        return ENCRYPTED in file.read(64 << 20)


def sheet_names(path: Path) -> list[str]:
    """The sheets that hold something. Invalid with a sentence when the workbook cannot be read."""
    with _opened(path) as book:
        return [name for name in book.sheet_names if book.get_sheet_by_name(name).height]


def header_of(path: Path, sheet: str) -> list[str]:
    """The texts of the sheet's first row."""
    with _opened(path) as book:
        return [_text(cell) for cell in next(_filled(book.get_sheet_by_name(sheet).iter_rows()), [])]


def sheet_to_csv(path: Path, sheet: str, target: Path) -> int:
    """Write one sheet as CSV (its first row that is not empty is the header); returns the number of rows below it."""
    with _opened(path) as book:
        found = book.get_sheet_by_name(sheet)
        if found.height * found.width > MOST_CELLS:
            raise Invalid(_("The sheet is too large to be read. Save it as CSV."), code="too_large")
        rows = [[_text(cell) for cell in row] for row in _filled(found.iter_rows())]
    with os.fdopen(
        os.open(target, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w", newline="", encoding="utf-8"
    ) as file:
        csv.writer(file).writerows(_without_empty_columns(rows))
    return max(len(rows) - 1, 0)


def _opened(path: Path) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_path(path)
    except PasswordError:
        message = _("The workbook is protected by a password. Save it without one and send it again.")
        raise Invalid(message, code="locked") from None
    except (CalamineError, OSError):
        raise Invalid(_("The workbook is damaged and cannot be read. Save it again."), code="unreadable") from None


def _filled(rows: Iterator[list]) -> Iterator[list]:
    return (row for row in rows if any(cell not in ("", None) for cell in row))


def _without_empty_columns(rows: list[list[str]]) -> list[list[str]]:
    """Columns without any value are leftovers of formatting; a nameless column that holds values stays, and is told."""
    used = sorted({place for row in rows for place, cell in enumerate(row) if cell})
    return [[row[place] for place in used] for row in rows]


def _text(cell: object) -> str:
    """The cell as a CSV would hold it: whole numbers without decimals, days as YYYY-MM-DD."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 2**53 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return "" if cell is None else str(cell)
