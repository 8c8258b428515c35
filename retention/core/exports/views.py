"""The page of one export in the background, for the person who asked for it only, and its file."""

import structlog
from django.db import transaction
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from kombu.exceptions import OperationalError

from retention.core import clock
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.exports import services
from retention.core.exports.models import ListExport
from retention.core.exports.tasks import write_export
from retention.core.jobs.models import Job
from retention.core.jobs.views import SEEN_HEADER, progress_card
from retention.core.ui import formats
from retention.core.ui.listing import REGISTRY, ListPage
from retention.core.ui.tables.exports import CONTENT_TYPES

log = structlog.get_logger("retention.exports")


def start_export(page: ListPage, kind: str) -> HttpResponse:
    """Queue the export and lead to its page: what ListPage does with a list that is too long to answer with."""
    export = services.request_export(page=page, kind=kind, now=clock.now())
    transaction.on_commit(lambda: _poke(export.pk))
    return redirect("core:export", export.pk)


def _poke(pk: int) -> None:
    """Without the broker the export starts half a minute later, when the reconciler finds it."""
    try:
        write_export.delay(pk)
    except OperationalError as error:
        log.warning("export not announced", export=pk, error=str(error))


def own_export(request: StaffRequest, pk: int) -> ListExport:
    """404 for an export of another person."""
    return get_object_or_404(ListExport.objects.select_related("job"), pk=pk, owner=request.user)


@require("home")
@require_GET
def export_page(request: StaffRequest, pk: int) -> HttpResponse:
    """Progress of the export, and the link to the file. The page polls itself while the file is written."""
    export = own_export(request, pk)
    version = export.job.state if export.job else ""
    if request.headers.get(SEEN_HEADER) == version:
        return HttpResponse(status=204)
    title = REGISTRY[export.list].table_class.caption
    is_ready = export.rows is not None and export.dropped_at is None
    context = {
        "export": export,
        "title": title,
        "facts": [
            (_("List"), title),
            (_("Requested"), formats.moment(export.as_of)),
            (_("Rows"), formats.number(export.rows)),
            (_("Kept until"), formats.moment(export.as_of + services.FILE_RETENTION)),
        ],
        "card": progress_card(export.job) | {"href": "", "title": title} if export.job else None,
        "is_ready": is_ready,
        "version": version if version in {Job.State.QUEUED, Job.State.RUNNING} else "",
    }
    return render(request, "core/exports/detail.html", context)


@require("home")
@require_GET
def download(request: StaffRequest, pk: int) -> HttpResponseBase:
    """The file. Checks again that its owner may export the list and sees the same rows as when it was written."""
    export = own_export(request, pk)
    path = services.file_for(export)
    response = FileResponse(
        path.open("rb"), as_attachment=True, filename=export.file, content_type=CONTENT_TYPES[export.kind]
    )
    response.headers["Cache-Control"] = "no-store"
    return response
