"""The index of the administration, and the page that changes one row."""

import json
from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import messages
from django.db import models
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.utils.decorators import classonlymethod
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.http import require_safe

from retention.core.accounts.permissions import StaffRequest, require
from retention.core.administration.forms import RowForm
from retention.core.administration.sections import sections_for
from retention.core.administration.services import StaleRow
from retention.core.administration.tables import conflict_table, history_table
from retention.core.audit.services import target_name
from retention.core.errors import Conflict, Invalid
from retention.core.managed.text import FieldText, Words
from retention.core.managed.views.editing import attach_errors

INDEX = ("core:administration", gettext_lazy("Administration"))


@require("administration.view")
@require_safe
def index_page(request: StaffRequest) -> HttpResponse:
    context = {"sections": sections_for(request.user), "technical": request.user.is_superuser}
    return render(request, "core/administration/index.html", context)


class RowPage(View):
    """A form for one row: 422 for wrong input, 409 with both versions for a row that somebody else has changed.

    permission: who may change it. parent: (address or view name, label) pairs of the pages above, after the index.
    get_row gives the row, None for a new one; save hands the valid form to a service and returns where to go on.
    action: the audit action of its changes, shown as history; "" shows none.
    """

    permission: ClassVar[str]
    required_permission: ClassVar[str]
    form_class: ClassVar[type[RowForm]]
    template_name: ClassVar[str] = "core/administration/edit.html"
    title: ClassVar[Any] = ""
    note: ClassVar[Any] = ""
    action: ClassVar[str] = ""
    http_method_names = ["get", "head", "post"]
    request: StaffRequest
    row: Any  # what get_row gave

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.required_permission = cls.permission

    @classonlymethod
    def as_view(cls, **initkwargs: Any) -> Callable[..., HttpResponseBase]:
        return require(cls.permission)(super().as_view(**initkwargs))

    def get_row(self) -> models.Model | None:
        raise NotImplementedError

    def save(self, form: Any) -> HttpResponse | str:
        """Raises Invalid or Conflict. Gives back the address to go on to, or the answer itself."""
        raise NotImplementedError

    def get_title(self) -> str:
        return str(self.title)

    def get_parents(self) -> list[Any]:
        return []

    def get_cancel_url(self) -> str:
        return resolve_url([*INDEX, *self.get_parents()][-2])

    def get_words(self) -> Words:
        return {}

    def get_target(self, row: models.Model) -> str:
        return target_name(row)

    def get(self, request: StaffRequest, **arguments: Any) -> HttpResponse:
        return self.answer(self.make_form(self.get_row()))

    def post(self, request: StaffRequest, **arguments: Any) -> HttpResponse:
        form = self.make_form(self.get_row(), request.POST)
        if not form.is_valid():
            return self.answer(form, 422)
        try:
            done = self.save(form)
        except StaleRow as problem:
            return self.answer(form, problem.status, conflict=problem)
        except (Invalid, Conflict) as problem:
            attach_errors(form, problem)
            return self.answer(form, problem.status)
        if isinstance(done, HttpResponse):
            return done
        messages.success(request, _("Saved."))
        return redirect(done)

    def make_form(self, row: models.Model | None, data: Any = None) -> Any:
        self.row = row
        given = {"instance": row} if row is not None else {}
        return self.form_class(data, actor=self.request.user, **given)

    def answer(self, form: Any, status: int = 200, conflict: StaleRow | None = None) -> HttpResponse:
        text = FieldText(form._meta.model, self.get_words())
        context: dict[str, Any] = {"form": form, "view": self, "parents": [*INDEX, *self.get_parents()]}
        if conflict is not None:
            context |= {"conflict": conflict_table(conflict, text), "stored": json.dumps(conflict.stored)}
        if self.row is not None and self.action:
            context["history"] = history_table(target=self.get_target(self.row), action=self.action, text=text)
        return render(self.request, self.template_name, context | self.get_context_data(), status=status)

    def get_context_data(self) -> dict[str, Any]:
        return {}
