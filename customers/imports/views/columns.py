"""The second step: mapping columns to fields."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from customers.imports import text
from customers.imports.forms.columns import CUSTOM_FIELD_CHOICE, columns_form, missing_fields, read_choices
from customers.imports.models import SavedMapping, Upload
from customers.imports.queries import get_visible_upload
from customers.imports.rules.choices import (
    CUSTOM_FIELDS_RESOURCE,
    MappingChoices,
    choices_from_document,
    document_from_choices,
    fields_of,
)
from customers.imports.services import storage, uploads
from customers.imports.services.mappings import parse_toml, save_mapping, write_toml
from customers.imports.services.suggestions import FileSample, read_sample
from customers.ingest.resources import RESOURCES, resource_named
from retention.core import clock
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.errors import DomainError


@require("facts.import")
@require_http_methods(["GET", "POST"])
def columns_page(request: StaffRequest, pk: int) -> HttpResponse:
    """Choices are saved with every change; `do` is the action: refresh, resource, save or next."""
    upload = get_visible_upload(request.user, pk)
    if not upload.is_draft:
        return redirect("imports:detail", pk)
    if not upload.data:
        return redirect("imports:sheet", pk)
    if request.method == "POST" and request.POST.get("do") == "resource":
        chosen = request.POST.get("resource", "")
        uploads.set_resource(upload=upload, resource=chosen, today=clock.today())
        return redirect("imports:columns", pk)
    if not upload.resource:
        return render(request, "customers/imports/kind.html", _base_context(upload))
    seen = read_sample(storage.path_of(upload))
    picks = (
        choices_from_document(resource_named(upload.resource), parse_toml(upload.mapping))
        if upload.mapping
        else MappingChoices()
    )
    if picks is None:
        return _as_written(request, upload)
    if request.method == "POST":
        return _submit(request, upload, seen, picks)
    return _page(request, upload, seen, picks, [])


def _submit(request: StaffRequest, upload: Upload, seen: FileSample, before: MappingChoices) -> HttpResponse:
    resource, do = resource_named(upload.resource), request.POST.get("do")
    picks, wrong = read_choices(resource, seen, request.POST, before=before, today=clock.today())
    lacking = missing_fields(resource, picks)
    if do in {"next", "save"} and lacking:
        wrong.append(_("These fields must be given: %(fields)s.") % {"fields": ", ".join(lacking)})
    uploads.set_mapping(upload=upload, text=write_toml(document_from_choices(resource, picks)))
    if do == "save" and not wrong:
        wrong += _save(request, upload)
        if not wrong:
            return redirect("imports:columns", upload.pk)
    if do == "next" and not wrong:
        return redirect("imports:preview", upload.pk)
    return _page(request, upload, seen, picks, wrong, status=422 if do in {"next", "save"} else 200)


def _save(request: StaffRequest, upload: Upload) -> list[str]:
    try:
        saved = save_mapping(name=request.POST.get("save_as", ""), upload=upload, actor=request.user, now=clock.now())
    except DomainError as error:
        return [str(error.message)]
    uploads.set_mapping(upload=upload, text=upload.mapping, name=saved.name)
    messages.success(request, _("The mapping is saved as %(name)s.") % {"name": saved.name})
    return []


def _page(
    request: StaffRequest,
    upload: Upload,
    seen: FileSample,
    picks: MappingChoices,
    wrong: list[str],
    *,
    status: int = 200,
) -> HttpResponse:
    resource = resource_named(upload.resource)
    options = [(name, text.field_label(one), one.required) for name, one in fields_of(resource).items()]
    context = _base_context(upload) | {
        "page": columns_form(resource, seen, picks),
        "picks": picks,
        "options": options,
        "own": CUSTOM_FIELD_CHOICE if upload.resource == CUSTOM_FIELDS_RESOURCE else "",
        "columns": seen.columns,
        "notes": seen.notes,
        "wrong": wrong,
        "missing": missing_fields(resource, picks),
        "used": sum(bool(picks.field_of(name)) or name in picks.own for name in seen.columns),
    }
    return render(request, "customers/imports/columns.html", context, status=status)


def _as_written(request: StaffRequest, upload: Upload) -> HttpResponse:
    """The mapping exceeds what the form can express: it is shown as text and used unchanged."""
    if request.method == "POST" and request.POST.get("do") == "next":
        return redirect("imports:preview", upload.pk)
    return render(request, "customers/imports/as_written.html", _base_context(upload))


def _base_context(upload: Upload) -> dict:
    return {
        "upload": upload,
        "step": "columns",
        "kind": text.resource_label(upload.resource),
        "kinds": [(name, text.resource_label(name), text.describe_fields(one)) for name, one in RESOURCES.items()],
        "saved": SavedMapping.objects.filter(resource=upload.resource),
    }
