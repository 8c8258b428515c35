"""The list of circles, and the lines of one that the reader may see."""

from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from analytics.circles.filters import CircleFilter
from analytics.circles.tables import KIND_TONES, CircleMemberTable, CircleTable
from analytics.groups.views.listing import GroupPage
from customers.circles.models import Circle, CircleMember
from customers.circles.text import format_bundle, format_circle, format_lines


class CircleList(GroupPage):
    """Circles that the reader's branches serve, most saved by a bundle first."""

    name = "circles"
    subtitle = _(
        "Households, small groups and firms by who calls whom and what they share, and the bundles that suit them."
    )
    table_class = CircleTable
    filterset_class = CircleFilter

    def get_queryset(self) -> QuerySet[Circle]:
        return Circle.objects.visible_to(self.user).for_list()


class CircleLines(GroupPage):
    """Of the lines only those that the reader may see; the counts are of the whole circle."""

    name = "circle-lines"
    template_name = "analytics/circles/detail.html"
    parent = ("analytics:circles", _("Circles"))
    table_class = CircleMemberTable

    @cached_property
    def circle(self) -> Circle:
        circle = Circle.objects.visible_to(self.user).for_list().filter(pk=self.kwargs["pk"]).first()
        if circle is None:
            raise Http404(self.kwargs["pk"])
        return circle

    def get_queryset(self) -> QuerySet[CircleMember]:
        return CircleMember.objects.visible_to(self.user).for_circle(self.circle)

    def get_context_data(self) -> dict[str, Any]:
        circle = self.circle
        seen = self.get_queryset().in_use().count()
        return super().get_context_data() | {
            "circle": circle,
            "headline": format_circle(circle),
            "kind_badge": (circle.get_kind_display(), *KIND_TONES[circle.kind]),
            "reason": format_bundle(circle, amounts=True),
            "hidden": format_lines(circle.lines - seen) if circle.lines > seen else "",
        }
