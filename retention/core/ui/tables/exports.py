"""Lists as downloads: the requested format, the name of the file, and the response.

ListPage (core/ui/listing.py) checks the permission and writes the audit entry; masked columns stay masked.
"""

import io
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.utils import timezone

from retention.core import clock
from retention.core.ui.tables.base import LAYOUT_PARAMETERS, BaseTable
from retention.core.ui.tables.files import csv_lines, write_xlsx
from retention.core.ui.tables.sheets import Pairs, Sheet, SheetColumn, about_lines

INLINE_LIMIT = 20_000  # more rows than this are written in the background (docs/ui.md)
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# Search words may be a name or a phone number: they reach no file name and no audit entry.
PERSONAL_PARAMETERS = {"q", "phone", "name"}
_UNKEPT = LAYOUT_PARAMETERS | PERSONAL_PARAMETERS


def wants_export(request: HttpRequest) -> str:
    """`csv`, `xlsx`, or nothing when the page itself is wanted."""
    kind = request.GET.get("export", "")
    return kind if kind in CONTENT_TYPES else ""


def filters_of(query: QueryDict) -> dict[str, str | list[str]]:
    """The filters of an address as they are kept in the audit trail: without layout and without search words."""
    given = {name: [value for value in values if value] for name, values in query.lists()}
    kept = {name: values for name, values in given.items() if values and name not in _UNKEPT}
    return {name: values[0] if len(values) == 1 else values for name, values in kept.items()}


def export_name(area: str, query: QueryDict, *, at: datetime) -> str:
    """`area_period_filters_YYYYMMDD-HHMM`, without an ending; search words are left out."""
    pairs = [(name, value) for name in filters_of(query) for value in query.getlist(name) if value]
    period = [value for name, value in pairs if name == "period"]
    filters = [f"{name}-{value}" for name, value in sorted(pairs) if name != "period"]
    parts = [re.sub(r"[^\w.-]+", "-", part) for part in [area, *period, *filters]]
    return "_".join(parts)[:120] + f"_{timezone.localtime(at):%Y%m%d-%H%M}"


def file_response(sheet: Sheet, kind: str) -> HttpResponseBase:
    """The whole sheet as a download; a workbook is made in memory: for INLINE_LIMIT rows at most."""
    response: HttpResponseBase
    if kind == "xlsx":
        buffer = io.BytesIO()
        write_xlsx(buffer, sheet)
        response = HttpResponse(buffer.getvalue(), content_type=CONTENT_TYPES[kind])
    else:
        response = StreamingHttpResponse(csv_lines(sheet), content_type=CONTENT_TYPES[kind])
    response.headers["Content-Disposition"] = disposition(f"{sheet.name}.{kind}")
    response.headers["Cache-Control"] = "no-store"
    return response


def export_response(
    request: HttpRequest, source: BaseTable | tuple[Sequence[str], Iterable[Sequence[Any]]], area: str
) -> HttpResponseBase:
    """Rows that are no list page as a file, in the format that `?export=` requests.

    `source` is a table or (header, rows). The caller checks the permission and writes the audit entry.
    """
    at, person = clock.now(), str(request.user)
    name = export_name(area, request.GET, at=at)
    if isinstance(source, BaseTable):
        sheet = source.ordered().sheet(name=name, about=_about(area, request.GET, person, at))
    else:
        header, rows = source
        sheet = Sheet(name, [SheetColumn(title) for title in header], rows, _about(area, request.GET, person, at))
    return file_response(sheet, wants_export(request) or "csv")


def _about(area: str, query: QueryDict, person: str, at: datetime) -> Pairs:
    filters = [(name, str(value)) for name, value in filters_of(query).items()]
    return about_lines(area, filters=filters, order="", person=person, at=at)


def disposition(name: str) -> str:
    """The header that makes a browser keep the answer under this name, Chinese included."""
    plain = re.sub(r"[^A-Za-z0-9_.-]", "-", name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
