"""Making, changing, tuning and switching scenarios."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from campaigns.audiences.builder.views import RuleForm
from campaigns.audiences.rules import RuleField, Type, parameters
from campaigns.audiences.rules.values import read_number
from campaigns.scenarios.forms import ScenarioForm
from campaigns.scenarios.models import Scenario
from campaigns.scenarios.services.editing import create_scenario, may_edit, set_enabled, tune_scenario, update_scenario
from campaigns.scenarios.views.detail import visible_scenario
from retention.core.accounts.permissions import require
from retention.core.errors import DomainError, Invalid, Refused


@require("scenarios.edit")
@require_http_methods(["GET", "POST"])
def new_scenario(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return PAGE.take(request, ScenarioForm(request.POST, user=request.user), None)
    return PAGE.show(request, ScenarioForm(user=request.user), None)


@require("scenarios.edit")
@require_http_methods(["GET", "POST"])
def edit_scenario(request: HttpRequest, code: str) -> HttpResponse:
    scenario = visible_scenario(request.user, code)
    if not may_edit(actor=request.user, branch=scenario.branch):
        raise Refused(_("This scenario also touches lines outside your branch."), code="outside_branch")
    if request.method == "POST":
        return PAGE.take(request, ScenarioForm(request.POST, user=request.user, scenario=scenario), scenario)
    return PAGE.show(request, ScenarioForm(user=request.user, scenario=scenario), scenario)


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


def _save(request: HttpRequest, form: ScenarioForm, values: dict[str, Any], scenario: Scenario | None) -> Scenario:
    if scenario is None:
        return create_scenario(actor=request.user, code=form.cleaned_data["code"], values=values)
    version = form.cleaned_data["version"] or 0
    return update_scenario(actor=request.user, code=scenario.code, version=version, values=values)


PAGE = RuleForm(
    template="campaigns/scenarios/edit.html",
    subject="scenario",
    who=gettext_lazy("Who is found"),
    finds=gettext_lazy("What it finds now"),
    list="campaigns:scenarios",
    detail="campaigns:scenario",
    save=_save,
)


def _sent(request: HttpRequest, scenario: Scenario) -> list[Any]:
    return [one for one in parameters(scenario.rule) if one.name in request.POST]


def _number(text: str, field: RuleField) -> object:
    number = read_number(text)
    return float(number / 100) if field.type == Type.SHARE else str(number)
