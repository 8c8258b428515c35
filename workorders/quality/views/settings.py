"""Score sheets and sampling rules: managed rows."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from retention.core import clock
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.administration.views import INDEX
from retention.core.managed.queries import find_row
from retention.core.managed.services import require_own_branch
from retention.core.managed.text import Words
from retention.core.managed.views.base import ManagedPage
from retention.core.managed.views.detail import ManagedDetail
from retention.core.managed.views.editing import ManagedCopy, ManagedCreate, ManagedSwitch, ManagedUpdate
from retention.core.managed.views.listing import ManagedList
from workorders.quality.forms import SampleRuleForm, ScoreSheetForm
from workorders.quality.models import SampleRule, ScoreSheet
from workorders.quality.services.drawing import draw_week
from workorders.quality.tables import SampleRuleTable, ScoreSheetTable
from workorders.quality.text import rule_words, sheet_words


class SheetPages(ManagedPage):
    model = ScoreSheet
    kind_form = ScoreSheetForm
    templates = "workorders/quality/sheets"

    def get_words(self) -> Words:
        return sheet_words()


class SheetList(ManagedList):
    model = ScoreSheet
    name = "score-sheets"
    permission = "quality.view"
    parent = INDEX
    subtitle = gettext_lazy("By what calls are judged. A change makes a sheet a draft; switching it on publishes it.")
    table_class = ScoreSheetTable

    def get_queryset(self) -> QuerySet[ScoreSheet]:
        return ScoreSheet.objects.visible_to(self.user).select_related("branch")


class SheetPage(SheetPages, ManagedDetail):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"criteria": self.object.as_criteria()}


class NewSheet(SheetPages, ManagedCreate):
    pass


class EditSheet(SheetPages, ManagedUpdate):
    pass


class CopySheet(SheetPages, ManagedCopy):
    pass


class SwitchSheet(SheetPages, ManagedSwitch):
    pass


class RulePages(ManagedPage):
    model = SampleRule
    kind_form = SampleRuleForm
    templates = "workorders/quality/rules"

    def get_words(self) -> Words:
        return rule_words()


class RuleList(ManagedList):
    model = SampleRule
    name = "sampling-rules"
    permission = "quality.view"
    parent = INDEX
    subtitle = gettext_lazy("Each rule draws the closed calls of a week once, when the week is over.")
    table_class = SampleRuleTable

    def get_queryset(self) -> QuerySet[SampleRule]:
        return SampleRule.objects.visible_to(self.user).select_related("sheet")


class RulePage(RulePages, ManagedDetail):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        draws = list(self.object.draws.order_by("-week")[:12])
        return super().get_context_data(**kwargs) | {"draws": draws}


class NewRule(RulePages, ManagedCreate):
    pass


class EditRule(RulePages, ManagedUpdate):
    pass


class CopyRule(RulePages, ManagedCopy):
    pass


class SwitchRule(RulePages, ManagedSwitch):
    pass


@require("quality.edit")
@require_POST
def draw_last_week(request: StaffRequest, code: str) -> HttpResponse:
    """Draw the last whole week now rather than with the next run of the task."""
    rule = find_row(model=SampleRule, actor=request.user, code=code)
    require_own_branch(rule, request.user)
    if not (rule.enabled and rule.sheet.enabled):
        messages.warning(request, _("The rule or its score sheet is off: nothing is drawn."))
        return redirect("quality:samplerule", code)
    today = clock.today()
    monday = today - timedelta(days=today.weekday() + 7)
    drawn = draw_week(rule=rule, week=monday, now=clock.now())
    said = ngettext("%(count)d call is drawn.", "%(count)d calls are drawn.", drawn)
    messages.success(request, said % {"count": drawn})
    return redirect("quality:samplerule", code)
