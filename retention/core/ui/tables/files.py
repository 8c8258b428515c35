"""Sheets as CSV and XLSX files. Numbers, dates and times are written as such; only text is guarded against formulas."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, islice
from typing import Any, BinaryIO

import xlsxwriter
from django.utils import timezone
from django.utils.encoding import force_str
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from retention.core.errors import Invalid
from retention.core.ui.tables.sheets import Sheet, SheetColumn

# A cell that begins so may be run by a spreadsheet as a formula (OWASP: CSV injection): a sign, also a full-width one,
# and whatever a spreadsheet may skip before it.
FORMULA_PATTERN = re.compile(r"[=+\-@\uff1d\uff0b\uff0d\uff20\s\0\u200b-\u200f\u2060\ufeff]")
NEGATIVE_NUMBER = re.compile(r"-\d[\d,]*(\.\d+)?%?")
MAX_SHEET_ROWS = 1_048_575  # of a workbook's sheet, after its heading
COLUMN_WIDTH = 16
# By the name of the page's format (formats.FORMATS): how a spreadsheet shows the same number, and decimals in CSV.
NUMBER_FORMATS = {
    "count": "#,##0",
    "compact": "#,##0",
    "tenths": "#,##0.0",
    "decimal": "#,##0.00",
    "fine": "0.00000",
    "percent": "0.0%",
    "points": "+0.0%;-0.0%;0.0%",
    "money": "#,##0.00",
    "money_compact": "#,##0.00",
    "duration": "#,##0",
}
CSV_DECIMALS = {"money": 2, "money_compact": 2}
SHARE_DIGITS = 6  # of shares in CSV: 0.084123 is 8.4123 %
WORKBOOK_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "nan_inf_to_errors": True,
}


def may_run(text: str) -> bool:
    """Whether a spreadsheet might run the text of a CSV cell as a formula. A negative number is a number."""
    return bool(FORMULA_PATTERN.match(text)) and not NEGATIVE_NUMBER.fullmatch(text)


def csv_lines(sheet: Sheet) -> Iterator[bytes]:
    """CSV in UTF-8 with a byte order mark, so that Excel in Chinese opens it right; one line at a time."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    yield b"\xef\xbb\xbf"
    kinds = [column.format for column in sheet.columns]
    heading = [_csv_cell(column.title, "") for column in sheet.columns]
    lines = ([_csv_cell(cell, kind) for cell, kind in zip(row, kinds, strict=True)] for row in sheet.rows)
    for line in chain([heading], lines):
        writer.writerow(line)
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()


def write_csv(target: BinaryIO, sheet: Sheet) -> int:
    """Write the sheet to an open file. Gives back the number of rows."""
    count = -2  # the byte order mark and the heading
    for line in csv_lines(sheet):
        target.write(line)
        count += 1
    return count


def write_xlsx(target: BinaryIO | str, sheet: Sheet) -> int:
    """Write a workbook (a path or an open file): the data, then what it is. Gives back the number of rows.

    Invalid `too_many_rows` when there are more than a sheet holds; what was written by then is no workbook.
    """
    book = xlsxwriter.Workbook(target, WORKBOOK_OPTIONS)
    styles, rows = _Styles(book), iter(sheet.rows)
    count = _write_data(book.add_worksheet(_("Data")), sheet.columns, islice(rows, MAX_SHEET_ROWS), styles)
    if next(rows, None) is not None:
        raise too_many_rows()
    _write_about(book.add_worksheet(_("About")), sheet, count, styles)
    book.close()
    return count


def too_many_rows() -> Invalid:
    message = _("The list has more rows than a sheet of a workbook holds (%(most)s). Export it as CSV, or filter it.")
    return Invalid(message % {"most": f"{MAX_SHEET_ROWS:,}"}, code="too_many_rows")


class _Styles:
    """The cell formats of one workbook."""

    def __init__(self, book: Any) -> None:
        self.bold = book.add_format({"bold": True})
        self.heading = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})
        self.time = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self.numbers = {kind: book.add_format({"num_format": code}) for kind, code in NUMBER_FORMATS.items()}


def _write_data(page: Any, columns: Sequence[SheetColumn], rows: Iterable[Sequence[Any]], styles: _Styles) -> int:
    last = max(len(columns) - 1, 0)
    page.freeze_panes(1, 1)
    page.set_column(0, last, COLUMN_WIDTH)
    for place, column in enumerate(columns):
        page.write_string(0, place, column.title, styles.heading)
    count = 0
    for count, row in enumerate(rows, start=1):
        for place, (cell, column) in enumerate(zip(row, columns, strict=True)):
            _write_cell(page, count, place, cell, styles.numbers.get(column.format), styles)
    page.autofilter(0, 0, count, last)
    return count


def _write_about(page: Any, sheet: Sheet, count: int, styles: _Styles) -> None:
    page.set_column(0, 0, 28)
    page.set_column(1, 1, 80)
    pairs = [*sheet.about, (_("Rows"), str(count)), ("", ""), (_("Column"), pgettext("column", "Meaning"))]
    pairs += [(column.title, column.meaning) for column in sheet.columns]
    for line, (name, text) in enumerate(pairs):
        page.write_string(line, 0, str(name), styles.bold)
        page.write_string(line, 1, str(text))


def _write_cell(page: Any, row: int, place: int, cell: Any, number: Any, styles: _Styles) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, (int, float, Decimal)) and not isinstance(cell, bool):
        page.write_number(row, place, cell, number)
    elif isinstance(cell, datetime):
        page.write_datetime(row, place, _local(cell).replace(tzinfo=None), styles.time)
    elif isinstance(cell, date):
        page.write_datetime(row, place, datetime(cell.year, cell.month, cell.day), styles.day)
    else:
        page.write_string(row, place, _text(cell))


def _csv_cell(cell: Any, kind: str) -> Any:
    if cell is None:
        return cell
    if isinstance(cell, (int, float, Decimal)) and not isinstance(cell, bool):
        if kind in CSV_DECIMALS:
            return f"{cell:.{CSV_DECIMALS[kind]}f}"
        return round(cell, SHARE_DIGITS) if kind in {"percent", "points"} else cell
    text = _text(cell)
    return f"'{text}" if may_run(text) else text


def _text(cell: Any) -> str:
    if isinstance(cell, bool):
        return _("yes") if cell else _("no")
    if isinstance(cell, datetime):
        return f"{_local(cell):%Y-%m-%d %H:%M:%S}"
    if isinstance(cell, date):
        return cell.isoformat()
    return strip_tags(force_str(cell)) if hasattr(cell, "__html__") else force_str(cell)


def _local(at: datetime) -> datetime:
    return timezone.localtime(at) if timezone.is_aware(at) else at
