"""Mapping files and saved mappings."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from customers.imports.forms.uploads import MappingFileForm
from customers.imports.models import SavedMapping, Upload
from customers.imports.queries import get_visible_upload
from customers.imports.services import storage, uploads
from customers.imports.services.mappings import MAX_MAPPING_LENGTH, check_document, delete_mapping, missing_columns
from customers.imports.tables import MappingTable
from retention.core import clock
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.errors import DomainError, Invalid
from retention.core.ui.listing import ListPage


class MappingList(ListPage):
    name = "mappings"
    permission = "facts.import"
    parent = ("imports:list", gettext_lazy("Imports"))
    table_class = MappingTable

    def get_queryset(self) -> QuerySet[SavedMapping]:
        return SavedMapping.objects.select_related("created_by")


@require("facts.import")
@require_POST
def delete(request: StaffRequest, pk: int) -> HttpResponse:
    mapping = get_object_or_404(SavedMapping, pk=pk)
    delete_mapping(mapping=mapping, actor=request.user)
    messages.success(request, _("The mapping %(name)s is deleted.") % {"name": mapping.name})
    return redirect("imports:mappings")


@require("facts.import")
@require_GET
def download(request: StaffRequest, pk: int) -> HttpResponse:
    """The mapping of this import as TOML, as `import_facts --mapping` takes it."""
    upload = get_visible_upload(request.user, pk)
    name = storage.safe_name(f"{upload.resource or 'mapping'}.toml")
    response = HttpResponse(upload.mapping, content_type="application/toml; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require("facts.import")
@require_POST
def use(request: StaffRequest, pk: int) -> HttpResponse:
    """Use an uploaded TOML file or a saved mapping; or drop the current one and suggest again."""
    upload = get_visible_upload(request.user, pk)
    form = MappingFileForm(request.POST, request.FILES)
    try:
        if not form.is_valid():
            raise Invalid(_("Choose a mapping file."), code="required")
        if form.cleaned_data["forget"] and upload.resource:
            uploads.set_resource(upload=upload, resource=upload.resource, today=clock.today(), remembered=False)
        else:
            _use(upload, form)
    except DomainError as error:
        messages.error(request, str(error.message))
    return redirect("imports:columns", pk)


def _use(upload: Upload, form: MappingFileForm) -> None:
    name, file = "", form.cleaned_data["file"]
    if form.cleaned_data["saved"]:
        saved = SavedMapping.objects.filter(pk=form.cleaned_data["saved"]).first()
        if saved is None:
            raise Invalid(_("There is no such mapping."), code="unknown_mapping")
        text, name = saved.document, saved.name
    elif file and file.size <= MAX_MAPPING_LENGTH:
        text = file.read().decode("utf-8-sig", "replace")
    else:
        raise Invalid(_("Choose a mapping file."), code="required")
    resource = check_document(text, name=name or file.name)
    if gone := missing_columns(text, upload.columns):
        message = _("The mapping reads columns that this file does not have: %(columns)s.")
        raise Invalid(message % {"columns": ", ".join(gone[:10])}, code="unknown_column")
    uploads.set_mapping(upload=upload, text=text, resource=resource, name=name)
