"""The list of imports, and the first step: a file, and the sheet of a workbook."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from customers.imports import text
from customers.imports.forms.uploads import SheetForm, UploadForm
from customers.imports.models import Upload
from customers.imports.queries import get_visible_upload
from customers.imports.services import uploads
from customers.imports.services.jobs import FILE_RETENTION
from customers.imports.tables import ImportTable
from customers.ingest.resources import RESOURCES
from retention.core import clock
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.errors import DomainError
from retention.core.ui.filters import parse_number
from retention.core.ui.listing import ListPage


class ImportList(ListPage):
    name = "imports"
    permission = "facts.import"
    template_name = "customers/imports/list.html"
    table_class = ImportTable

    def get_queryset(self) -> QuerySet[Upload]:
        return Upload.objects.visible_to(self.user).for_list()

    def get_context_data(self) -> dict[str, Any]:
        return super().get_context_data() | {"kept": FILE_RETENTION.days}


@require("facts.import")
@require_http_methods(["GET", "POST"])
def new_import(request: StaffRequest) -> HttpResponse:
    """The upload form. `corrects` names the import whose corrected rows are uploaded."""
    corrects = _corrected(request)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid() and (upload := _receive(request, form, corrects)):
            return redirect(_next_step(upload), upload.pk)
    context = {
        "form": form,
        "corrects": corrects,
        "kinds": [(text.resource_label(name), text.describe_fields(one)) for name, one in RESOURCES.items()],
        "step": "file",
    }
    return render(request, "customers/imports/new.html", context, status=422 if form.errors else 200)


def _corrected(request: StaffRequest) -> Upload | None:
    pk = parse_number((request.POST if request.method == "POST" else request.GET).get("corrects", ""))
    return None if pk is None else get_visible_upload(request.user, pk)


def _receive(request: StaffRequest, form: UploadForm, corrects: Upload | None) -> Upload | None:
    file = form.cleaned_data["file"]
    try:
        return uploads.receive(
            name=file.name, blocks=file.chunks(), resource=form.cleaned_data["resource"], actor=request.user,
            now=clock.now(), corrects=corrects,
        )  # fmt: skip
    except DomainError as error:
        form.add_error("file", error.message)
    return None


def _next_step(upload: Upload) -> str:
    if not upload.data:
        return "imports:sheet"
    return "imports:preview" if upload.corrects_id and upload.mapping else "imports:columns"


@require("facts.import")
@require_http_methods(["GET", "POST"])
def choose_sheet(request: StaffRequest, pk: int) -> HttpResponse:
    upload = get_visible_upload(request.user, pk)
    if not upload.is_draft or not upload.sheets:
        return redirect("imports:detail", pk)
    form = SheetForm(request.POST if request.method == "POST" else None, upload=upload)
    if form.is_valid():
        try:
            uploads.choose_sheet(upload=upload, sheet=form.cleaned_data["sheet"], today=clock.today())
            return redirect(_next_step(upload), pk)
        except DomainError as error:
            form.add_error("sheet", error.message)
    context = {"form": form, "upload": upload, "step": "file"}
    return render(request, "customers/imports/sheet.html", context, status=422 if form.errors else 200)


@require("facts.import")
@require_POST
def delete(request: StaffRequest, pk: int) -> HttpResponse:
    """Delete an import that has not started."""
    upload = get_visible_upload(request.user, pk)
    uploads.discard(upload=upload, actor=request.user)
    messages.success(request, _("%(file)s has been deleted; nothing was imported.") % {"file": upload.name})
    return redirect("imports:list")
