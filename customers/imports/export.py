"""The rejected rows as a download."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from customers.imports.corrected import guarded, guarded_in_workbook
from customers.imports.rejected import rejected_file
from customers.models import Upload
from retention.core.exports import export_response, wants_export


def rejected_response(request: HttpRequest, upload: Upload) -> HttpResponseBase:
    """CSV, or a workbook with `?export=xlsx`. The caller has checked the permission and written the audit entry."""
    header, rows = rejected_file(upload)
    guard = guarded_in_workbook if wants_export(request) == "xlsx" else guarded
    lines = ([guard(cell) for cell in row] for row in rows)
    return export_response(request, (header, lines), f"rejected-{upload.resource}")
