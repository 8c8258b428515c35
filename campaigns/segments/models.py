"""Segmentations (a matrix a row), how many lines each cell had, where each line stood at month ends, and who moved."""

import re
from datetime import date
from functools import cached_property
from typing import ClassVar, Self

from django.db import models
from django.db.models import Max, Q, Sum
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaigns.audiences.rules import RuleField, rule_catalogue
from campaigns.scenarios.models import Scenario
from campaigns.segments.rules import ANY, LAYERS, OUTSIDE, STABILITY, Matrix, read_matrix
from customers.facts.models import MONEY, LineType, unchecked_foreign_key
from retention.core.accounts.models import BranchCounts
from retention.core.errors import Invalid
from retention.core.managed.models import Managed, ManagedQuerySet

CELL_LENGTH = 60


def fits(column: str, place: str) -> Q:
    """Condition on a column that holds places: this one, any of a pattern with ANY for a band, none for OUTSIDE."""
    if place == OUTSIDE:
        return Q(**{column: ""})
    if ANY not in place:
        return Q(**{column: place})
    return Q(**{f"{column}__regex": f"^{re.escape(place).replace(re.escape(ANY), '[^.]+')}$"})


class SegmentationQuerySet(ManagedQuerySet["Segmentation"]):
    def in_use(self) -> list["Segmentation"]:
        """Those that place lines, of the deepest branches first: a line belongs to the first that takes it."""
        found = self.filter(enabled=True).select_related("branch").order_by("line_type", "pk")
        return sorted(found, key=lambda one: (one.line_type, -len(one.branch.path) if one.branch else 0))

    def for_list(self) -> Self:
        return self.select_related("branch").order_by("-enabled", "pk")


class Segmentation(Managed):
    """The matrix of one line type 分层矩阵: see campaigns.segments.rules.

    actions: {cell without the matrix's code: code of the scenario that is its retention action}. A branch may have a
    matrix of its own, which then places its lines in the stead of the one above it.
    """

    editable = ("name", "name_zh", "note", "note_zh", "line_type", "branch", "dimensions", "exclusions", "actions")
    view_permission, edit_permission = "segments.view", "segments.edit"

    note = models.CharField(_("note"), max_length=300, blank=True)
    note_zh = models.CharField(_("note (Chinese)"), max_length=300, blank=True)
    line_type = models.CharField(_("line type"), max_length=20, choices=LineType.choices)
    dimensions = models.JSONField(_("dimensions"), default=list)
    exclusions = models.JSONField(_("left out before"), default=list, blank=True)
    actions = models.JSONField(_("actions"), default=dict, blank=True)

    objects = SegmentationQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["line_type", "branch"], condition=Q(enabled=True), nulls_distinct=False,
                name="segmentation_one_in_use",
            )
        ]  # fmt: skip
        verbose_name = _("segmentation")
        verbose_name_plural = _("segmentations")

    def action_of(self, cell: str) -> str:
        """The code of the scenario that works on a cell, "" for none."""
        return str(self.actions.get(cell.removeprefix(self.code), ""))

    @cached_property
    def matrix(self) -> Matrix:
        """Raises Invalid, e.g. when an own field was withdrawn."""
        return self.read(rule_catalogue())

    def read(self, fields: dict[str, RuleField]) -> Matrix:
        return read_matrix(code=self.code, dimensions=self.dimensions, exclusions=self.exclusions, fields=fields)

    def normalize(self) -> None:
        self.__dict__.pop("matrix", None)
        places = {place.removeprefix(self.code) for layer in LAYERS for place in self.matrix.codes(layer)}
        self.actions = {cell: code for cell, code in self.actions.items() if cell in places and code}
        known = set(Scenario.objects.filter(code__in=self.actions.values()).values_list("code", flat=True))
        if missing := sorted(set(self.actions.values()) - known):
            text = gettext("There is no scenario %(code)s.") % {"code": missing[0]}
            raise Invalid(text, details=[{"field": "actions", "code": "unknown", "message": text}])
        if self.enabled:
            self.check_ready()

    def check_ready(self) -> None:
        others = Segmentation.objects.filter(enabled=True, line_type=self.line_type, branch=self.branch)
        if other := others.exclude(pk=self.pk).first():
            raise Invalid(
                gettext("“%(other)s” places the same lines: switch it off first.") % {"other": other.title},
                code="in_use_already",
            )
        _ = self.matrix


class SegmentNight(models.Model):
    """A date whose lines were counted. definition: of the matrices then; counts of two dates compare only if it is one.

    lines: all live ones, in cells, left out, or of types without a matrix (unplaced).
    """

    as_of = models.DateField(_("as of"), primary_key=True)
    definition = models.CharField(max_length=40)
    lines = models.PositiveIntegerField(_("lines"))
    unplaced = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"segments of {self.as_of}"


