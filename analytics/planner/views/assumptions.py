"""The planner's assumptions: terms of line types, priors of treatments, tests."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import Form
from django.forms.models import model_to_dict
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from analytics.navigation.views import ChurnList
from analytics.planner.forms import AssumptionsForm, ExperimentForm, TreatmentForm
from analytics.planner.tables import ExperimentTable, SaveRateTable
from analytics.valuation import services
from analytics.valuation.models import Experiment, Treatment, TreatmentKind
from analytics.valuation.queries import MeasuredTreatment, measured_by_kind
from analytics.valuation.rules.economics import (
    BANDS,
    COHORTS,
    KINDS,
    LINE_TYPES,
    Economics,
    assumptions_by_type,
    churn_rates_by_type,
    prior_of,
    treatments_by_kind,  # fmt: skip
)
from analytics.valuation.text import format_acceptance, format_evidence, format_saved, segment_name
from customers.facts.models import LineType
from customers.fields.choices import TenureCohort
from retention.core import clock
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.errors import Conflict, Invalid, NotFound
from retention.core.ui import charts, formats


class Assumptions(ChurnList):
    """Value of a line, prior and measured effect of each treatment, and the list of tests."""

    name = "experiments"
    title = _("Values and save rates")
    subtitle = _(
        "Expected gain = churn probability × share saved × value of the line − cost, "
        "with the treatment that brings most."
    )
    parent = ("analytics:planner", _("Planner"))
    template_name = "analytics/planner/assumptions.html"
    table_class = ExperimentTable

    def get_queryset(self) -> QuerySet[Experiment]:
        return Experiment.objects.for_list()

    def get_table_kwargs(self) -> dict[str, Any]:
        return {"may_plan": services.may_plan(self.user)}

    def get_context_data(self) -> dict[str, Any]:
        economics = Economics.current()
        return super().get_context_data() | {
            "types": _types(economics),
            "treatments": _treatments(economics),
            "may_plan": services.may_plan(self.user),
        }


def _types(economics: Economics) -> list[dict[str, Any]]:
    rows, leaving = assumptions_by_type(), churn_rates_by_type(assumptions_by_type())
    return [
        {
            "key": line_type,
            "label": LineType(line_type).label,
            "own": rows[line_type].line_type == line_type,
            "terms": rows[line_type],
            "cohorts": [
                {
                    "label": TenureCohort(cohort).label,
                    "leaving": leaving[line_type, cohort],
                    "months": economics.months[place, number],
                }
                for number, cohort in enumerate(COHORTS)
            ],
        }
        for place, line_type in enumerate(LINE_TYPES)
    ]


def _treatments(economics: Economics) -> list[dict[str, Any]]:
    rows, measured = treatments_by_kind(), measured_by_kind()
    return [
        {
            "kind": kind,
            "label": TreatmentKind(kind).label,
            "row": rows[kind],
            "has_offer": kind != TreatmentKind.CONTACT,
            "saved": format_saved(measured.get(kind), prior_of(rows[kind])),
            "acceptance": format_acceptance(measured.get(kind)),
            "to_adopt": _to_adopt(measured.get(kind), rows[kind]),
            "chart": _forest(kind, economics),
            "rates": SaveRateTable(
                [
                    {
                        "segment": segment_name(cohort, band),
                        "rate": economics.rates[kind, cohort, band],
                        "known_from": format_evidence(economics.rates[kind, cohort, band]),
                    }
                    for cohort in COHORTS
                    for band in BANDS
                ],
                treatment=TreatmentKind(kind).label,
            ),
        }
        for kind in KINDS
    ]


def _to_adopt(found: MeasuredTreatment | None, row: Treatment) -> float | None:
    """The measured acceptance, where it differs from the one that the planner reckons with."""
    if found is None or found.acceptance is None:
        return None
    share = round(found.acceptance.share, 4)
    return None if share == round(row.acceptance, 4) else share


def _forest(kind: str, economics: Economics) -> charts.Spec:
    keys = [(cohort, band) for cohort in COHORTS for band in BANDS]
    found = [economics.rates[kind, cohort, band] for cohort, band in keys]
    return charts.intervals(
        title=gettext("Save rate: %(treatment)s") % {"treatment": TreatmentKind(kind).label},
        x=[segment_name(cohort, band) for cohort, band in keys],
        middle=[one.rate for one in found],
        low=[one.low for one in found],
        high=[one.high for one in found],
        format="percent",
    )


@require("churn.plan")
@require_http_methods(["GET", "POST"])
def edit_assumptions(request: StaffRequest, line_type: str) -> HttpResponse:
    """Change the terms of a line type; "others" are those for all that have none of their own."""
    key = "" if line_type == "others" else line_type
    rows = assumptions_by_type()
    if key not in rows:
        raise Http404(line_type)
    title = LineType(key).label if key else _("All other line types")
    form = AssumptionsForm(request.POST or None, initial=model_to_dict(rows[key]))

    def save() -> None:
        services.save_assumptions(actor=request.user, line_type=key, values=form.cleaned_data)

    return _edit(request, form, _("Value parameters: %(what)s"), title, save)


@require("churn.plan")
@require_http_methods(["GET", "POST"])
def edit_treatment(request: StaffRequest, kind: str) -> HttpResponse:
    rows = treatments_by_kind()
    if kind not in rows:
        raise Http404(kind)
    form = TreatmentForm(request.POST or None, initial=model_to_dict(rows[kind]))

    def save() -> None:
        services.save_treatment(actor=request.user, kind=kind, values=form.cleaned_data)

    return _edit(request, form, _("Treatment: %(what)s"), TreatmentKind(kind).label, save)


@require("churn.plan")
@require_POST
def adopt_acceptance(request: StaffRequest, kind: str) -> HttpResponse:
    """Reckon with the measured acceptance of a treatment from now on."""
    _require_planner(request)
    try:
        row = services.adopt_measured_acceptance(actor=request.user, kind=kind)
    except NotFound as error:
        raise Http404(kind) from error
    words = {"treatment": TreatmentKind(kind).label, "share": formats.percent(row.acceptance)}
    messages.success(request, _("%(treatment)s: %(share)s take the offer, as measured.") % words)
    return redirect("analytics:value")


@require("churn.plan")
@require_http_methods(["GET", "POST"])
def add_experiment(request: StaffRequest) -> HttpResponse:
    form = ExperimentForm(request.POST or None)

    def save() -> None:
        services.record_experiment(actor=request.user, now=clock.now(), **form.cleaned_data)

    return _edit(request, form, _("Record a test"), "", save)


def _edit(request: StaffRequest, form: Form, heading: Any, what: Any, save: Any) -> HttpResponse:
    """Show or take a form; what the service refuses stands at its field."""
    _require_planner(request)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                save()
            except (Invalid, Conflict) as error:
                _add_error(form, error)
            else:
                messages.success(request, _("Saved. The next scoring uses it."))
                return redirect("analytics:value")
    title = str(heading) % {"what": what} if what else heading
    context = {"form": form, "heading": title}
    return render(request, "analytics/planner/edit.html", context, status=status)


def _require_planner(request: StaffRequest) -> None:
    """The permission is a manager's, but what is set here holds for the whole base."""
    if not services.may_plan(request.user):
        raise PermissionDenied("churn.plan")


def _add_error(form: Form, error: Invalid | Conflict) -> None:
    details = [one for one in error.details if one.get("field") in form.fields]
    for one in details:
        form.add_error(one["field"], one["message"])
    if not details:
        form.add_error(None, error.message)


@require("churn.plan")
@require_http_methods(["GET", "POST"])
def withdraw_experiment(request: StaffRequest, pk: int) -> HttpResponse:
    """Confirm, then exclude a test from the computation."""
    _require_planner(request)
    test = Experiment.objects.filter(pk=pk, withdrawn_at=None).first()
    if test is None:
        raise Http404(pk)
    if request.method == "POST":
        services.withdraw_experiment(actor=request.user, pk=pk, now=clock.now())
        messages.success(request, _("%(test)s is no longer counted.") % {"test": test.source})
        return redirect("analytics:value")
    context = {"heading": gettext("Withdraw a test"), "here": test.source}
    return render(request, "analytics/planner/withdraw.html", context)
