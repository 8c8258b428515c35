"""Lists as CSV or XLSX files: exactly the rows and columns seen, with a sheet that says what they are.

The caller checks the permission and writes the audit entry; masked columns stay masked.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO
from urllib.parse import quote

import xlsxwriter
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.encoding import force_str
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from retention.core import clock
from retention.core.ui.tables.base import LAYOUT_PARAMETERS, BaseTable

INLINE_LIMIT = 20_000  # more rows than this belong in a background job (ui.md section 4)
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EXPORT_FORMATS = ("csv", "xlsx")
# A cell that begins so would be run by a spreadsheet as a formula (OWASP: CSV injection).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
# Search words may be a name or a phone number: they never reach a file name.
PERSONAL_PARAMETERS = {"q", "phone", "name"}

Rows = Iterable[Sequence[Any]]


def wants_export(request: HttpRequest) -> str:
    """`csv`, `xlsx`, or nothing when the page itself is wanted."""
    kind = request.GET.get("export", "")
    return kind if kind in EXPORT_FORMATS else ""


def export_name(area: str, query: Iterable[tuple[str, str]] = (), *, at: datetime) -> str:
    """`area_period_filters_YYYYMMDD-HHMM`, without an ending; search words are left out."""
    pairs = [(key, value) for key, value in query if value and key not in LAYOUT_PARAMETERS | PERSONAL_PARAMETERS]
    period = [value for key, value in pairs if key == "period"]
    filters = [f"{key}-{value}" for key, value in sorted(pairs) if key != "period"]
    parts = [re.sub(r"[^\w.-]+", "-", part) for part in [area, *period, *filters]]
    return "_".join(parts)[:120] + f"_{timezone.localtime(at):%Y%m%d-%H%M}"


def export_response(
    request: HttpRequest,
    source: BaseTable | tuple[Sequence[str], Rows],
    area: str,
    *,
    notes: Sequence[tuple[str, str]] = (),
) -> HttpResponseBase:
    """The list as a file, in the kind that `?export=` asks for.

    `source` is a table (its export columns, sorted as seen) or (header, rows). `notes` are more lines for the
    About sheet, e.g. how a measure is defined. Reads every row once.
    """
    header, rows = table_rows(source.ordered()) if isinstance(source, BaseTable) else source
    at = clock.now()
    query = [(key, value) for key, values in request.GET.lists() for value in values]
    name = export_name(area, query, at=at)
    if wants_export(request) == "xlsx":
        about = about_lines(area, query, user=str(request.user), at=at, notes=notes)
        buffer = io.BytesIO()
        write_xlsx(buffer, header, rows, about)
        response: HttpResponseBase = HttpResponse(buffer.getvalue(), content_type=XLSX_TYPE)
        name += ".xlsx"
    else:
        response = StreamingHttpResponse(csv_lines(header, rows), content_type="text/csv; charset=utf-8")
        name += ".csv"
    response.headers["Content-Disposition"] = _disposition(name)
    response.headers["Cache-Control"] = "no-store"
    return response


def table_rows(table: BaseTable) -> tuple[list[str], Iterator[Sequence[Any]]]:
    """(header, rows) of a table, without columns marked `exclude_from_export`."""
    lines = table.as_values()
    return [force_str(cell) for cell in next(lines)], lines


def csv_lines(header: Sequence[str], rows: Rows) -> Iterator[bytes]:
    """CSV in UTF-8 with a byte order mark, so that Excel in Chinese opens it right; one line at a time."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    yield b"\xef\xbb\xbf"
    for row in _chain(header, rows):
        writer.writerow([_csv_cell(cell) for cell in row])
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()


def write_xlsx(target: BinaryIO | str, header: Sequence[str], rows: Rows, about: Sequence[tuple[str, str]]) -> int:
    """Write a workbook (a path or an open file): sheet Data, sheet About. Gives back the number of rows."""
    book = xlsxwriter.Workbook(
        target,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": True},
    )
    bold = book.add_format({"bold": True})
    as_day = book.add_format({"num_format": "yyyy-mm-dd"})
    as_time = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    sheet = book.add_worksheet(_("Data"))
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, max(len(header) - 1, 0), 16)
    for column, cell in enumerate(header):
        sheet.write_string(0, column, str(cell), bold)
    count = 0
    for count, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            _write_cell(sheet, count, column, cell, as_day, as_time)
    page = book.add_worksheet(_("About"))
    page.set_column(0, 0, 24)
    page.set_column(1, 1, 80)
    for line, (label, value) in enumerate([*about, (_("Rows"), str(count))]):
        page.write_string(line, 0, str(label), bold)
        page.write_string(line, 1, str(value))
    book.close()
    return count


def about_lines(
    area: str, query: Iterable[tuple[str, str]], *, user: str, at: datetime, notes: Sequence[tuple[str, str]] = ()
) -> list[tuple[str, str]]:
    """What the About sheet says: the list, its filters, who made it and when, then `notes`."""
    filters = [(key, value) for key, value in query if value and key not in {"export", "page", "per_page"}]
    return [
        (_("List"), area),
        (_("Made by"), user),
        (_("Made at"), f"{timezone.localtime(at):%Y-%m-%d %H:%M}"),
        *((_("Filter %(name)s") % {"name": key}, value) for key, value in filters),
        *notes,
    ]


def _chain(header: Sequence[str], rows: Rows) -> Iterator[Sequence[Any]]:
    yield header
    yield from rows


def _csv_cell(cell: Any) -> Any:
    if cell is None or isinstance(cell, (int, float, Decimal)):
        return cell
    text = _text(cell)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _write_cell(sheet: Any, row: int, column: int, cell: Any, as_day: Any, as_time: Any) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, bool):
        sheet.write_boolean(row, column, cell)
    elif isinstance(cell, (int, float, Decimal)):
        sheet.write_number(row, column, cell)
    elif isinstance(cell, datetime):
        local = timezone.localtime(cell) if timezone.is_aware(cell) else cell
        sheet.write_datetime(row, column, local.replace(tzinfo=None), as_time)
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, datetime(cell.year, cell.month, cell.day), as_day)
    else:
        sheet.write_string(row, column, _text(cell))


def _text(cell: Any) -> str:
    if isinstance(cell, datetime):
        return f"{timezone.localtime(cell) if timezone.is_aware(cell) else cell:%Y-%m-%d %H:%M:%S}"
    if isinstance(cell, date):
        return cell.isoformat()
    return strip_tags(force_str(cell)) if hasattr(cell, "__html__") else force_str(cell)


def _disposition(name: str) -> str:
    plain = re.sub(r"[^A-Za-z0-9_.-]", "-", name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
