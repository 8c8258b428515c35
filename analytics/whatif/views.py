"""The what-if page of a line."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from analytics.whatif.factors import Factor
from analytics.whatif.forms import WhatIfForm
from analytics.whatif.services import Prediction, Subject, rows_of_themes, subject_of
from analytics.whatif.tables import MovedTable
from customers.page360.views import visible_line
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.audit import services as audit
from retention.core.errors import Invalid
from retention.core.ui import charts


@require("churn.view")
@require_GET
def what_if(request: StaffRequest, subscriber_no: str) -> HttpResponse:
    """The line beside the changed line; a damaged model is reported in place of the scores."""
    line = visible_line(request.user, subscriber_no)
    audit.record(actor=request.user, action="customer.view", target=line, page="what-if")
    context: dict[str, Any] = {"subscriber": line, "customer": line.account.customer}
    try:
        subject = subject_of(line)
    except Invalid as error:
        return render(request, "analytics/whatif/what_if.html", context | {"trouble": error.message})
    if subject is None or not subject.factors:
        trouble = _("This line has no score: there is no model yet, or the line is new, has left, or is not profiled.")
        return render(request, "analytics/whatif/what_if.html", context | {"trouble": trouble})
    form = WhatIfForm(request.GET, factors=subject.factors)
    return render(request, "analytics/whatif/what_if.html", context | _compared(subject, form))


def _compared(subject: Subject, form: WhatIfForm) -> dict[str, Any]:
    moved = form.values()
    before = subject.prediction()
    now = subject.with_values(moved) if moved else before
    chosen = form.curve_of(moved)
    steps = chosen.steps()
    cases = [{key: value} for key, value in moved.items()] + [{chosen.key: step} for step in steps]
    chances = subject.chances(cases)
    known = {factor.key: factor for factor in subject.factors}
    changes = [
        {
            "key": key,
            "factor": known[key].label,
            "was": known[key].format_value(known[key].value),
            "will": known[key].format_value(value),
            "alone": chance - before.probability,
        }
        for (key, value), chance in zip(moved.items(), chances, strict=False)
    ]
    return {
        "form": form,
        "version": subject.version,
        "before": before,
        "now": now,
        "difference": now.probability - before.probability,
        "moved": MovedTable(changes),
        "curve": _curve(chosen, steps, chances[len(moved) :], before),
        "theme_chart": _themes(before, now, moved=bool(moved)),
    }


def _curve(factor: Factor, steps: list[Any], chances: list[float], before: Prediction) -> charts.Spec:
    return charts.chart(
        "line" if factor.is_number else "bar",
        title=_("Chance of leaving by one factor: %(factor)s") % {"factor": factor.label},
        x=[factor.format_value(step) for step in steps],
        data=[charts.series(_("Chance of leaving"), chances)],
        format="percent",
        threshold=(before.probability, _("now")),
    )


def _themes(before: Prediction, now: Prediction, *, moved: bool) -> charts.Spec:
    rows = rows_of_themes(before, now)
    data = [charts.series(_("As it is"), [round(row[1], 3) for row in rows], tone="muted")]
    if moved:
        data.append(charts.series(_("As asked for"), [round(row[2], 3) for row in rows]))
    return charts.chart(
        "bar",
        title=_("What each reason adds (log-odds)"),
        x=[str(theme.label) for theme, _before, _now in rows],
        data=data,
        format="decimal",
        horizontal=True,
    )
