"""Making, changing, copying and tuning scenarios."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from campaigns.audiences.builder.views import RuleEditing
from campaigns.scenarios.services.approval import change_running
from campaigns.scenarios.views.base import ScenarioPages
from retention.core import clock
from retention.core.managed.forms import ManagedForm
from retention.core.managed.models import Managed
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


class ScenarioVersions(ScenarioPages, ManagedVersions):
    pass


def _number(text: str, field: RuleField) -> object:
    number = read_number(text)
    return float(number / 100) if field.type == Type.SHARE else str(number)
