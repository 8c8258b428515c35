"""What all pages of a segmentation share."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from campaigns.audiences.rules import rule_catalogue
from campaigns.scenarios.models import Scenario
from campaigns.segments.forms import SegmentationForm
from campaigns.segments.models import Segmentation
from campaigns.segments.rules import Matrix, read_matrix
from campaigns.segments.text import format_band, format_pair
from retention.core.accounts.models import User
from retention.core.errors import Invalid
from retention.core.managed.text import Words
from retention.core.managed.views.base import ManagedPage

LIST_MARK = "; "


class SegmentationPages(ManagedPage):
    model = Segmentation
    kind_form = SegmentationForm
    templates = "campaigns/segments"

    def get_words(self) -> Words:
        return {"dimensions": _format_dimensions, "exclusions": _format_exclusions, "actions": _format_actions}


def matrix_or_problem(row: Segmentation) -> tuple[Matrix | None, str]:
    """The matrix, or why it cannot be read."""
    try:
        return row.matrix, ""
    except Invalid as problem:
        return None, str(problem.message)


def visible_matrix(user: User, code: str) -> tuple[Segmentation, Matrix]:
    """404 where the person does not see it, or it cannot be read."""
    row = Segmentation.objects.visible_to(user).filter(code=code).first()
    matrix = matrix_or_problem(row)[0] if row else None
    if row is None or matrix is None:
        raise Http404(code)
    return row, matrix


def segmentation_tabs(request: HttpRequest, rows: list[Segmentation], current: Segmentation | None) -> list[dict]:
    return [
        {
            "label": one.title if one.enabled else _("%(name)s (off)") % {"name": one.title},
            "url": reverse("segments:segmentation", args=[one.code]),
            "active": current is not None and one.pk == current.pk,
        }
        for one in rows
    ]


def scenario_titles(codes: Mapping[str, str], user: User) -> dict[str, str]:
    """{code: "S8 Policy expiring"} of the scenarios among `codes` that the person may see."""
    found = Scenario.objects.visible_to(user).filter(code__in=set(codes.values()))
    return {one.code: f"{one.code} {one.title}" for one in found}


def parse_day(text: str, days: list[date]) -> date | None:
    """One of the days that are offered."""
    return next((day for day in days if str(day) == text), None)


def _format_dimensions(value: list[dict[str, Any]]) -> str:
    try:
        matrix = read_matrix(code="m", dimensions=value, exclusions=[], fields=rule_catalogue())
    except Invalid as problem:
        return str(problem.message)
    mark = pgettext("between the values of a list", ", ")
    return LIST_MARK.join(
        format_pair(one.title, mark.join(f"{band.title} ({format_band(one, band.code)})" for band in one.bands))
        for one in matrix.dimensions
    )


def _format_exclusions(value: list[dict[str, Any]]) -> str:
    try:
        dimension = [{"code": "d", "name": "d", "layer": "stability", "kind": "rule",
                      "bands": [{"code": "all", "name": "all", "rule": None}]}]  # fmt: skip
        matrix = read_matrix(code="m", dimensions=dimension, exclusions=value, fields=rule_catalogue())
    except Invalid as problem:
        return str(problem.message)
    return pgettext("between the values of a list", ", ").join(one.title for one in matrix.exclusions if one.applies)


def _format_actions(value: dict[str, str]) -> str:
    mark = pgettext("between the values of a list", ", ")
    return mark.join(f"{cell[1:]} → {scenario}" for cell, scenario in sorted(value.items()))
