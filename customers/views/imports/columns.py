"""The second step: which column is which field."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from customers.imports import labels, storage, uploads
from customers.imports.choosing import missing, read
from customers.imports.look import Look, look
from customers.imports.mappings import save_mapping
from customers.imports.page import OWN, page_of
from customers.imports.picks import OWN_FIELDS, Picks, document_of, fields_of, picks_of
from customers.imports.toml import parse, write
from customers.ingest import RESOURCES, resource_named
from customers.models import SavedMapping, Upload
from customers.views.imports.found import upload_of
from retention.core import clock
from retention.core.access import require
from retention.core.errors import DomainError


@require("facts.import")
@require_http_methods(["GET", "POST"])
def columns_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Choices are kept with every change; `do` says what comes next: refresh, resource, save or next."""
    upload = upload_of(request, pk)
    if not upload.is_draft:
        return redirect("imports:detail", pk)
    if not upload.data:
        return redirect("imports:sheet", pk)
    if request.method == "POST" and request.POST.get("do") == "resource":
        chosen = request.POST.get("resource", "")
        uploads.set_resource(upload=upload, resource=chosen, today=clock.today())
        return redirect("imports:columns", pk)
    if not upload.resource:
        return render(request, "customers/imports/kind.html", _frame(upload))
    seen = look(storage.path_of(upload))
    picks = picks_of(resource_named(upload.resource), parse(upload.mapping)) if upload.mapping else Picks()
    if picks is None:
        return _as_written(request, upload)
    if request.method == "POST":
        return _sent(request, upload, seen, picks)
    return _page(request, upload, seen, picks, [])


def _sent(request: HttpRequest, upload: Upload, seen: Look, before: Picks) -> HttpResponse:
    resource, do = resource_named(upload.resource), request.POST.get("do")
    picks, wrong = read(resource, seen, request.POST, before=before, today=clock.today())
    lacking = missing(resource, picks)
    if do in {"next", "save"} and lacking:
        wrong.append(_("These fields must be given: %(fields)s.") % {"fields": ", ".join(lacking)})
    uploads.set_mapping(upload=upload, text=write(document_of(resource, picks)))
    if do == "save" and not wrong:
        wrong += _save(request, upload)
        if not wrong:
            return redirect("imports:columns", upload.pk)
    if do == "next" and not wrong:
        return redirect("imports:preview", upload.pk)
    return _page(request, upload, seen, picks, wrong, status=422 if do in {"next", "save"} else 200)


def _save(request: HttpRequest, upload: Upload) -> list[str]:
    try:
        saved = save_mapping(name=request.POST.get("save_as", ""), upload=upload, actor=request.user, now=clock.now())
    except DomainError as error:
        return [str(error.message)]
    uploads.set_mapping(upload=upload, text=upload.mapping, name=saved.name)
    messages.success(request, _("The mapping is saved as %(name)s.") % {"name": saved.name})
    return []


def _page(
    request: HttpRequest, upload: Upload, seen: Look, picks: Picks, wrong: list[str], *, status: int = 200
) -> HttpResponse:
    resource = resource_named(upload.resource)
    options = [(name, labels.field_label(one), one.required) for name, one in fields_of(resource).items()]
    context = _frame(upload) | {
        "page": page_of(resource, seen, picks),
        "picks": picks,
        "options": options,
        "own": OWN if upload.resource == OWN_FIELDS else "",
        "columns": seen.columns,
        "notes": seen.notes,
        "wrong": wrong,
        "missing": missing(resource, picks),
        "used": sum(bool(picks.field_of(name)) or name in picks.own for name in seen.columns),
    }
    return render(request, "customers/imports/columns.html", context, status=status)


def _as_written(request: HttpRequest, upload: Upload) -> HttpResponse:
    """The mapping says more than the page can show: it is used as it stands."""
    if request.method == "POST" and request.POST.get("do") == "next":
        return redirect("imports:preview", upload.pk)
    return render(request, "customers/imports/as_written.html", _frame(upload))


def _frame(upload: Upload) -> dict:
    return {
        "upload": upload,
        "step": "columns",
        "kind": labels.resource_label(upload.resource),
        "kinds": [(name, labels.resource_label(name), labels.describe(one)) for name, one in RESOURCES.items()],
        "saved": SavedMapping.objects.filter(resource=upload.resource),
    }
