"""The rule builder's answers (reshaped builder, preview, samples) and RuleForm, the edit page of a row with a rule.

It works without script: the builder's buttons then send the whole page."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaigns.audiences.builder.forms import BLANK_RULE, Draft, read_draft, reshape_draft
from campaigns.audiences.builder.widgets import draw_draft, field_options
from campaigns.audiences.queries import preview, suggestions
from campaigns.audiences.rules import RuleField, fields_of, format_rule, parse, rule_catalogue
from campaigns.audiences.text import format_field_value
from customers.profile.models import SubscriberProfile
from retention.core.accounts.models import User
from retention.core.accounts.permissions import require
from retention.core.errors import Conflict, Invalid

SAMPLE_COLUMNS = 6


def sample_rows(samples: Sequence[SubscriberProfile], fields: Sequence[RuleField]) -> dict[str, Any]:
    """`sample_head` (labels) and `samples` (line, customer, values of the rule's first fields) for the template."""
    shown = list(fields)[:SAMPLE_COLUMNS]
    rows = [
        {
            "subscriber_no": profile.subscriber.subscriber_no,
            "name": profile.subscriber.account.customer.name,
            "values": [format_field_value(field, _value(profile, field)) for field in shown],
        }
        for profile in samples
    ]
    return {"sample_head": [field.label for field in shown], "samples": rows}


def _value(profile: SubscriberProfile, field: RuleField) -> Any:
    if field.custom_key:
        return profile.attributes.get(field.custom_key)
    return getattr(profile, field.key)


@require("scenarios.edit")
@require_POST
def builder(request: HttpRequest) -> HttpResponse:
    """The builder of the posted draft after `do` (add, group or remove a part); the preview is requested separately."""
    fields = rule_catalogue()
    draft, look_at = reshape_draft(read_draft(request.POST, fields), request.POST.get("do", ""))
    response = render(request, "campaigns/audiences/_rule.html", builder_context(draft, fields, look_at=look_at))
    response["HX-Trigger-After-Swap"] = "rule-reshaped"
    return response


@require("scenarios.edit")
@require_POST
def rule_preview(request: HttpRequest) -> HttpResponse:
    fields = rule_catalogue()
    context = preview_context(read_draft(request.POST, fields), fields, request.user)
    return render(request, "campaigns/audiences/_rule_preview.html", context)


def builder_context(
    draft: Draft, fields: Mapping[str, RuleField], *, errors: Mapping[str, str] | None = None, look_at: str = ""
) -> dict[str, Any]:
    used = [fields[key] for key in _keys(draft) if key in fields]
    return {
        "group": draw_draft(draft, fields, errors),
        "field_options": field_options(fields),
        "number_options": field_options(fields, numbers=True),
        "suggestions": suggestions(used),
        "look_at": look_at,
    }


def preview_context(draft: Draft, fields: Mapping[str, RuleField], user: User) -> dict[str, Any]:
    """The rule in words and its preview, or its errors."""
    try:
        tree = parse(draft, fields=fields)
    except Invalid as problem:
        return {"problems": [_format_problem(one, fields) for one in problem.details]}
    found = preview(rule=tree, user=user)
    return {"says": format_rule(tree), "preview": found} | sample_rows(found.samples, fields_of(tree))


def _format_problem(problem: dict[str, str], fields: Mapping[str, RuleField]) -> str:
    field = fields.get(problem["field"])
    return f"{field.label}: {problem['message']}" if field else problem["message"]


def _keys(draft: Draft) -> list[str]:
    return [key for one in draft["rules"] for key in (_keys(one) if "rules" in one else [one["field"]])]


class RuleOwner(Protocol):
    """A row with a rule and a detail page."""

    code: str
    rule: Any


Save = Callable[[HttpRequest, forms.Form, dict[str, Any], Any], RuleOwner]


@dataclass(frozen=True)
class RuleForm:
    """subject: the row's name in the template. who, finds: headings of the rule and its preview. list, detail: routes.

    save: (request, valid form, values with the rule, the row or None) -> the saved row; raises Invalid or Conflict.
    """

    template: str
    subject: str
    who: str | Promise
    finds: str | Promise
    list: str
    detail: str
    save: Save

    def show(self, request: HttpRequest, form: forms.Form, row: RuleOwner | None) -> HttpResponse:
        return self._page(request, form, row, row.rule if row else BLANK_RULE, rule_catalogue())

    def take(self, request: HttpRequest, form: forms.Form, row: RuleOwner | None) -> HttpResponse:
        """Handles a button of the builder, or saves the whole form."""
        fields = rule_catalogue()
        draft = read_draft(request.POST, fields)
        if action := request.POST.get("do", ""):
            draft, look_at = reshape_draft(draft, action)
            return self._page(request, form, row, draft, fields, look_at=look_at, counted=action == "count")
        if not form.is_valid():
            return self._page(request, form, row, draft, fields, status=422)
        try:
            saved = self.save(request, form, form.values() | {"rule": draft}, row)
        except (Invalid, Conflict) as problem:
            errors = _attach_errors(form, problem)
            return self._page(request, form, row, draft, fields, errors=errors, status=problem.status)
        messages.success(request, _("Saved."))
        return redirect(self.detail, saved.code)

    def _page(
        self,
        request: HttpRequest,
        form: forms.Form,
        row: RuleOwner | None,
        draft: Draft,
        fields: Mapping[str, RuleField],
        *,
        errors: Mapping[str, str] | None = None,
        look_at: str = "",
        counted: bool = False,
        status: int = 200,
    ) -> HttpResponse:
        """`counted` renders the preview at once; otherwise the page requests it after loading."""
        back = reverse(self.detail, args=[row.code]) if row else reverse(self.list)
        context: dict[str, Any] = {
            "form": form, self.subject: row, "counted": counted, "who": self.who, "finds": self.finds, "back": back,
        }  # fmt: skip
        context |= builder_context(draft, fields, errors=errors, look_at=look_at)
        if counted:
            context |= preview_context(draft, fields, request.user)
        return render(request, self.template, context, status=status)


def _attach_errors(form: forms.Form, problem: Invalid | Conflict) -> dict[str, str]:
    """Attach the errors to the form's fields; returns {path in the rule: message}."""
    for one in problem.details:
        if one.get("field") in form.fields and "path" not in one and "message" in one:
            form.add_error(one["field"], one["message"])
    form.add_error(None, str(problem))
    return {one["path"]: one["message"] for one in problem.details if "path" in one}
