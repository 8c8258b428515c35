"""Making, changing and copying scenarios, and going back to earlier versions."""

from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy

from campaigns.audiences.builder.views import RuleEditing
from campaigns.scenarios.panels import rule_checks
from campaigns.scenarios.services.approval import change_running
from campaigns.scenarios.views.base import ScenarioPages
from retention.core import clock
from retention.core.managed.forms import ManagedForm
from retention.core.managed.models import Managed
from retention.core.managed.views.editing import ManagedCopy, ManagedCreate, ManagedUpdate
from retention.core.managed.views.versions import ManagedRestore, ManagedVersions


class ScenarioEditing(RuleEditing, ScenarioPages):
    who = gettext_lazy("Who is found")
    finds = gettext_lazy("What it finds now")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"rule_checks": rule_checks(self.object)}


class NewScenario(ScenarioEditing, ManagedCreate):
    pass


class EditScenario(ScenarioEditing, ManagedUpdate):
    def save(self, form: ManagedForm) -> Managed:
        save = partial(super().save, form)
        return change_running(save, code=self.object.code, actor=self.user, now=clock.now())


class CopyScenario(ScenarioPages, ManagedCopy):
    pass


class ScenarioVersions(ScenarioPages, ManagedVersions):
    pass


class RestoreScenario(ScenarioPages, ManagedRestore):
    def restore(self, **asked: Any) -> Managed:
        restored = partial(super().restore, **asked)
        return change_running(restored, code=asked["code"], actor=self.user, now=clock.now())
