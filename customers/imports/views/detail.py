"""The last step: the running import, and the download of its rejected rows."""

from functools import cached_property
from typing import Any

import structlog
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST
from kombu.exceptions import OperationalError

from customers.imports import text
from customers.imports.filters import BadRowFilter
from customers.imports.models import Upload
from customers.imports.queries import get_visible_upload
from customers.imports.services import jobs
from customers.imports.services.quarantine import escape_cell, escape_workbook_cell, quarantined_rows, rejected_file
from customers.imports.tables import BadRowTable
from customers.imports.tasks import run_import
from customers.ingest.models import QuarantinedRow, QuarantinedRowQuerySet
from retention.core import clock
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.audit import services as audit
from retention.core.errors import Conflict
from retention.core.jobs.models import Job
from retention.core.jobs.views import SEEN_HEADER
from retention.core.ui import formats
from retention.core.ui.listing import ListPage
from retention.core.ui.tables.exports import INLINE_LIMIT, export_response, wants_export


def rejected_response(request: StaffRequest, upload: Upload) -> HttpResponseBase:
    """CSV, or a workbook with `?export=xlsx`. The caller has checked the permission and written the audit entry."""
    header, rows = rejected_file(upload)
    guard = escape_workbook_cell if wants_export(request) == "xlsx" else escape_cell
    lines = ([guard(cell) for cell in row] for row in rows)
    return export_response(request, (header, lines), f"rejected-{upload.resource}")


log = structlog.get_logger("retention.imports")
REVEAL_PERMISSION = "customers.reveal_phone"
SHOWN_IN_CUSTOMERS = {"customers", "accounts", "subscribers"}
FIGURES = (
    ("received", _("Rows read"), _("Rows that came out of the file.")),
    ("applied", _("Landed"), _("Rows that are new or changed something.")),
    ("unchanged", _("Unchanged"), _("Rows that said what was known already.")),
    ("waiting", _("Waiting"), _("Rows that refer to something not known yet; they land by themselves once it is.")),
    ("rejected", _("Rejected"), _("Rows that cannot land as they are.")),
)


@require("facts.import")
@require_POST
def run(request: StaffRequest, pk: int) -> HttpResponse:
    """Start the import, or retry a failed one; a second click only redirects to its page."""
    upload = get_visible_upload(request.user, pk)
    if upload.is_draft:
        if not (upload.data and upload.resource and upload.mapping):
            return redirect("imports:columns", pk)
        _start(request, upload)
    elif upload.state == Job.State.FAILED:
        jobs.retry(upload=upload, actor=request.user, now=clock.now())
    transaction.on_commit(lambda: _poke(pk))
    return redirect("imports:detail", pk)


def _start(request: StaffRequest, upload: Upload) -> None:
    try:
        jobs.start(upload=upload, actor=request.user, now=clock.now())
    except Conflict:
        log.info("started twice", upload=upload.pk)  # a double click: the first one counts


def _poke(pk: int) -> None:
    """Queue the task; without the broker the reconciler starts the import a minute later."""
    try:
        run_import.delay(pk)
    except OperationalError as error:
        log.warning("import not announced", upload=pk, error=str(error))


class ImportPage(ListPage):
    """Progress, result, and the rows that did not land. Polls itself while it runs."""

    name = "import-rows"
    permission = "facts.import"
    template_name = "customers/imports/detail.html"
    table_class = BadRowTable
    filterset_class = BadRowFilter

    @cached_property
    def upload(self) -> Upload:
        return get_visible_upload(self.user, self.kwargs["pk"])

    def get_queryset(self) -> QuarantinedRowQuerySet:
        return quarantined_rows(self.upload)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"resource": self.upload.resource}

    def render_page(self) -> HttpResponseBase:
        upload = self.upload
        if upload.is_draft:
            return redirect("imports:columns" if upload.data else "imports:sheet", upload.pk)
        if self.request.headers.get(SEEN_HEADER) == progress_version(upload):
            return HttpResponse(status=204)
        return super().render_page()

    def get_context_data(self) -> dict[str, Any]:
        upload, bad = self.upload, quarantined_rows(self.upload)
        waiting = bad.waiting().count()
        has_table = not upload.is_running and (upload.state != Job.State.FAILED or bad.exists())
        return (super().get_context_data() if has_table else {}) | {
            "upload": upload,
            "step": "run",
            "kind": text.resource_label(upload.resource),
            "facts": _facts(upload),
            "rows_url": reverse("customers:list") if upload.resource in SHOWN_IN_CUSTOMERS else "",
            "version": progress_version(upload) if upload.is_running else "",
            "card": _card(upload),
            "figures": _figures(upload.tally | {"waiting": waiting}),
            "settled": upload.tally.get("waiting", 0) - waiting,
            "notes": upload.tally.get("notes", []),
            "failed": upload.state == Job.State.FAILED,
            "rejected": bad.filter(state=QuarantinedRow.State.REJECTED).exists(),
            "may_download": upload.dropped_at is None and self.user.may("export") and self.user.may(REVEAL_PERMISSION),
        }


def progress_version(upload: Upload) -> str:
    """Differs whenever the page would look different."""
    return f"{upload.state}-{upload.tally.get('last_row', 0)}"


def _card(upload: Upload) -> dict:
    """For the progress bar, which is indeterminate without a known number of rows."""
    done, total = upload.tally.get("last_row", 0), upload.rows or 0
    state = Job.State.DONE if upload.state == Job.State.GAPS else upload.state
    error = upload.job.error if upload.job and state == Job.State.FAILED else ""
    return {"state": state, "done": min(done, total) if total else done, "total": total, "error": error}


def _figures(counts: dict) -> list[dict]:
    """The outcome as figure cards."""
    return [
        {"label": label, "value": counts.get(name, 0), "hint": hint, "kind": "count"} for name, label, hint in FIGURES
    ]


def _facts(upload: Upload) -> list[tuple[str, object]]:
    sent_by = upload.owner.display_name if upload.owner else formats.DASH
    return [
        (gettext("File"), upload.name),
        (gettext("Type"), upload.get_kind_display()),
        (gettext("Size"), filesizeformat(upload.size)),
        (gettext("Kind of rows"), text.resource_label(upload.resource)),
        (gettext("Sent"), f"{formats.moment(upload.created_at)} · {sent_by}"),
        (gettext("Finished"), formats.moment(upload.job.finished_at if upload.job else None)),
        (gettext("Corrects"), upload.corrects.name if upload.corrects else formats.DASH),
    ]


@require("facts.import")
@require_GET
def rejected(request: StaffRequest, pk: int) -> HttpResponseBase:
    """The rejected rows with the original columns: unmasked personal data, so it needs its own permission."""
    upload = get_visible_upload(request.user, pk)
    if not (request.user.may("export") and request.user.may(REVEAL_PERMISSION)):
        raise PermissionDenied(REVEAL_PERMISSION)
    bad = quarantined_rows(upload).filter(state=QuarantinedRow.State.REJECTED)
    rows = bad.values("row_no").distinct().count()
    if wants_export(request) == "xlsx" and rows > INLINE_LIMIT:
        message = gettext("More than %(limit)s rows do not fit a workbook. Take CSV.")
        messages.error(request, message % {"limit": f"{INLINE_LIMIT:,}"})
        return redirect("imports:detail", pk)
    kind, filters = wants_export(request) or "csv", {"state": QuarantinedRow.State.REJECTED}
    audit.record(
        actor=request.user, action="export", target=f"upload:{upload.pk}", kind=kind, filters=filters, rows=rows
    )
    return rejected_response(request, upload)
