"""The field catalogue and the page of one field."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from customers.fields import FIELDS, ProfileField
from customers.fields.text import AREA_LABELS, KIND_LABELS
from customers.fields.uses import uses_of
from customers.glossary.charts import distribution_chart
from customers.glossary.forms import FieldSearch
from customers.glossary.queries import FieldValues, values_of
from customers.glossary.tables import BranchValuesTable, FieldTable, UseTable
from customers.glossary.text import ValueText, field_facts, uses_allowed
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.errors import NotFound
from retention.core.ui.listing import ListPage


class FieldList(ListPage):
    name = "fields"
    permission = "fields.view"
    subtitle = gettext_lazy("Every field of a line: what it means, where it comes from and how its values spread.")
    table_class = FieldTable
    form_class = FieldSearch

    def get_queryset(self) -> list[dict[str, Any]]:
        words, area = self.cleaned.get("q", "").strip().lower(), self.cleaned.get("area", "")
        rows = [_row(field) for field in FIELDS.values() if not area or field.area == area]
        return [row for row in rows if words in row["key"] or words in row["label"].lower()]


def _row(field: ProfileField) -> dict[str, Any]:
    return {
        "pk": field.key,
        "key": field.key,
        "label": str(field.label),
        "area": str(AREA_LABELS[field.area]),
        "kind": str(KIND_LABELS[field.kind]),
        "unit": str(field.unit),
        "allowed": ", ".join(str(one) for one in uses_allowed(field)),
    }


@require("fields.view")
@require_safe
def field_page(request: StaffRequest, key: str) -> HttpResponse:
    field = FIELDS.get(key)
    if field is None:
        raise NotFound(_("There is no such field."))
    values = values_of(key, request.user)
    context: dict[str, Any] = {
        "field": field,
        "facts": list(field_facts(field, values, area=AREA_LABELS[field.area], kind=KIND_LABELS[field.kind])),
        "uses": UseTable(uses_of(key, request.user)),
    }
    if values:
        context |= _distribution(field, values)
    return render(request, "customers/glossary/field.html", context)


def _distribution(field: ProfileField, values: FieldValues) -> dict[str, Any]:
    text = ValueText(field, values.scale)
    branches = [
        {"branch": name, "lines": spread.lines, "unknown": spread.unknown_share, "typical": text.typical(spread)}
        for name, spread in values.branches
    ]
    return {
        "as_of": values.as_of,
        "whole": values.whole,
        "typical": text.typical(values.whole),
        "chart_spec": distribution_chart(field, values, text),
        "branches": BranchValuesTable(branches),
    }
