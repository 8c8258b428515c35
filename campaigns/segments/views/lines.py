"""The people behind a number of the matrix or of the migration, as far as the reader may see them."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import F, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.segments.forms import LinesFilter
from campaigns.segments.models import SegmentCount, SegmentFlow
from campaigns.segments.queries import lines_in, lines_moved, stood_under
from campaigns.segments.rules import ANY, OUTSIDE, Matrix
from campaigns.segments.tables import SegmentLinesTable
from campaigns.segments.text import format_place
from campaigns.segments.views.base import visible_matrix
from customers.facts.models import Subscriber
from retention.core.accounts.models import Branch
from retention.core.ui.listing import ListPage


@dataclass(frozen=True)
class Asked:
    """One place, or two of a movement, with patterns; month: None for now."""

    places: tuple[str, ...]
    month: date | None
    branch: Branch | None


class SegmentLines(ListPage):
    """Exactly the lines that the number counts which led here."""

    name = "segment-lines"
    permission = "segments.view"
    template_name = "campaigns/segments/lines.html"
    title = gettext_lazy("Lines of a segment")
    table_class = SegmentLinesTable
    form_class = LinesFilter

    @cached_property
    def matrix(self) -> Matrix:
        return visible_matrix(self.user, self.kwargs["code"])[1]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user}

    def get_table_kwargs(self) -> dict[str, Any]:
        return {"matrix": self.matrix}

    @cached_property
    def asked(self) -> Asked:
        """404 for a place that the matrix does not have, and for what is no day."""
        month = None
        if "month" in self.kwargs:
            try:
                month = date.fromisoformat(self.kwargs["month"])
            except ValueError:
                raise Http404("month") from None
        is_movement = "before" in self.kwargs
        names = ("before", "after") if is_movement else ("place",)
        places = tuple(self.kwargs[name] for name in names)
        for place in places:
            if not (self._is_place(place) or is_movement and place == OUTSIDE):
                raise Http404(place)
        return Asked(places, month, self.cleaned.get("branch"))

    def _is_place(self, place: str) -> bool:
        matrix = self.matrix
        left_out = {matrix.exclusion_code(one.code) for one in matrix.exclusions} | {matrix.exclusion_code(ANY)}
        return matrix.split(place) is not None or place in left_out

    def get_queryset(self) -> QuerySet[Subscriber]:
        asked, user, matrix = self.asked, self.user, self.matrix
        if asked.month and len(asked.places) == 2:
            before, after = asked.places
            lines = lines_moved(user=user, matrix=matrix, before=before, after=after, month=asked.month)
        else:
            lines = lines_in(user=user, matrix=matrix, place=asked.places[0], month=asked.month)
        if asked.branch:
            lines = lines.filter(stood_under(asked.branch, month=asked.month))
        shown = lines.select_related("account__customer", "branch", "plan", "profile", "line_segment")
        return shown.order_by(F("profile__arpu").desc(nulls_last=True), "pk")

    @property
    def place_title(self) -> str:
        titles = [_("outside") if one == OUTSIDE else format_place(one, self.matrix) for one in self.asked.places]
        return " → ".join(titles)

    @property
    def counted_lines(self) -> int:
        """What the number said: of the reader's branches, whoever may see the people."""
        asked, code = self.asked, self.kwargs["code"]
        if asked.month and len(asked.places) == 2:
            flows = SegmentFlow.objects.filter(segmentation__code=code).visible_to(self.user).under(asked.branch)
            before, after = asked.places
            return flows.lines_between(matrix=self.matrix, before=before, after=after, month=asked.month)
        counts = SegmentCount.objects.filter(segmentation__code=code).visible_to(self.user).under(asked.branch)
        return counts.lines_in(matrix=self.matrix, place=asked.places[0], on=asked.month)

    def get_context_data(self) -> dict[str, Any]:
        shared = super().get_context_data()
        seen = len(self.table.data)
        return shared | {
            "place_title": self.place_title, "code": self.kwargs["code"], "month": self.asked.month,
            "counted_lines": self.counted_lines, "seen_lines": seen,
        }  # fmt: skip
