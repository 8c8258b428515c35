"""The what-if page of a line."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from analytics.whatif.factors import Factor
from analytics.whatif.forms import WhatIfForm
from analytics.whatif.services import Prediction, Subject, leavers_of, rows_of_themes, subject_of
from analytics.whatif.tables import MovedTable, PictureTable
from customers.page360.views import visible_line
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.audit import services as audit
from retention.core.errors import Invalid
from retention.core.ui import charts, formats


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
    return render(request, "analytics/whatif/what_if.html", context | _compared(subject, form, line.profile.arpu))


def _compared(subject: Subject, form: WhatIfForm, spend: Decimal | None) -> dict[str, Any]:
    """spend: of the line, yuan a month."""
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
        "pictures": PictureTable(list(_pictures(before, now, spend))) if moved else None,
        "moved": MovedTable(changes),
        "curve": _curve(chosen, steps, chances[len(moved) :], before),
        "theme_chart": _themes(before, now, moved=bool(moved)),
    }


def _pictures(before: Prediction, now: Prediction, spend: Decimal | None) -> Iterator[dict[str, Any]]:
    """The chance as a share, as lines of many, and as yuan: what it was, will be, and the difference."""
    was, will = before.probability, now.probability
    yield {"what": _("Churn probability"), "was": was, "will": will, "kind": "percent", "change": "points"}
    lines, left, leave = leavers_of(was, will)
    many = _("Of %(count)s lines like this, leave") % {"count": formats.number(lines)}
    yield {"what": many, "was": left, "will": leave, "kind": "count", "change": "count"}
    if spend is not None:
        at_risk = _("Monthly spend at risk")
        was_yuan, yuan = float(spend) * was, float(spend) * will
        yield {"what": at_risk, "was": was_yuan, "will": yuan, "kind": "money", "change": "money"}


def _curve(factor: Factor, steps: list[Any], chances: list[float], before: Prediction) -> charts.Spec:
    return charts.chart(
        "line" if factor.is_number else "bar",
        title=_("Churn probability by one factor: %(factor)s") % {"factor": factor.label},
        x=[factor.format_value(step) for step in steps],
        data=[charts.series(_("Churn probability"), chances)],
        format="percent",
        threshold=(before.probability, _("now")),
    )


def _themes(before: Prediction, now: Prediction, *, moved: bool) -> charts.Spec:
    rows = rows_of_themes(before, now)
    data = [charts.series(_("As it is"), [round(row[1], 4) for row in rows], tone="muted")]
    if moved:
        data.append(charts.series(_("As asked for"), [round(row[2], 4) for row in rows]))
    return charts.chart(
        "bar",
        title=_("What each reason adds to the churn probability"),
        x=[str(theme.label) for theme, _before, _now in rows],
        data=data,
        format="points",
        horizontal=True,
    )
