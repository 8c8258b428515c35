"""One cell: its lines and revenue over the months, where they came from and went to, and its retention action."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Sum
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaigns.audiences.rules import as_q
from campaigns.scenarios.models import Scenario
from campaigns.segments.charts import trend_charts
from campaigns.segments.forms import ActionForm
from campaigns.segments.models import SegmentCount, SegmentFlow
from campaigns.segments.queries import stands
from campaigns.segments.rules import ANY
from campaigns.segments.services.actions import assign_action
from campaigns.segments.tables import CellFlowTable, lines_url, moved_url
from campaigns.segments.text import format_band, format_place
from campaigns.segments.views.base import SegmentationPages, matrix_or_problem
from campaigns.segments.views.matrix import days_of
from customers.profile.models import SubscriberProfile
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.errors import DomainError, Invalid
from retention.core.managed.views.detail import ManagedDetail

FLOWS_SHOWN = 8


class CellPage(SegmentationPages, ManagedDetail):
    template_name = "campaigns/segments/cell.html"

    def get_template_names(self) -> list[str]:
        return [self.template_name]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row, place = self.object, self.kwargs["place"]
        matrix, _problem = matrix_or_problem(row)
        found = matrix.split(place) if matrix else None
        if matrix is None or found is None or ANY in place:
            raise Http404(place)
        layer, bands = found
        counts = SegmentCount.objects.filter(segmentation=row, layer=layer).visible_to(self.user)
        days = days_of(row, counts)
        of_cell = {
            one["as_of"]: (one["n"], float(one["yuan"]))
            for one in counts.filter(cell=place, as_of__in=days)
            .values("as_of")
            .annotate(n=Sum("lines"), yuan=Sum("revenue"))
        }
        figures = [of_cell.get(day, (0, 0.0)) for day in days]
        action = row.action_of(place)
        scenario = Scenario.objects.visible_to(self.user).filter(code=action).first() if action else None
        return super().get_context_data(
            place=place,
            title=matrix.title(place),
            holds=[(one.title, format_band(one, band)) for one, band in zip(matrix.layer(layer), bands, strict=True)],
            now=figures[-1] if figures else None,
            before=figures[-2][0] if len(figures) > 1 else None,
            trends=trend_charts(days, figures),
            lines_url=lines_url(row.code, place),
            flows=self.get_flows(layer, place),
            action=scenario,
            reached=self.get_reached(scenario, place),
            user_may_scenarios=self.user.may("scenarios.view"),
            form=ActionForm(initial={"scenario": action, "cell": place, "version": row.version}, user=self.user),
            **kwargs,
        )

    def get_flows(self, layer: str, place: str) -> dict[str, Any]:
        """Of the newest month with movements: {"month", "into", "out"}, tables of the largest flows."""
        rows = SegmentFlow.objects.filter(segmentation=self.object, layer=layer).visible_to(self.user)
        month = rows.order_by("-month").values_list("month", flat=True).first()
        if month is None:
            return {}
        found = rows.by_cells(month=month, layer=layer)
        return {
            "month": month,
            "into": self._flow_table(found, 1, place, month),
            "out": self._flow_table(found, 0, place, month),
        }

    def _flow_table(self, found: Any, side: int, place: str, month: date) -> CellFlowTable:
        """side: of `place` in the pairs; the other cells are listed."""
        mine = {pair: n for pair, (n, _yuan) in found.items() if pair[side] == place}
        whole = sum(mine.values())
        largest = sorted(mine.items(), key=lambda one: -one[1])[:FLOWS_SHOWN]
        caption = _("Where its lines went to") if side == 0 else _("Where its lines came from")
        rows = [
            {
                "place": self._title(pair[1 - side], 1 - side, place),
                "lines": n,
                "share": n / whole,
                "url": moved_url(self.object.code, *pair, month=month),
            }
            for pair, n in largest
        ]
        return CellFlowTable(rows, caption=caption)

    def _title(self, other: str, side: int, place: str) -> str:
        if not other:
            return _("Joined since") if side == 0 else _("Gone since")
        return _("Stayed") if other == place else format_place(other, self.object.matrix)

    def get_reached(self, scenario: Scenario | None, place: str) -> int | None:
        """How many of the cell's lines the scenario's rule holds for now, of those the reader may see."""
        if scenario is None:
            return None
        try:
            rule = as_q(scenario.rule)
        except Invalid:
            return None
        lines = SubscriberProfile.objects.visible_to(self.user)
        return lines.filter(stands(self.object.matrix, place, prefix="subscriber__line_segment__")).filter(rule).count()


@require_POST
@require("segments.edit")
def assign(request: StaffRequest, code: str) -> HttpResponse:
    """Give a cell its retention action."""
    form = ActionForm(request.POST, user=request.user)
    if not form.is_valid():
        messages.error(request, _("Choose a scenario of the list."))
        return redirect("segments:segmentation", code)
    sent = form.cleaned_data
    try:
        assign_action(
            actor=request.user, code=code, cell=sent["cell"], scenario=sent["scenario"], version=sent["version"]
        )
    except (Invalid, DomainError) as problem:
        if problem.status == 404:
            raise Http404(code) from problem
        messages.error(request, str(problem))
        return redirect("segments:segmentation", code)
    messages.success(request, _("Saved."))
    return redirect("segments:cell", code, sent["cell"])
