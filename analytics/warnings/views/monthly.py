"""The monthly warning lists: each as it was frozen, with its results."""

from collections.abc import Sequence
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_lazy

from analytics.churn.text import missing_model
from analytics.navigation.views import ChurnList
from analytics.warnings.filters import EntryFilter
from analytics.warnings.models import ListDelivery, ListResult, WarningEntry, WarningList, month_slug
from analytics.warnings.services.deliveries import mark_opened
from analytics.warnings.tables.monthly import DeliveryTable, EntryTable, ListsTable
from retention.core import clock
from retention.core.accounts.models import Branch, User
from retention.core.ui import charts
from retention.core.ui.periods import all_months

FIGURES = (
    "as_of", "counted_on", "lines", "expected", "left", "share", "other_left", "contacted", "contacted_left",
)  # fmt: skip


class MonthlyLists(ChurnList):
    """Every list with the results of the reader's lines."""

    name = "warning-lists"
    title = gettext_lazy("Monthly warning lists")
    subtitle = gettext_lazy("Who was warned of on the first of each month, and what became of them.")
    template_name = "analytics/warnings/monthly_lists.html"
    table_class = ListsTable

    def get_queryset(self) -> list[dict[str, Any]]:
        return _judged(self.user)

    def get_context_data(self) -> dict[str, Any]:
        chart = _chart(self.table.data.data)
        more = {"chart": chart, "no_model": missing_model()}
        return super().get_context_data() | more


def _judged(user: User) -> list[dict[str, Any]]:
    results = {row["warning_list"]: row for row in ListResult.objects.visible_to(user).by_list()}
    counted = dict(ListResult.objects.visible_to(user).values_list("warning_list", "counted_on"))
    rows = []
    for one in WarningList.objects.frozen():
        row = results.get(one.pk)
        if row:
            month = date_format(one.dated, "YEAR_MONTH_FORMAT")
            known = {"dated": one.dated, "month": month, "as_of": one.as_of, "counted_on": counted[one.pk]}
            rows.append(known | row | {"share": row["left"] / row["lines"], "expected": round(row["expected"])})
    return _with_gaps(rows)


def _with_gaps(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows, newest first, with one without figures for each month in between that has no list."""
    by_month = {row["dated"]: row for row in rows}
    return [by_month.get(month) or _gap(month) for month in reversed(all_months(by_month))]


def _gap(month: date) -> dict[str, Any]:
    named = {"dated": month, "month": charts.gap(date_format(month, "YEAR_MONTH_FORMAT"), gettext("no list"))}
    return named | {"missing": True, **dict.fromkeys(FIGURES)}


def _chart(rows: Sequence[dict[str, Any]]) -> charts.Spec | None:
    if not rows:
        return None
    oldest_first = list(reversed(rows[:12]))
    return charts.chart(
        "bar",
        title=gettext("Predicted and actual leavers, by list"),
        x=[row["month"] for row in oldest_first],
        data=[
            charts.series(gettext("Left"), [row["left"] for row in oldest_first], tone="bad"),
            charts.series(gettext("Predicted leavers"), [row["expected"] for row in oldest_first], tone="muted"),
        ],
        links=[
            "" if row.get("missing") else reverse("analytics:list", args=[month_slug(row["dated"])])
            for row in oldest_first
        ],
    )


class MonthlyList(ChurnList):
    """One list, as far as the reader's branch goes."""

    name = "warning-list"
    template_name = "analytics/warnings/monthly_list.html"
    table_class = EntryTable
    filterset_class = EntryFilter

    @cached_property
    def warning_list(self) -> WarningList:
        return _of_month(self.kwargs["month"])

    def get_queryset(self) -> QuerySet[WarningEntry]:
        return WarningEntry.objects.visible_to(self.user).filter(warning_list=self.warning_list)

    def get_table_kwargs(self) -> dict[str, Any]:
        return {"dated": self.warning_list.dated}

    def get_export_name(self) -> str:
        return f"warning-list-{self.warning_list}"

    def render_page(self) -> HttpResponseBase:
        mark_opened(warning_list=self.warning_list, user=self.user, now=clock.now())
        return super().render_page()

    def get_context_data(self) -> dict[str, Any]:
        found = self.warning_list
        sent = ListDelivery.objects.filter(branch__in=Branch.objects.visible_to(self.user), warning_list=found)
        return super().get_context_data() | {
            "list": found,
            "month": date_format(found.dated, "YEAR_MONTH_FORMAT"),
            "result": next((row for row in _judged(self.user) if row["dated"] == found.dated), None),
            "deliveries": DeliveryTable(sent.for_page()) if self.user.may("churn.plan") else None,
        }


def _of_month(month: str) -> WarningList:
    try:
        dated = date.fromisoformat(f"{month}-01")
    except ValueError:
        raise Http404(month) from None
    return get_object_or_404(WarningList.objects.frozen(), dated=dated)
