"""The warning lists of the months: each as it was frozen, and what became of it."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from analytics.navigation.tabs import churn_tabs
from analytics.warnings.forms import EntryFilter
from analytics.warnings.models import ListDelivery, ListResult, WarningEntry, WarningList, month_slug
from analytics.warnings.services.delivery import mark_opened
from analytics.warnings.services.lists import entry_outcomes
from analytics.warnings.tables import OUTCOME_LABELS, EntryTable, ListsTable, first_reason, outcome_key
from retention.core import clock
from retention.core.accounts.models import Branch, User
from retention.core.accounts.permissions import require
from retention.core.audit import services as audit
from retention.core.ui import charts
from retention.core.ui.tables.exports import INLINE_LIMIT, export_response, wants_export

EXPORT_CHUNK = 2_000


@require("churn.view")
@require_GET
def warning_lists(request: HttpRequest) -> HttpResponseBase:
    """Every list with what became of the reader's lines; `?export=` gives the same as a file."""
    rows = _judged(request.user)
    table = ListsTable(rows, request=request)
    table.exportable = request.user.may("export")
    if wants_export(request):
        _note_export(request, "warning lists")
        return export_response(request, table, "warning-lists")
    context = {"tabs": churn_tabs(request), "table": table.paged(), "chart": _chart(rows)}
    return render(request, "analytics/warnings/monthly_lists.html", context)


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
    return rows


def _chart(rows: Sequence[dict[str, Any]]) -> charts.Spec | None:
    if not rows:
        return None
    oldest_first = list(reversed(rows[:12]))
    return charts.chart(
        "bar",
        title=gettext("Announced and left, by list"),
        x=[row["month"] for row in oldest_first],
        data=[
            charts.series(gettext("Left"), [row["left"] for row in oldest_first], tone="bad"),
            charts.series(gettext("Leavers announced"), [row["expected"] for row in oldest_first], tone="muted"),
        ],
        links=[reverse("analytics:list", args=[month_slug(row["dated"])]) for row in oldest_first],
    )


@require("churn.view")
@require_GET
def warning_list(request: HttpRequest, month: str) -> HttpResponseBase:
    """One list, as far as the reader's branch goes; `?export=` gives the same as a file."""
    found = _of_month(month)
    form = EntryFilter(request.GET, branches=Branch.objects.visible_to(request.user))
    entries = form.apply(WarningEntry.objects.visible_to(request.user).filter(warning_list=found))
    if wants_export(request):
        return _export(request, found, entries)
    mark_opened(warning_list=found, user=request.user, now=clock.now())
    table = EntryTable(entries.for_page(), dated=found.dated, request=request)
    table.exportable = request.user.may("export")
    sent = ListDelivery.objects.filter(branch__in=Branch.objects.visible_to(request.user), warning_list=found)
    context = {
        "tabs": churn_tabs(request),
        "list": found,
        "month": date_format(found.dated, "YEAR_MONTH_FORMAT"),
        "table": table.paged(),
        "form": form,
        "result": next((row for row in _judged(request.user) if row["dated"] == found.dated), None),
        "deliveries": sent.for_page() if request.user.may("churn.plan") else None,
    }
    return render(request, "analytics/warnings/monthly_list.html", context)


def _of_month(month: str) -> WarningList:
    try:
        dated = date.fromisoformat(f"{month}-01")
    except ValueError:
        raise Http404(month) from None
    return get_object_or_404(WarningList.objects.frozen(), dated=dated)


def _export(request: HttpRequest, found: WarningList, entries: QuerySet[WarningEntry]) -> HttpResponseBase:
    if not request.user.may("export"):
        raise PermissionDenied("export")
    if wants_export(request) == "xlsx" and len(entries.values("place")[: INLINE_LIMIT + 1]) > INLINE_LIMIT:
        limit = {"limit": f"{INLINE_LIMIT:,}"}
        messages.error(
            request,
            gettext("More than %(limit)s lines do not fit a workbook. Narrow the filters, or take CSV.") % limit,
        )
        query = request.GET.copy()
        query.pop("export")
        return redirect(f"{request.path}?{query.urlencode()}")
    _note_export(request, f"warning_list:{found}")
    header = [str(column.header) for column in EntryTable(entries.none(), dated=found.dated).columns]
    return export_response(request, (header, _rows(found, entries)), f"warning-list-{found}")


def _rows(found: WarningList, entries: QuerySet[WarningEntry]) -> Iterator[Sequence[Any]]:
    """The columns of EntryTable as raw values, a chunk of lines at a time."""
    last = 0
    while chunk := list(entries.for_page().filter(place__gt=last)[:EXPORT_CHUNK]):
        known = entry_outcomes(chunk, found.dated)
        for entry in chunk:
            fate = known[entry.subscriber_id]
            yield (
                entry.place, entry.subscriber.subscriber_no, entry.subscriber.account.customer.name, entry.branch.name,
                entry.tier, entry.probability, first_reason(fate), entry.monthly_spend, entry.expected_gain,
                str(OUTCOME_LABELS[outcome_key(fate)]), fate.left_on, fate.contacted_on,
            )  # fmt: skip
        last = chunk[-1].place


def _note_export(request: HttpRequest, target: str) -> None:
    asked = {key: value for key, value in request.GET.items() if value and key != "export"}
    audit.record(actor=request.user, action="export", target=target, kind=wants_export(request), filters=asked)
