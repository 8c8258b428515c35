"""Pages of outcomes of past month ends in each meaning of churn, and of the definitions."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from analytics.churn.models import CHURNED, COMPETING, EXCLUDED, Meaning, OutcomeDefinition, OutcomeStatus
from analytics.churn.queries.definitions import outcomes_of
from analytics.navigation.views import ChurnList
from analytics.outcomes import queries
from analytics.outcomes.forms import DefinitionForm, OutcomeFilter
from analytics.outcomes.models import OutcomeCount
from analytics.outcomes.services.definitions import FIELDS, PERMISSION, remove_definition, save_definition
from analytics.outcomes.tables import DefinitionTable, FateTable, OutcomeExport, OutcomeGroupTable, OutcomeTable
from analytics.outcomes.text import format_definition, month_name
from customers.facts.models import LineType
from customers.fields.choices import TenureCohort
from retention.core import clock
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.errors import Invalid
from retention.core.ui import charts
from retention.core.ui.tables.exports import wants_export

ALL = "all"
CHART_MONTHS = 12


class Outcomes(ChurnList):
    """The counts of the months; whoever does not see the whole base sees the definitions only."""

    name = "outcomes"
    title = pgettext_lazy("churn", "Outcomes")
    subtitle = gettext_lazy(
        "What became of the lines of every month end, once it was known; what is no churn is counted apart."
    )
    template_name = "analytics/outcomes/outcomes.html"
    table_class = OutcomeTable
    form_class = OutcomeFilter
    form: OutcomeFilter

    def get_table_class(self) -> type[OutcomeTable]:
        return OutcomeExport if wants_export(self.request) else OutcomeTable

    @cached_property
    def counts(self) -> list[OutcomeCount]:
        return list(OutcomeCount.objects.visible_to(self.user).filter(**self.form.chosen))

    @cached_property
    def months(self) -> list[dict[str, Any]]:
        """The newest first; without rates while the outcome is not mature."""
        unknown = {"labelled": None, "churned": None, "rate": None}
        return [month if month["mature"] else month | unknown for month in queries.by_month(self.counts)]

    def get_queryset(self) -> list[dict[str, Any]]:
        return list(self.months)  # the table sorts its own

    def get_context_data(self) -> dict[str, Any]:
        seen, meaning = OutcomeCount.objects.visible_to(self.user), self.form.chosen["meaning"]
        return super().get_context_data() | {
            "sees_all": seen.exists() or not OutcomeCount.objects.exists(),
            "waiting": _pending(meaning, self.months),
            "charts": _charts(meaning, self.counts, self.months),
            "detail": _detail(self.query.get("month", ""), self.counts, self.months),
            "definitions": DefinitionTable(_definitions(), may_define=self.user.may(PERMISSION)),
            "may_define": self.user.may(PERMISSION),
            "free_types": _free_types(),
        }


def _pending(meaning: str, months: list[dict[str, Any]]) -> list[str]:
    """The date on which the outcome of each immature month end will be known."""
    return [
        _("The outcome of %(day)s is not mature yet: it will be known on %(known)s.")
        % {
            "day": date_format(month["month"]),
            "known": date_format(max(one.matures_on(month["month"]) for one in outcomes_of(meaning))),
        }
        for month in months
        if not month["mature"] and not month["missing"]
    ]


def _charts(meaning: str, counts: list[OutcomeCount], months: list[dict[str, Any]]) -> list[charts.Spec]:
    newest = next((place for place, month in enumerate(months) if month["mature"]), None)
    if newest is None:
        return []
    # Months without figures keep their place; those at the end that are not known yet are left out.
    blank = dict.fromkeys(CHURNED)
    mature = [one if one["mature"] else one | blank for one in months[newest:][:CHART_MONTHS]][::-1]
    names = [_label(month) for month in mature]
    rates = [charts.series(_("All"), [month["rate"] for month in mature])]
    for cohort, label in TenureCohort.choices:
        inside = {one["month"]: one["rate"] for one in queries.by_month(row for row in counts if row.cohort == cohort)}
        if any(inside.get(month["month"]) is not None for month in mature):
            rates.append(charts.series(label, [inside.get(month["month"]) for month in mature]))
    ways = [fate for fate in CHURNED if any(month[fate] for month in mature)]
    found = [charts.chart("line", title=_("Churn rate by tenure"), x=names, data=rates, format="percent")]
    if ways:
        by_way = [charts.series(fate.label, [month[fate] for month in mature]) for fate in ways]
        found.append(charts.chart("stacked", title=_("How lines churned"), x=names, data=by_way))
    return found


def _label(month: dict[str, Any]) -> str:
    name = month_name(month["month"])
    if month["mature"]:
        return name
    return charts.gap(name, _("no snapshot") if month["missing"] else _("not known yet"))


def _detail(asked: str, counts: list[OutcomeCount], months: list[dict[str, Any]]) -> dict[str, Any] | None:
    """One month in detail: the requested one, else the newest mature one."""
    known = [month for month in months if month["pk"] == asked and not month["missing"]] or [
        month for month in months if month["mature"]
    ]
    if not known:
        return None
    month = known[0]
    rows = [row for row in counts if row.snapshot == month["month"]]
    labels: dict[str, Any] = dict(TenureCohort.choices) | dict(LineType.choices)
    title = month_name(month["month"])
    fates = [
        {"group": group, "label": fate.label, "lines": month[fate], "share": month[fate] / month["lines"]}
        for group, fates in (
            (_("Churned"), CHURNED),
            (OutcomeStatus.STAYS.label, (OutcomeStatus.STAYS,)),
            (_("Competing ends"), COMPETING),
            (_("Left out"), EXCLUDED),
        )
        for fate in fates
        if month[fate]
    ]
    groups = [
        {"label": labels[key], **one}
        for attribute in ("cohort", "line_type")
        for key, one in sorted(queries.groups_of(rows, attribute).items(), key=lambda pair: -pair[1]["lines"])
    ]
    return {
        "title": title,
        "counted_by": sorted({format_definition(_as_definition(row)) for row in rows}),
        "fates": FateTable(fates, month=title),
        "groups": OutcomeGroupTable(groups, month=title),
    }


def _as_definition(row: OutcomeCount) -> OutcomeDefinition:
    """The definition stored with the counts."""
    kept = row.definition
    return OutcomeDefinition(
        meaning=row.meaning,
        gap_days=kept["gap"],
        horizon_days=kept["horizon"],
        observation_months=kept["observation"],
        outcome_months=kept["bills"],
        fall_share=kept["fall_share"],
        edges=kept["edges"],
        brands=kept["brands"],
    )


def _definitions() -> list[dict[str, Any]]:
    rows = list(OutcomeDefinition.objects.all())
    divided = {row.meaning for row in rows if row.line_type}
    others = {meaning: _("All other line types") if meaning in divided else _("All line types") for meaning in Meaning}
    return [
        {
            "row": row,
            "text": format_definition(row),
            "type": row.get_line_type_display() if row.line_type else others[Meaning(row.meaning)],
            "key": row.line_type or ALL,
        }
        for row in sorted(rows, key=lambda row: (Meaning.values.index(row.meaning), row.line_type))
    ]


def _free_types() -> list[dict[str, Any]]:
    """For each meaning, a menu of the line types without their own definition."""
    taken = set(OutcomeDefinition.objects.values_list("meaning", "line_type"))
    return [
        {
            "label": label,
            "menu": [
                {"label": name, "url": reverse("analytics:outcome-define", args=[meaning, key])}
                for key, name in LineType.choices
                if (meaning, key) not in taken
            ],
        }
        for meaning, label in Meaning.choices
    ]


@require(PERMISSION)
@require_http_methods(["GET", "POST"])
def define(request: StaffRequest, meaning: str, line_type: str) -> HttpResponse:
    """Change a definition, or create one for a line type, initialised from the general one."""
    key = _line_type(meaning, line_type)
    row = OutcomeDefinition.objects.filter(meaning=meaning, line_type=key).first()
    start = row or OutcomeDefinition.objects.filter(meaning=meaning, line_type="").first()
    initial = {name: getattr(start, name) for name in FIELDS[meaning]} if start else {}
    form = DefinitionForm(request.POST or None, meaning=meaning, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            save_definition(
                actor=request.user, meaning=meaning, line_type=key, values=form.cleaned_data, now=clock.now()
            )
        except Invalid as problem:
            form.add_error("edges", str(problem))
        else:
            messages.success(request, _("Saved. Month ends that are counted from now on go by it."))
            return redirect("analytics:outcomes")
    context = {
        "form": form,
        "row": row,
        "meaning": Meaning(meaning).label,
        "type": LineType(key).label if key else _("All line types without a definition of their own"),
        "key": line_type,
        "meaning_key": meaning,
    }
    return render(request, "analytics/outcomes/edit.html", context, status=422 if form.errors else 200)


@require(PERMISSION)
@require_POST
def remove(request: StaffRequest, meaning: str, line_type: str) -> HttpResponse:
    """Delete the definition of a line type."""
    row = get_object_or_404(OutcomeDefinition, meaning=meaning, line_type=_line_type(meaning, line_type))
    try:
        remove_definition(actor=request.user, definition=row)
    except Invalid as problem:
        messages.error(request, str(problem))
    return redirect("analytics:outcomes")


def _line_type(meaning: str, line_type: str) -> str:
    if meaning not in Meaning.values or line_type not in {ALL, *LineType.values}:
        raise Http404
    return "" if line_type == ALL else line_type
