"""The rule builder's own answers: the builder after a change of its shape, and what the rule finds now."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from campaigns.builder import draw, read, reshape
from campaigns.builder.boxes import field_options
from campaigns.builder.drafts import Draft
from campaigns.rules import RuleField, fields_of, parse, rule_catalogue, sentence
from campaigns.services import preview
from campaigns.suggestions import suggestions
from campaigns.views.samples import sample_rows
from retention.core.access import require
from retention.core.errors import Invalid
from retention.core.models import User


@require("scenarios.edit")
@require_POST
def builder(request: HttpRequest) -> HttpResponse:
    """The builder of the posted draft after `do` (add, group or remove a part); the preview then asks for itself."""
    fields = rule_catalogue()
    draft, look_at = reshape(read(request.POST, fields), request.POST.get("do", ""))
    response = render(request, "campaigns/_rule.html", builder_context(draft, fields, look_at=look_at))
    response["HX-Trigger-After-Swap"] = "rule-reshaped"
    return response


@require("scenarios.edit")
@require_POST
def rule_preview(request: HttpRequest) -> HttpResponse:
    fields = rule_catalogue()
    context = preview_context(read(request.POST, fields), fields, request.user)
    return render(request, "campaigns/_rule_preview.html", context)


def builder_context(
    draft: Draft, fields: Mapping[str, RuleField], *, errors: Mapping[str, str] | None = None, look_at: str = ""
) -> dict[str, Any]:
    used = [fields[key] for key in _keys(draft) if key in fields]
    return {
        "group": draw(draft, fields, errors),
        "field_options": field_options(fields),
        "number_options": field_options(fields, numbers=True),
        "suggestions": suggestions(used),
        "look_at": look_at,
    }


def preview_context(draft: Draft, fields: Mapping[str, RuleField], user: User) -> dict[str, Any]:
    """What the rule says and finds, or what it still lacks."""
    try:
        tree = parse(draft, fields=fields)
    except Invalid as problem:
        return {"problems": [_said(one, fields) for one in problem.details]}
    found = preview(rule=tree, user=user)
    return {"says": sentence(tree), "preview": found} | sample_rows(found.samples, fields_of(tree))


def _said(problem: dict[str, str], fields: Mapping[str, RuleField]) -> str:
    field = fields.get(problem["field"])
    return f"{field.label}: {problem['message']}" if field else problem["message"]


def _keys(draft: Draft) -> list[str]:
    return [key for one in draft["rules"] for key in (_keys(one) if "rules" in one else [one["field"]])]
