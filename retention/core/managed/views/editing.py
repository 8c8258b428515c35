"""Making, changing, copying and switching managed rows."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import classproperty
from django.utils.translation import gettext as _
from django.views.generic import CreateView, UpdateView, View

from retention.core.errors import Conflict, Invalid
from retention.core.managed import services
from retention.core.managed.forms import COPY_FIELDS, ManagedForm
from retention.core.managed.models import Managed
from retention.core.managed.permissions import may_decide
from retention.core.managed.services import StaleVersion
from retention.core.managed.tables import ConflictTable
from retention.core.managed.text import format_conflict
from retention.core.managed.views.base import ManagedPage


class ManagedWrite(ManagedPage):
    """Mixin of the pages that change something."""

    @classproperty
    def required_permission(cls) -> str:  # noqa: N805
        return cls.model.edit_permission


class ManagedFormPage(ManagedWrite):
    """A form, answered with 422 for wrong input and 409 for a conflict; what was typed stays."""

    page_name = "edit"
    saved_text = property(lambda self: _("Saved."))

    def save(self, form: ManagedForm) -> Managed:
        """Hand the valid form to a service; gives back the saved row. Raises Invalid or Conflict."""
        raise NotImplementedError

    def values(self, form: ManagedForm) -> dict[str, Any]:
        """{editable field: value} of a valid form."""
        return form.values()

    def get_form_class(self) -> Any:
        return self.kind_form

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.user}  # type: ignore[misc]

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            saved = self.save(form)
        except StaleVersion as problem:
            return self.answer(form, problem.status, conflict=problem)
        except (Invalid, Conflict) as problem:
            attach_errors(form, problem)
            return self.answer(form, problem.status, problem=problem)
        messages.success(self.request, self.saved_text)
        return redirect(self.url("", saved.code))

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.answer(form, 422)

    def answer(self, form: ManagedForm, status: int, **context: Any) -> HttpResponse:
        """The page again with what was typed. context: problem or conflict."""
        return self.render_to_response(self.get_context_data(form=form, **context), status=status)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if conflict := kwargs.get("conflict"):
            kwargs["differences"] = format_conflict(conflict, self.field_text())
            kwargs["conflict_table"] = ConflictTable(kwargs["differences"])
        return super().get_context_data(**kwargs)


class ManagedCreate(ManagedFormPage, CreateView):
    def get_object(self, queryset: QuerySet | None = None) -> None:
        return None

    def save(self, form: ManagedForm) -> Managed:
        code = form.cleaned_data["code"]
        return services.create(model=self.model, actor=self.user, code=code, values=self.values(form))


class ManagedUpdate(ManagedFormPage, UpdateView):
    def get_object(self, queryset: QuerySet | None = None) -> Managed:
        row = super().get_object(queryset)
        services.require_own_branch(row, self.user)
        return row

    def save(self, form: ManagedForm) -> Managed:
        version, base = form.versions()
        return services.update(
            model=self.model,
            actor=self.user,
            code=self.object.code,
            values=self.values(form),
            version=version,
            base=base,
        )


class ManagedCopy(ManagedFormPage, UpdateView):
    """Asks for the code, names and branch of the copy. Editors of the kind may copy any visible row."""

    page_name = "copy"
    saved_text = property(lambda self: _("Copied. The copy is switched off."))

    def get_form_kwargs(self) -> dict[str, Any]:
        source, user = self.object, self.user
        initial = {
            "name": f"{source.name} (copy)"[:120],
            "name_zh": source.name_zh and f"{source.name_zh}（副本）"[:120],
        }
        if may_decide(actor=user, permission=self.model.edit_permission, branch=source.branch):
            initial["branch"] = source.branch_id
        return super().get_form_kwargs() | {"instance": None, "initial": initial}

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        form.fields = {name: form.fields[name] for name in COPY_FIELDS}
        return form

    def save(self, form: ManagedForm) -> Managed:
        values = {name: value for name, value in form.cleaned_data.items() if name in COPY_FIELDS}
        return services.copy(
            model=self.model,
            actor=self.user,
            code=self.object.code,
            new_code=values.pop("code"),
            values=values,
        )


class ManagedSwitch(ManagedWrite, View):
    """POST `to`: on or off."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        enabled = request.POST.get("to") == "on"
        try:
            row = services.switch(model=self.model, actor=self.user, code=code, enabled=enabled)
        except Invalid as problem:
            messages.error(request, str(problem))
        else:
            word = _("%(name)s is on.") if row.enabled else _("%(name)s is off.")
            messages.success(request, word % {"name": row.title})
        return redirect(self.url("", code))


def attach_errors(form: forms.Form, problem: Invalid | Conflict) -> None:
    """Put what is wrong beside the form's fields and above the form."""
    for one in problem.details:
        if one.get("field") in form.fields and "path" not in one and "message" in one:
            form.add_error(one["field"], one["message"])
    form.add_error(None, str(problem))
