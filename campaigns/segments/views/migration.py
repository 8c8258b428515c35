"""A month's migration: as a matrix of the bands of one dimension, as a Sankey diagram, and every movement as a list."""

from datetime import date
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.segments.charts import migration_sankey
from campaigns.segments.forms import MigrationFilter
from campaigns.segments.models import Segmentation, SegmentFlow
from campaigns.segments.queries import recent_month_ends
from campaigns.segments.rules import Dimension, Matrix
from campaigns.segments.tables import FlowTable, MigrationGrid, moved_url
from campaigns.segments.text import format_place
from campaigns.segments.views.base import parse_day, visible_matrix
from retention.core.ui import formats
from retention.core.ui.listing import ListPage


class MigrationPage(ListPage):
    name = "segment-flows"
    permission = "segments.view"
    template_name = "campaigns/segments/migration.html"
    title = gettext_lazy("Migration between cells")
    table_class = FlowTable

    @cached_property
    def segmentation(self) -> tuple[Segmentation, Matrix]:
        return visible_matrix(self.user, self.kwargs["code"])

    @cached_property
    def flows(self) -> Any:
        return SegmentFlow.objects.filter(segmentation=self.segmentation[0]).visible_to(self.user)

    @cached_property
    def months(self) -> list[date]:
        return list(self.flows.order_by("-month").values_list("month", flat=True).distinct())

    @cached_property
    def form(self) -> MigrationFilter:
        return MigrationFilter(self.query, user=self.user, matrix=self.segmentation[1], months=self.months)

    @cached_property
    def month(self) -> date | None:
        return parse_day(self.form.value("month", ""), self.months) or (self.months[0] if self.months else None)

    @cached_property
    def dimension(self) -> Dimension:
        matrix = self.segmentation[1]
        chosen = self.form.value("dimension", "")
        return next((one for one in matrix.dimensions if one.code == chosen), matrix.dimensions[0])

    @cached_property
    def found(self) -> dict[tuple[str, str], tuple[int, float]]:
        if self.month is None:
            return {}
        seen = self.flows.under(self.form.value("branch"))
        return seen.by_cells(month=self.month, layer=self.dimension.layer)

    @property
    def branch_code(self) -> str:
        branch = self.form.value("branch")
        return branch.code if branch else ""

    def get_queryset(self) -> list[dict[str, Any]]:
        """Those who moved; who stayed in their cell is in the matrix above."""
        row, matrix = self.segmentation
        if self.month is None:
            return []
        stood: dict[str, int] = {}
        for (before, _after), (lines, _yuan) in self.found.items():
            stood[before] = stood.get(before, 0) + lines
        rows = [
            {
                "pk": f"{before}>{after}",
                "before": format_place(before, matrix) if before else _("Joined since"),
                "after": format_place(after, matrix) if after else _("Gone since"),
                "lines": lines,
                "share": lines / stood[before] if before else None,
                "revenue": revenue,
                "url": moved_url(row.code, before, after, month=self.month, branch=self.branch_code),
            }
            for (before, after), (lines, revenue) in self.found.items()
            if before != after
        ]  # fmt: skip
        return sorted(rows, key=lambda row: (-row["lines"], row["pk"]))

    def get_context_data(self) -> dict[str, Any]:
        row, matrix = self.segmentation
        grid = MigrationGrid(matrix, self.dimension, self.found, self.month, self.branch_code) if self.month else None
        shared = super().get_context_data() | {"row": row, "month": self.month, "dimension": self.dimension}
        if self.month is None or grid is None:
            return shared
        title = _("%(dimension)s: from %(before)s to %(after)s") % {
            "dimension": self.dimension.title,
            "before": formats.moment(recent_month_ends(self.month, 2)[0]),
            "after": formats.moment(self.month),
        }  # fmt: skip
        return shared | {
            "grid": grid,
            "sankey": migration_sankey(grid, title=title),
            "before_day": recent_month_ends(self.month, 2)[0],
        }
