"""The third step: preview."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from customers.imports import text
from customers.imports.queries import get_visible_upload
from customers.imports.services import storage
from customers.imports.services.mappings import mapping_of
from customers.imports.services.preview import dry_run
from customers.imports.services.preview import preview as first_rows
from customers.imports.text import code_title
from customers.ingest.resources import resource_named
from retention.core import clock
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.errors import DomainError

MAX_DRY_RUN_ROWS = 300_000


@require("facts.import")
@require_GET
def preview_page(request: StaffRequest, pk: int) -> HttpResponse:
    """The first rows; with `whole` the counts of the whole file as well."""
    upload = get_visible_upload(request.user, pk)
    if not upload.is_draft:
        return redirect("imports:detail", pk)
    if not (upload.data and upload.resource and upload.mapping):
        return redirect("imports:columns", pk)
    can_check_whole = upload.rows is not None and upload.rows <= MAX_DRY_RUN_ROWS
    context = {"upload": upload, "step": "preview", "kind": text.resource_label(upload.resource)}
    try:
        path, resource, mapping = storage.path_of(upload), resource_named(upload.resource), mapping_of(upload.mapping)
        shown = first_rows(path, resource, mapping, now=clock.now())
        whole = (
            dry_run(path, resource, mapping, now=clock.now()) if can_check_whole and "whole" in request.GET else None
        )
    except DomainError as error:
        return render(request, "customers/imports/preview.html", context | {"error": error.message}, status=422)
    counted = whole or shown
    context |= {
        "shown": shown,
        "whole": whole,
        "counted": counted,
        "heads": [text.field_label(f) for f in shown.fields],
        "counts": [(code_title(code), count) for code, count in counted.counts.most_common()],
        "can_check_whole": can_check_whole and (upload.rows or 0) > shown.seen,
    }
    return render(request, "customers/imports/preview.html", context)
