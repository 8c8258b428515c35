"""The third step: what would land."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from customers.imports import labels, storage
from customers.imports.preview import dry_run
from customers.imports.preview import preview as first_rows
from customers.imports.toml import mapping_of
from customers.imports.wording import code_title
from customers.ingest import resource_named
from customers.views.imports.found import upload_of
from retention.core import clock
from retention.core.access import require
from retention.core.errors import DomainError

WHOLE_AT_MOST = 300_000


@require("facts.import")
@require_GET
def preview_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The first rows; with `whole` the counts of the whole file as well."""
    upload = upload_of(request, pk)
    if not upload.is_draft:
        return redirect("imports:detail", pk)
    if not (upload.data and upload.resource and upload.mapping):
        return redirect("imports:columns", pk)
    can_check_whole = upload.rows is not None and upload.rows <= WHOLE_AT_MOST
    context = {"upload": upload, "step": "preview", "kind": labels.resource_label(upload.resource)}
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
        "heads": [labels.field_label(f) for f in shown.fields],
        "counts": [(code_title(code), count) for code, count in counted.counts.most_common()],
        "can_check_whole": can_check_whole and (upload.rows or 0) > shown.seen,
    }
    return render(request, "customers/imports/preview.html", context)
