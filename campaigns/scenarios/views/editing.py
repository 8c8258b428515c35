"""Making, changing, copying and tuning scenarios."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from campaigns.audiences.builder.views import RuleEditing
from campaigns.audiences.rules import RuleField, Type, parameters
from campaigns.audiences.rules.values import read_number
from campaigns.scenarios.models import Scenario
from campaigns.scenarios.services.tuning import tune_scenario
from campaigns.scenarios.views.base import ScenarioPages, visible_scenario
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.errors import DomainError
from retention.core.managed.views.editing import ManagedCopy, ManagedCreate, ManagedUpdate
from retention.core.ui.filters import parse_number


class ScenarioEditing(RuleEditing, ScenarioPages):
    who = gettext_lazy("Who is found")
    finds = gettext_lazy("What it finds now")


class NewScenario(ScenarioEditing, ManagedCreate):
    pass


class EditScenario(ScenarioEditing, ManagedUpdate):
    pass


class CopyScenario(ScenarioPages, ManagedCopy):
    pass


@require("scenarios.edit")
@require_POST
def tune(request: StaffRequest, code: str) -> HttpResponse:
    """Other numbers in the same rule."""
    scenario = visible_scenario(request.user, code)
    version = parse_number(request.POST.get("version", "")) or 0
    try:
        numbers = {one.name: _number(request.POST[one.name], one.field) for one in _sent(request, scenario)}
        tune_scenario(actor=request.user, code=code, version=version, numbers=numbers)
        messages.success(request, _("Saved. The next night uses the new numbers."))
    except (DomainError, ValueError) as problem:
        messages.error(request, str(problem))
    return redirect("campaigns:scenario", code)


def _sent(request: StaffRequest, scenario: Scenario) -> list[Any]:
    return [one for one in parameters(scenario.rule) if one.name in request.POST]


def _number(text: str, field: RuleField) -> object:
    number = read_number(text)
    return float(number / 100) if field.type == Type.SHARE else str(number)
