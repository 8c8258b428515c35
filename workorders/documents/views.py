"""Keeping documents, and opening one: only for whom they are, and as nothing that could run in the browser."""

from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from retention.core.accounts.permissions import StaffRequest, require
from retention.core.administration.views import INDEX
from retention.core.audit import services as audit
from retention.core.errors import NotFound
from retention.core.managed.text import Words
from retention.core.managed.views.base import ManagedPage
from retention.core.managed.views.detail import ManagedDetail
from retention.core.managed.views.editing import (
    ManagedCopy,
    ManagedCreate,
    ManagedFormPage,
    ManagedSwitch,
    ManagedUpdate,
)
from retention.core.managed.views.listing import ManagedList
from workorders.documents import storage
from workorders.documents.forms import DocumentForm
from workorders.documents.models import Document
from workorders.documents.tables import DocumentTable
from workorders.documents.text import document_words

# Shown in the browser; office documents are saved.
SHOWN = ("application/pdf", "image/", "audio/")


class DocumentPages(ManagedPage):
    model = Document
    kind_form = DocumentForm
    templates = "workorders/documents"

    def get_words(self) -> Words:
        return document_words()


class DocumentList(ManagedList):
    model = Document
    name = "documents"
    permission = "documents.edit"
    parent = INDEX
    table_class = DocumentTable

    def get_queryset(self) -> QuerySet[Document]:
        return Document.objects.visible_to(self.user).for_list()


class DocumentForms(DocumentPages, ManagedFormPage):
    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        if answer.status_code != 302:
            form.drop_sent()
        return answer

    def form_invalid(self, form: Any) -> HttpResponse:
        form.drop_sent()
        return super().form_invalid(form)


class NewDocument(DocumentForms, ManagedCreate):
    pass


class EditDocument(DocumentForms, ManagedUpdate):
    pass


class CopyDocument(DocumentPages, ManagedCopy):
    pass


class SwitchDocument(DocumentPages, ManagedSwitch):
    pass


class DocumentPage(DocumentPages, ManagedDetail):
    switch_off_question = gettext_lazy("Switch this document off? Agents no longer see it.")


@require("documents.view")
@require_GET
def open_file(request: StaffRequest, code: str) -> FileResponse:
    """The file itself. Who does not keep documents opens those in use only."""
    rows = Document.objects.visible_to(request.user)
    if not request.user.may(Document.edit_permission):
        rows = rows.filter(enabled=True)
    row = rows.filter(code=code).first()
    if row is None:
        raise NotFound(_("There is no such document."))
    kind = row.content["type"]
    path = storage.path_of(row.content)
    audit.record(actor=request.user, action="document.open", target=row, sha256=row.content["sha256"])
    answer = FileResponse(
        path.open("rb"), as_attachment=not kind.startswith(SHOWN), filename=row.content["name"], content_type=kind
    )
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; media-src 'self'"
    )
    return answer
