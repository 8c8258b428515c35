"""The lines behind the planner's numbers: opened, exported, given out."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from analytics.planner.forms import PlannedForm, PlannerForm
from analytics.planner.queries import PlannedLines
from analytics.planner.services import campaign_list
from analytics.planner.tables import PlannedTable
from analytics.planner.views.planner import PlannerPage
from analytics.warnings.queries import reason_facts
from analytics.warnings.views.opening import ask_or_open, require_churn_view, selected_ids
from retention.core import clock
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.ui import formats
from retention.core.ui.filters import parse_query
from workorders.orders.origins import Origin, OriginKind


class PlannedList(PlannerPage):
    """The lines whose contact pays, or as many as there are contacts; the highest gain first."""

    name = "planner-lines"
    title = _("Lines of the plan")
    parent = ("analytics:planner", _("Planner"))
    template_name = "analytics/planner/lines.html"
    table_class = PlannedTable
    form_class = PlannedForm
    form: PlannedForm

    def get_queryset(self) -> PlannedLines:
        found = campaign_list(
            economics=self.economics, lines=self.chosen, treatment=self.form.chosen, calls=self.form.length
        )
        ids = self.scored.subscriber[self.mask][found.place]
        return PlannedLines(self.user, clock.now(), ids, found.kind, found.gain)

    def get_context_data(self) -> dict[str, Any]:
        planned = self.table.data.directory
        counted = {"count": formats.number(planned.count), "net": formats.money(float(planned.gain.sum()), 0)}
        said = ngettext(
            "%(count)s contact, expected to bring %(net)s, by the assumptions of now.",
            "%(count)s contacts, together expected to bring %(net)s, by the assumptions of now.",
            planned.count,
        )
        kept = self.query.copy()
        for name in {*kept} - {*PlannerForm.base_fields}:
            kept.pop(name)
        plan_url = reverse("analytics:planner") + (f"?{kept.urlencode()}" if kept else "")
        return super().get_context_data() | {"said": said % counted, "plan_url": plan_url}


@require_POST
@require("work.supervise")
def open_orders(request: StaffRequest) -> HttpResponse:
    """For ticked lines, or the first of the plan's list."""
    require_churn_view(request)
    query = parse_query(request.POST.get("query", ""))
    every = bool(request.POST.get("all"))
    planned = PlannedList.of_query(user=request.user, query=query.urlencode()).get_queryset() if every else None
    return ask_or_open(
        request,
        selected_ids(request, planned.ids.tolist() if planned else ()),
        origin=Origin(OriginKind.PLANNER),
        facts=lambda ids: reason_facts(user=request.user, ids=ids),
        back=reverse("analytics:planner-lines") + (f"?{query.urlencode()}" if query else ""),
        back_label=gettext("Lines of the plan"),
    )
