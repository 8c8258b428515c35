"""The page on which whatever holds a rule (scenario, offer) is made or changed: one form around the rule builder.

It works without script: the builder's buttons then send the whole page.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from campaigns.builder import BLANK, read, reshape
from campaigns.builder.drafts import Draft
from campaigns.models import Offer, Scenario
from campaigns.rules import RuleField, rule_catalogue
from campaigns.views.rule import builder_context, preview_context
from retention.core.errors import Conflict, Invalid

Held = Scenario | Offer
Save = Callable[[HttpRequest, forms.Form, dict[str, Any], Any], Held]


@dataclass(frozen=True)
class RuleForm:
    """subject: what the template calls the row. who, finds: headings of the rule and its preview. list, detail: routes.

    save: (request, valid form, values with the rule, the row or None) -> the saved row; raises Invalid or Conflict.
    """

    template: str
    subject: str
    who: str | Promise
    finds: str | Promise
    list: str
    detail: str
    save: Save

    def show(self, request: HttpRequest, form: forms.Form, row: Held | None) -> HttpResponse:
        return self._page(request, form, row, row.rule if row else BLANK, rule_catalogue())

    def take(self, request: HttpRequest, form: forms.Form, row: Held | None) -> HttpResponse:
        """A button of the builder, or the whole form to be saved."""
        fields = rule_catalogue()
        draft = read(request.POST, fields)
        if action := request.POST.get("do", ""):
            draft, look_at = reshape(draft, action)
            return self._page(request, form, row, draft, fields, look_at=look_at, counted=action == "count")
        if not form.is_valid():
            return self._page(request, form, row, draft, fields, status=422)
        try:
            saved = self.save(request, form, form.values() | {"rule": draft}, row)
        except (Invalid, Conflict) as problem:
            errors = _told(form, problem)
            return self._page(request, form, row, draft, fields, errors=errors, status=problem.status)
        messages.success(request, _("Saved."))
        return redirect(self.detail, saved.code)

    def _page(
        self,
        request: HttpRequest,
        form: forms.Form,
        row: Held | None,
        draft: Draft,
        fields: Mapping[str, RuleField],
        *,
        errors: Mapping[str, str] | None = None,
        look_at: str = "",
        counted: bool = False,
        status: int = 200,
    ) -> HttpResponse:
        """`counted` draws the preview at once; otherwise the page asks for it when it has loaded."""
        back = reverse(self.detail, args=[row.code]) if row else reverse(self.list)
        context: dict[str, Any] = {
            "form": form, self.subject: row, "counted": counted, "who": self.who, "finds": self.finds, "back": back,
        }  # fmt: skip
        context |= builder_context(draft, fields, errors=errors, look_at=look_at)
        if counted:
            context |= preview_context(draft, fields, request.user)
        return render(request, self.template, context, status=status)


def _told(form: forms.Form, problem: Invalid | Conflict) -> dict[str, str]:
    """Put what is wrong beside the form's fields; gives back {path in the rule: what is wrong there}."""
    for one in problem.details:
        if one.get("field") in form.fields and "path" not in one and "message" in one:
            form.add_error(one["field"], one["message"])
    form.add_error(None, str(problem))
    return {one["path"]: one["message"] for one in problem.details if "path" in one}
