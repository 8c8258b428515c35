"""The numbers of a scenario's rule, for all and for single branches."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaigns.audiences.builder.widgets import format_number_input, format_percent_input
from campaigns.audiences.rules import Parameter, RuleField, Type, parameters, rule_catalogue
from campaigns.audiences.rules.values import read_number
from campaigns.audiences.text import format_stored_rule
from campaigns.scenarios.forms import BranchChoice
from campaigns.scenarios.models import Scenario
from campaigns.scenarios.queries.branch_numbers import count_in_branch, numbers_at
from campaigns.scenarios.services.approval import change_running
from campaigns.scenarios.services.tuning import tune_branch, tune_scenario
from campaigns.scenarios.tables import BranchNumbersTable
from campaigns.scenarios.text import format_branch_numbers
from campaigns.scenarios.views.base import visible_scenario
from retention.core import clock
from retention.core.accounts.models import Branch, User
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.errors import DomainError
from retention.core.managed.permissions import may_decide
from retention.core.ui.filters import parse_number


def number_fields(scenario: Scenario, numbers: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The numbers of the rule as form fields, those of `numbers` in place of its own; shares are typed in percent."""
    return [
        {
            "name": one.name,
            "label": one.label,
            "value": _shown(one, numbers.get(one.name, one.value)),
            "unit": "%" if one.field.type == Type.SHARE else one.field.unit,
        }
        for one in parameters(scenario.rule)
    ]


def _shown(one: Parameter, value: object) -> str:
    return format_percent_input(value) if one.field.type == Type.SHARE else format_number_input(value)


@require("scenarios.edit")
@require_POST
def tune(request: StaffRequest, code: str) -> HttpResponse:
    """Other numbers in the same rule."""
    scenario = visible_scenario(request.user, code)
    version = parse_number(request.POST.get("version", "")) or 0
    try:
        numbers = _sent(request, scenario)
        tuned = partial(tune_scenario, actor=request.user, code=code, version=version, numbers=numbers)
        change_running(tuned, code=code, actor=request.user, now=clock.now())
        messages.success(request, _("Saved. The next night uses the new numbers."))
    except (DomainError, ValueError) as problem:
        messages.error(request, str(problem))
    return redirect("campaigns:scenario", code)


@require("scenarios.edit")
def branch_numbers(request: StaffRequest, code: str) -> HttpResponse:
    """The numbers of each branch, and those of one as a form. POST `do`: count, remove or save."""
    scenario = visible_scenario(request.user, code)
    choice = BranchChoice(request.GET or request.POST, branches=decided_branches(scenario, request.user))
    branch = choice.cleaned_data["branch"] if choice.is_valid() else None
    context: dict[str, Any] = {"scenario": scenario, "choice": choice, "branch": branch}
    if request.method == "POST":
        if branch is None:
            raise PermissionDenied("scenarios.edit")
        if (answer := _post(request, scenario, branch, context)) is not None:
            return answer
    rule = format_stored_rule(scenario.rule, rule_catalogue())
    if branch and not rule.is_broken:
        above = numbers_at(scenario.branch_numbers, branch)
        context["tuning"] = number_fields(scenario, context.pop("typed", None) or above)
        context["has_own"] = branch.code in scenario.branch_numbers
    context |= {"rule": rule, "table": BranchNumbersTable(_rows(scenario, request.user))}
    page = "_branch_count" if request.htmx else "branch_numbers"
    return render(request, f"campaigns/scenarios/{page}.html", context)


def _post(request: StaffRequest, scenario: Scenario, branch: Branch, context: dict[str, Any]) -> HttpResponse | None:
    """None where the page is shown again: with the count, or with what is wrong."""
    do, version = request.POST.get("do", ""), parse_number(request.POST.get("version", "")) or 0
    try:
        numbers = {} if do == "remove" else _sent(request, scenario)
        if do == "count":
            counted = count_in_branch(scenario=scenario, branch=branch, numbers=numbers, user=request.user)
            context |= {"counted": counted, "typed": numbers}
            return None
        tuned = partial(
            tune_branch, actor=request.user, code=scenario.code, version=version, branch=branch, numbers=numbers
        )
        change_running(tuned, code=scenario.code, actor=request.user, now=clock.now())
    except (DomainError, ValueError) as problem:
        if request.htmx:
            context["problem"] = str(problem)
            return None
        messages.error(request, str(problem))
    else:
        messages.success(request, _("Saved. The next night uses the new numbers."))
    return redirect(f"{reverse('campaigns:scenario-branches', args=[scenario.code])}?branch={branch.code}")


def decided_branches(scenario: Scenario, user: User) -> QuerySet[Branch]:
    """The branches for which the person decides and the scenario works; outlets are too small to be decided for."""
    if not may_decide(actor=user, permission=Scenario.edit_permission, branch=user.branch or scenario.branch):
        return Branch.objects.none()
    branches = Branch.objects.visible_to(user).exclude(level=Branch.Level.OUTLET)
    return branches & Branch.objects.under(scenario.branch) if scenario.branch else branches


def _rows(scenario: Scenario, user: User) -> list[dict[str, Any]]:
    here = reverse("campaigns:scenario-branches", args=[scenario.code])
    decided = set(decided_branches(scenario, user).values_list("code", flat=True))
    return [
        {"branch": name, "numbers": text, "href": f"{here}?branch={code}" if code in decided else ""}
        for code, name, text in format_branch_numbers(scenario)
    ]


def _sent(request: StaffRequest, scenario: Scenario) -> dict[str, object]:
    """{name: number} of the parameters that were sent. ValueError for what is no number."""
    sent = [one for one in parameters(scenario.rule) if one.name in request.POST]
    return {one.name: _number(request.POST[one.name], one.field) for one in sent}


def _number(text: str, field: RuleField) -> object:
    number = read_number(text)
    return float(number / 100) if field.type == Type.SHARE else str(number)