class SegmentCountQuerySet(BranchCounts):
    def by_cell(self, *, on: date, layer: str) -> dict[str, tuple[int, float]]:
        """{cell: (lines, revenue a month)}."""
        rows = self.filter(as_of=on, layer=layer).values("cell").annotate(n=Sum("lines"), yuan=Sum("revenue"))
        return {row["cell"]: (row["n"], float(row["yuan"])) for row in rows}

    def newest_sizes(self) -> dict[str, int]:
        """{cell or place of those left out: lines on the newest night}; {} before the first one."""
        newest = self.aggregate(day=Max("as_of"))["day"]
        rows = self.filter(as_of=newest).values_list("cell").annotate(n=Sum("lines")).order_by("cell")
        return dict(rows)

    def lines_in(self, *, matrix: Matrix, place: str, on: date | None) -> int:
        """Of a place, or all that fit a pattern; on: by default the newest night."""
        newest = on or self.aggregate(day=Max("as_of"))["day"]
        found = matrix.split(place)
        rows = self.filter(as_of=newest, layer=found[0] if found else STABILITY).filter(fits("cell", place))
        return rows.aggregate(n=Sum("lines"))["n"] or 0


class SegmentCount(models.Model):
    """Lines and their spend a month in a cell, or left out, in one branch. Kept for recent nights and month ends."""

    computed_from_facts: ClassVar[Q] = Q()

    segmentation = models.ForeignKey(Segmentation, models.CASCADE, related_name="counts", null=True)
    branch = unchecked_foreign_key("core.Branch", related_name="segment_counts", db_index=False)
    as_of = models.DateField()
    layer = models.CharField(max_length=10)
    cell = models.CharField(max_length=CELL_LENGTH)
    lines = models.PositiveIntegerField()
    revenue = models.DecimalField(**MONEY)

    objects = SegmentCountQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["segmentation", "as_of", "layer"], name="segment_count_of_day")]

    def __str__(self) -> str:
        return f"{self.cell} {self.as_of} {self.lines}"


class SegmentMonth(models.Model):
    """Where each line stood at a month end. Monthly partitions; what the next month's migration is counted from."""

    computed_from_facts: ClassVar[Q] = Q()

    pk = models.CompositePrimaryKey("subscriber_id", "month")
    subscriber = unchecked_foreign_key("customers.Subscriber", related_name="segment_months", db_index=False)
    branch = unchecked_foreign_key("core.Branch", related_name="segment_months", db_index=False)
    month = models.DateField()
    segment = models.CharField(max_length=CELL_LENGTH)
    segment_need = models.CharField(max_length=CELL_LENGTH, null=True)
    spend = models.DecimalField(null=True, **MONEY)

    def __str__(self) -> str:
        return f"{self.subscriber_id} {self.month} {self.segment}"


class SegmentFlowQuerySet(BranchCounts):
    def by_cells(self, *, month: date, layer: str) -> dict[tuple[str, str], tuple[int, float]]:
        """{(before, after): (lines, revenue)}; "" before: joined since, "" after: gone since."""
        rows = self.filter(month=month, layer=layer).values("before", "after")
        summed = rows.annotate(n=Sum("lines"), yuan=Sum("revenue"))
        return {(row["before"], row["after"]): (row["n"], float(row["yuan"])) for row in summed}

    def lines_between(self, *, matrix: Matrix, before: str, after: str, month: date) -> int:
        """Places or patterns, OUTSIDE for joined since and gone since."""
        found = matrix.split(before) or matrix.split(after)
        rows = self.filter(month=month, layer=found[0] if found else STABILITY)
        rows = rows.filter(fits("before", before), fits("after", after))
        return rows.aggregate(n=Sum("lines"))["n"] or 0


class SegmentFlow(models.Model):
    """Lines of one branch that were in one cell at the month end before and in another, or the same, at this one."""

    computed_from_facts: ClassVar[Q] = Q()

    segmentation = models.ForeignKey(Segmentation, models.CASCADE, related_name="flows")
    branch = unchecked_foreign_key("core.Branch", related_name="segment_flows", db_index=False)
    month = models.DateField()
    layer = models.CharField(max_length=10)
    before = models.CharField(max_length=CELL_LENGTH, blank=True)
    after = models.CharField(max_length=CELL_LENGTH, blank=True)
    lines = models.PositiveIntegerField()
    revenue = models.DecimalField(**MONEY)

    objects = SegmentFlowQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["segmentation", "month", "layer"], name="segment_flow_of_month")]

    def __str__(self) -> str:
        return f"{self.before} > {self.after} {self.month} {self.lines}"
