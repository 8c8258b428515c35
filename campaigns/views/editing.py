"""Making and changing scenarios. The form works without script: the builder's buttons then send the whole page."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from campaigns.builder import BLANK, read, reshape
from campaigns.builder.drafts import Draft
from campaigns.forms import ScenarioForm
from campaigns.models import Scenario
from campaigns.rules import RuleField, Type, parameters, rule_catalogue
from campaigns.rules.values import read_number
from campaigns.services import create_scenario, set_enabled, tune_scenario, update_scenario
from campaigns.services.edit import may_edit
from campaigns.views.rule import builder_context, preview_context
from campaigns.views.scenario import visible_scenario
from retention.core.access import require
from retention.core.errors import Conflict, DomainError, Invalid, Refused


@require("scenarios.edit")
@require_http_methods(["GET", "POST"])
def new_scenario(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return _posted(request, ScenarioForm(request.POST, user=request.user), None)
    return _page(request, ScenarioForm(user=request.user), BLANK, rule_catalogue())


@require("scenarios.edit")
@require_http_methods(["GET", "POST"])
def edit_scenario(request: HttpRequest, code: str) -> HttpResponse:
    scenario = visible_scenario(request.user, code)
    if not may_edit(actor=request.user, branch=scenario.branch):
        raise Refused(_("This scenario also touches lines outside your branch."), code="outside_branch")
    if request.method == "POST":
        return _posted(request, ScenarioForm(request.POST, user=request.user, scenario=scenario), scenario)
    form = ScenarioForm(user=request.user, scenario=scenario)
    return _page(request, form, scenario.rule, rule_catalogue())


@require("scenarios.edit")
@require_POST
def tune(request: HttpRequest, code: str) -> HttpResponse:
    """Other numbers in the same rule."""
    scenario = visible_scenario(request.user, code)
    version = int(request.POST.get("version", "0")) if request.POST.get("version", "").isdigit() else 0
    try:
        numbers = {one.name: _number(request.POST[one.name], one.field) for one in _sent(request, scenario)}
        tune_scenario(actor=request.user, code=code, version=version, numbers=numbers)
        messages.success(request, _("Saved. The next night uses the new numbers."))
    except (DomainError, ValueError) as problem:
        messages.error(request, str(problem))
    return redirect("campaigns:scenario", code)


@require("scenarios.edit")
@require_POST
def switch(request: HttpRequest, code: str) -> HttpResponse:
    try:
        scenario = set_enabled(actor=request.user, code=code, enabled=request.POST.get("to") == "on")
    except Invalid as problem:
        messages.error(request, str(problem))
    else:
        word = _("%(name)s is on.") if scenario.enabled else _("%(name)s is off.")
        messages.success(request, word % {"name": scenario.title})
    return redirect("campaigns:scenario", code)


def _posted(request: HttpRequest, form: ScenarioForm, scenario: Scenario | None) -> HttpResponse:
    fields = rule_catalogue()
    draft = read(request.POST, fields)
    if action := request.POST.get("do", ""):
        draft, look_at = reshape(draft, action)
        return _page(request, form, draft, fields, look_at=look_at, counted=action == "count")
    if not form.is_valid():
        return _page(request, form, draft, fields, status=422)
    values = form.values() | {"rule": draft}
    try:
        if scenario is None:
            saved = create_scenario(actor=request.user, code=form.cleaned_data["code"], values=values)
        else:
            version = form.cleaned_data["version"] or 0
            saved = update_scenario(actor=request.user, code=scenario.code, version=version, values=values)
    except (Invalid, Conflict) as problem:
        form.add_error(None, str(problem))
        errors = {one["path"]: one["message"] for one in problem.details if "path" in one}
        return _page(request, form, draft, fields, errors=errors, status=problem.status)
    messages.success(request, _("Saved."))
    return redirect("campaigns:scenario", saved.code)


def _page(
    request: HttpRequest,
    form: ScenarioForm,
    draft: Draft,
    fields: Mapping[str, RuleField],
    *,
    errors: Mapping[str, str] | None = None,
    look_at: str = "",
    counted: bool = False,
    status: int = 200,
) -> HttpResponse:
    """`counted` draws the preview at once; otherwise the page asks for it when it has loaded."""
    context: dict[str, Any] = {"form": form, "scenario": form.scenario, "counted": counted}
    context |= builder_context(draft, fields, errors=errors, look_at=look_at)
    if counted:
        context |= preview_context(draft, fields, request.user)
    return render(request, "campaigns/scenario_edit.html", context, status=status)


def _sent(request: HttpRequest, scenario: Scenario) -> list[Any]:
    return [one for one in parameters(scenario.rule) if one.name in request.POST]


def _number(text: str, field: RuleField) -> object:
    number = read_number(text)
    return float(number / 100) if field.type == Type.SHARE else str(number)
