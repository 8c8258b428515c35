"""Every import: who sent what, and how it went."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from customers.imports.running import KEPT
from customers.models import Upload
from customers.views.imports.tables import ImportTable
from retention.core import audit
from retention.core.access import require
from retention.core.exports import export_response, wants_export


@require("facts.import")
@require_GET
def import_list(request: HttpRequest) -> HttpResponseBase:
    table = ImportTable(Upload.objects.visible_to(request.user).for_list(), request=request)
    if wants_export(request):
        audit.record(actor=request.user, action="export", target="imports")
        return export_response(request, table, "imports")
    return render(request, "customers/imports/list.html", {"table": table.paged(), "kept": KEPT.days})
