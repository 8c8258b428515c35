"""The warning lists of the months: each as it was frozen, and what became of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import django_tables2 as tables
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from analytics.lists.deliver import open_list
from analytics.lists.results import VOLUNTARY, Fate, fates
from analytics.models import ListDelivery, ListResult, WarningEntry, WarningList
from analytics.models.lists import month_of
from analytics.views.tabs import churn_tabs
from customers.models import LineType, RiskTier, TenureCohort
from customers.models.risk import WARNED
from customers.tables import ClippedColumn, DirectoryData
from retention.core import audit, charts, clock
from retention.core.access import require
from retention.core.columns import BarColumn, DayColumn, MoneyColumn, NumberColumn, PercentColumn
from retention.core.exports import INLINE_LIMIT, export_response, wants_export
from retention.core.models import Branch, User
from retention.core.tables import BaseTable
from retention.core.templatetags import formats, ui

CHUNK = 2_000
ANY = ("", _("All"))


class ListsTable(BaseTable):
    month = tables.Column(verbose_name=_("Month"), orderable=False)
    as_of = DayColumn(verbose_name=_("Scored on"), orderable=False)
    lines = NumberColumn(verbose_name=_("Lines"), orderable=False)
    expected = NumberColumn(verbose_name=_("Leavers announced"), orderable=False)
    left = NumberColumn(verbose_name=_("Left"), orderable=False)
    share = PercentColumn(verbose_name=_("Share that left"), orderable=False)
    other_left = NumberColumn(verbose_name=_("Left otherwise"), orderable=False)
    contacted = NumberColumn(verbose_name=_("Contacted"), orderable=False)
    contacted_left = NumberColumn(verbose_name=_("Contacted and left"), orderable=False)
    counted_on = DayColumn(verbose_name=_("Counted on"), orderable=False)

    caption = _("Monthly lists")
    region_id = "lists"
    empty_title = _("No list yet")
    empty_text = _("On the first of each month the warned lines are frozen into a list.")

    def row_url(self, record: dict[str, Any]) -> str:
        return reverse("analytics:list", args=[month_of(record["dated"])])

    def row_value(self, record: dict[str, Any]) -> object:
        return record["dated"]


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
    return render(request, "analytics/lists.html", context)


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
        links=[reverse("analytics:list", args=[month_of(row["dated"])]) for row in oldest_first],
    )


class EntryFilter(forms.Form):
    tier = forms.ChoiceField(
        label=_("Risk tier"), required=False, choices=[ANY, *((key, RiskTier(key).label) for key in WARNED)]
    )
    cohort = forms.ChoiceField(label=_("Tenure"), required=False, choices=[ANY, *TenureCohort.choices])
    line_type = forms.ChoiceField(label=_("Line type"), required=False, choices=[ANY, *LineType.choices])
    branch = forms.ModelChoiceField(
        Branch.objects.none(), label=_("Branch"), required=False, to_field_name="code", empty_label=_("All")
    )

    def __init__(self, *args: object, branches: QuerySet[Branch], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["branch"].queryset = branches

    def apply(self, entries: "QuerySet[WarningEntry]") -> "QuerySet[WarningEntry]":
        if not self.is_valid():
            return entries
        asked = self.cleaned_data
        equal = {name: asked[name] for name in ("tier", "cohort", "line_type") if asked[name]}
        entries = entries.filter(**equal)
        if asked["branch"]:
            entries = entries.filter(branch__in=Branch.objects.under(asked["branch"]).values("pk"))
        return entries


@dataclass(frozen=True)
class EntryPages:
    """The entries of a list by pages, for DirectoryData. A page far down costs its places first, from the index alone,
    then its rows."""

    entries: "QuerySet[WarningEntry]"

    @cached_property
    def count(self) -> int:
        return self.entries.count()

    def lines(self, start: int, stop: int) -> list[WarningEntry]:
        places = list(self.entries.order_by("place").values_list("place", flat=True)[start:stop])
        return list(self.entries.for_page().filter(place__in=places))


STAYED, LEFT, OTHERWISE = "stayed", "left", "otherwise"
FATES = {STAYED: ("good", "circle-check"), LEFT: ("bad", "user-minus"), OTHERWISE: ("neutral", "user-minus")}
FATE_WORDS = {STAYED: _("Still here"), LEFT: pgettext_lazy("line", "Left"), OTHERWISE: _("Left otherwise")}

ONE_LINE = {"td": {"class": "text-nowrap"}}


class EntryTable(BaseTable):
    place = NumberColumn(verbose_name=_("Place"), orderable=False)
    subscriber_no = tables.Column(accessor="subscriber__subscriber_no", verbose_name=_("Subscriber"), orderable=False)
    customer = ClippedColumn(
        accessor="subscriber__account__customer__name", verbose_name=_("Customer"), orderable=False
    )
    branch = ClippedColumn(accessor="branch__name", verbose_name=_("Branch"), orderable=False)
    tier = tables.Column(verbose_name=_("Risk tier"), orderable=False)
    probability = BarColumn(verbose_name=_("Chance of leaving"), orderable=False, tone=lambda entry: entry.tier)
    reason = tables.Column(empty_values=(), verbose_name=_("Main reason"), orderable=False)
    monthly_spend = MoneyColumn(verbose_name=_("Spend a month"), orderable=False)
    expected_gain = MoneyColumn(verbose_name=_("Expected gain"), orderable=False)
    fate = tables.Column(empty_values=(), verbose_name=_("Since then"), orderable=False, attrs=ONE_LINE)
    left_on = tables.Column(empty_values=(), verbose_name=_("Left on"), orderable=False, attrs=ONE_LINE)
    contacted_on = tables.Column(empty_values=(), verbose_name=_("Contacted on"), orderable=False, attrs=ONE_LINE)

    caption = _("Lines of the list")
    region_id = "entries"
    empty_title = _("No lines")
    empty_text = _("No line of your branch was warned of in this month.")

    class Meta(BaseTable.Meta):
        fields = ()

    def __init__(self, entries: "QuerySet[WarningEntry]", *, dated: date, **kwargs: Any) -> None:
        super().__init__(DirectoryData(EntryPages(entries)), **kwargs)
        self.dated = dated

    def row_url(self, record: WarningEntry) -> str:
        return reverse("customers:detail", args=[record.subscriber.subscriber_no])

    def render_tier(self, record: WarningEntry) -> SafeString:
        return ui.risk_badge(record.tier)

    def render_reason(self, record: WarningEntry) -> SafeString | str:
        text = capfirst(_first_reason(self.fate_of(record)))
        return format_html('<span class="rp-clip rp-clip-long" title="{0}">{0}</span>', text) if text else formats.DASH

    def render_fate(self, record: WarningEntry) -> SafeString:
        key = _fate_key(self.fate_of(record))
        return ui.badge(str(FATE_WORDS[key]), *FATES[key])

    def render_left_on(self, record: WarningEntry) -> str:
        return formats.moment(self.fate_of(record).left_on) if self.fate_of(record).left_on else formats.DASH

    def render_contacted_on(self, record: WarningEntry) -> str:
        return formats.moment(self.fate_of(record).contacted_on) if self.fate_of(record).contacted_on else formats.DASH

    def fate_of(self, record: WarningEntry) -> Fate:
        if not hasattr(self, "_fates"):
            self._fates = fates([row.record for row in self.paginated_rows], self.dated)
        return self._fates[record.subscriber_id]


def _fate_key(fate: Fate) -> str:
    if fate.left_on is None:
        return STAYED
    return LEFT if fate.why in VOLUNTARY else OTHERWISE


def _first_reason(fate: Fate) -> str:
    return fate.reasons[0].text if fate.reasons else ""


@require("churn.view")
@require_GET
def warning_list(request: HttpRequest, month: str) -> HttpResponseBase:
    """One list, as far as the reader's branch goes; `?export=` gives the same as a file."""
    found = _of_month(month)
    form = EntryFilter(request.GET, branches=Branch.objects.visible_to(request.user))
    entries = form.apply(WarningEntry.objects.visible_to(request.user).filter(warning_list=found))
    if wants_export(request):
        return _export(request, found, entries)
    open_list(warning_list=found, user=request.user, now=clock.now())
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
    return render(request, "analytics/list.html", context)


