"""The matrix of a line type: how many lines, and how much revenue, stand in each cell."""

from datetime import date
from typing import Any

from django.db.models import QuerySet

from campaigns.segments.defaults import FLOW_KIND
from campaigns.segments.forms import MatrixFilter
from campaigns.segments.models import Segmentation, SegmentCount, SegmentNight
from campaigns.segments.queries import comparable_night
from campaigns.segments.rules import Matrix
from campaigns.segments.tables import BandTable, ExclusionTable, MatrixGrid
from campaigns.segments.views.base import (
    SegmentationPages,
    matrix_or_problem,
    parse_day,
    scenario_titles,
    segmentation_tabs,
)
from customers.profile.queries.windows import is_month_end
from retention.core import clock
from retention.core.alerts.models import Alert
from retention.core.alerts.queries import cards
from retention.core.alerts.services.handling import SNOOZE_DAYS
from retention.core.managed.permissions import visible_rows
from retention.core.managed.views.detail import ManagedDetail


class MatrixPage(SegmentationPages, ManagedDetail):
    """One matrix on the newest night or a month end, of a branch or all that the reader oversees."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.object
        rows = list(visible_rows(Segmentation.objects.for_list(), self.user))
        shared = {"tabs": segmentation_tabs(self.request, rows, row), "problem": "", "form": None}
        if row is None:
            return {"urls": {"new": self.url("new")}, "may_make": self.user.may(self.model.edit_permission)} | shared
        matrix, problem = matrix_or_problem(row)
        shown = self.get_grid(row, matrix) if matrix else {}
        may_edit = self.user.may(row.edit_permission)
        alarms = Alert.objects.of_kinds([FLOW_KIND]).filter(detail__segmentation=row.code) if may_edit else None
        return super().get_context_data(
            **shared | {
                "problem": problem,
                "bands": BandTable(matrix) if matrix else None,
                "may_make": may_edit,
                "alarms": cards(alarms, now=clock.now()) if alarms is not None else [],
                "snooze_days": SNOOZE_DAYS,
            } | shown | kwargs
        )  # fmt: skip

    def get_grid(self, row: Segmentation, matrix: Matrix) -> dict[str, Any]:
        counts = SegmentCount.objects.filter(segmentation=row).visible_to(self.user)
        dates = list(counts.order_by("-as_of").values_list("as_of", flat=True).distinct())
        days = [day for at, day in enumerate(dates) if at == 0 or is_month_end(day)]
        form = MatrixFilter(self.request.GET, user=self.user, matrix=matrix, dates=days)
        on = parse_day(form.value("on", ""), days) or (days[0] if days else None)
        layer, branch = form.value("layer", matrix.layers[0]), form.value("branch")
        if on is None:
            return {"form": None, "grid": None, "night": None}
        seen = counts.under(branch)
        night = SegmentNight.objects.get(as_of=on)
        earlier = comparable_night(night)
        is_now = on == dates[0]
        grid = MatrixGrid(
            matrix, layer,
            counts=seen.by_cell(on=on, layer=layer),
            before=seen.by_cell(on=earlier.as_of, layer=layer) if earlier else None,
            month=None if is_now else on, branch=branch.code if branch else "",
            by=form.value("by", "lines"), actions=row.actions,
            scenarios=scenario_titles(row.actions, self.user),
        )  # fmt: skip
        return {
            "form": form, "grid": grid, "night": night, "compared": earlier.as_of if earlier else None,
            "left_out": ExclusionTable(grid.left_out),
        }  # fmt: skip


class SegmentsHome(MatrixPage):
    """/segments/: the first matrix that is in use; before the first night shipped one, how it begins."""

    def get_object(self, queryset: QuerySet | None = None) -> Any:
        return visible_rows(Segmentation.objects.for_list(), self.user).first()

    def get_template_names(self) -> list[str]:
        return super().get_template_names() if self.object else ["campaigns/segments/empty.html"]


def days_of(row: Segmentation, counts: Any) -> list[date]:
    """The month ends on which this matrix was counted as it is now, and the newest night, oldest first."""
    nights = SegmentNight.objects.order_by("-as_of")
    newest = nights.first()
    if newest is None:
        return []
    dates = set(counts.values_list("as_of", flat=True).distinct())
    alike = nights.filter(definition=newest.definition).values_list("as_of", flat=True)
    return sorted(day for day in alike if day in dates and (day == newest.as_of or is_month_end(day)))
