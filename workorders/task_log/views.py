"""The task log: what was done with the orders that a person oversees."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from retention.core.accounts.models import Team
from workorders.orders.models import Transition
from workorders.supervision.views.board import PeriodPage
from workorders.task_log.forms import LogFilter
from workorders.task_log.queries import lines_for
from workorders.task_log.tables import TaskLogTable


class TaskLog(PeriodPage):
    """Every line of the trails, newest first."""

    name = "task-log"
    title = _("Task log")
    subtitle = _("What was done with orders, by people and by the system: today, or the days asked for, at most 92.")
    parent = ("workorders:supervise", _("Supervise"))
    table_class = TaskLogTable
    form_class = LogFilter
    form: LogFilter

    def get_queryset(self) -> QuerySet[Transition]:
        return lines_for(self.user, self.form.days, self.cleaned).for_log().order_by("-at", "-pk")

    def get_table_kwargs(self) -> dict[str, Any]:
        return {"teams": {one.code: one.title for one in Team.objects.all()}}

    def get_notes(self) -> list[tuple[str, str]]:
        return super().get_notes() if self.form.days is not None else []