def _of_month(month: str) -> WarningList:
    try:
        dated = date.fromisoformat(f"{month}-01")
    except ValueError:
        raise Http404(month) from None
    return get_object_or_404(WarningList.objects.frozen(), dated=dated)


def _export(request: HttpRequest, found: WarningList, entries: "QuerySet[WarningEntry]") -> HttpResponseBase:
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


def _rows(found: WarningList, entries: "QuerySet[WarningEntry]") -> Iterator[Sequence[Any]]:
    """The columns of EntryTable as raw values, a chunk of lines at a time."""
    last = 0
    while chunk := list(entries.for_page().filter(place__gt=last)[:CHUNK]):
        known = fates(chunk, found.dated)
        for entry in chunk:
            fate = known[entry.subscriber_id]
            yield (
                entry.place, entry.subscriber.subscriber_no, entry.subscriber.account.customer.name, entry.branch.name,
                entry.tier, entry.probability, _first_reason(fate), entry.monthly_spend, entry.expected_gain,
                str(FATE_WORDS[_fate_key(fate)]), fate.left_on, fate.contacted_on,
            )  # fmt: skip
        last = chunk[-1].place


def _note_export(request: HttpRequest, target: str) -> None:
    asked = {key: value for key, value in request.GET.items() if value and key != "export"}
    audit.record(actor=request.user, action="export", target=target, kind=wants_export(request), filters=asked)
