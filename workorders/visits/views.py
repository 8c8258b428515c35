"""The history of visits with what they brought."""

from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from workorders.orders.models import Transition, TransitionQuerySet
from workorders.supervision.views.board import PeriodPage
from workorders.visits import queries
from workorders.visits.forms import VisitFilter
from workorders.visits.tables import VisitHistoryTable, VisitKindTable


class VisitHistory(PeriodPage):
    """Every contact of a visit: whom, by whom, how it ended, its points and its recording."""

    name = "visits"
    permission = "surveys.view"
    template_name = "workorders/visits/history.html"
    title = _("Visit history")
    subtitle = _("Every call of a visit, with how it ended, what was answered and its recording.")
    parent = ("surveys:questionnaires", _("Scripts and questionnaires"))
    table_class = VisitHistoryTable
    form_class = VisitFilter
    form: VisitFilter

    @cached_property
    def visits(self) -> TransitionQuerySet:
        return queries.visits_for(self.user, self.period, self.cleaned)

    def get_queryset(self) -> QuerySet[Transition]:
        related = ("order__type", "order__customer", "order__subscriber", "order__branch", "disposition")
        return queries.with_recordings(self.visits, self.user).select_related(*related)

    def get_context_data(self) -> dict[str, Any]:
        rows = queries.count_by_type(self.visits)
        return super().get_context_data() | {
            "kinds": VisitKindTable(rows, period=self.period) if rows else None,
            "period": self.period,
        }
