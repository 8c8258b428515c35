"""The factor tables of a month: information gain, and the bands with the highest churn rate."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from analytics.navigation.tabs import churn_tabs
from analytics.outcomes.forms import FactorFilter
from analytics.outcomes.models import FactorGain, RiskBand
from analytics.outcomes.tables import BandTable, GainTable
from analytics.outcomes.text import factor_label, format_band, month_name
from customers.facts.models import CustomField
from customers.risk.text.reasons import custom_fields_by_key
from retention.core.accounts.models import User
from retention.core.accounts.permissions import require
from retention.core.audit import services as audit
from retention.core.ui import charts
from retention.core.ui.tables.exports import export_response, wants_export

FACTORS_CHARTED = 15
BANDS = "bands"


@require("churn.view")
@require_GET
def factors(request: HttpRequest) -> HttpResponseBase:
    """`export` returns the table of gains as a file, with `list=bands` that of high-risk bands."""
    seen = FactorGain.objects.visible_to(request.user)
    months = list(seen.order_by("-snapshot").values_list("snapshot", flat=True).distinct())
    form = FactorFilter(request.GET, months=[(str(month), month_name(month)) for month in months])
    chosen = form.cleaned_data if form.is_valid() else {}
    month = date.fromisoformat(chosen["month"]) if chosen.get("month") else next(iter(months), None)
    cohort, custom = chosen.get("cohort", ""), custom_fields_by_key()
    gains = _gains(request.user, month, cohort, custom)
    bands = _bands(request.user, month, cohort, custom)
    if wants_export(request) and request.user.may("export"):
        of_bands = request.GET.get("list") == BANDS
        table = BandTable(bands, request=request) if of_bands else GainTable(gains, request=request)
        audit.record(actor=request.user, action="export", target="factors", query=request.GET.urlencode())
        return export_response(request, table.ordered(), "high-risk-factors" if of_bands else "factors")
    table = GainTable(gains, request=request)
    table.exportable = request.user.may("export")
    context = {
        "tabs": churn_tabs(request),
        "form": form,
        "month": month_name(month) if month else "",
        "whole": gains[0] if gains else None,
        "sees_all": bool(months) or not FactorGain.objects.exists(),
        "table": table.paged(),
        "bands": BandTable(bands, request=request, prefix="bands-").paged(),
        "may_export": table.exportable,
        "chart": _chart(gains),
    }
    return render(request, "analytics/outcomes/factors.html", context)


def _gains(user: User, month: date | None, cohort: str, custom: dict[str, CustomField]) -> list[dict[str, Any]]:
    if month is None:
        return []
    seen = FactorGain.objects.visible_to(user).filter(cohort=cohort)
    before = seen.filter(snapshot__lt=month).order_by("-snapshot").values_list("snapshot", flat=True).first()
    earlier = dict(seen.filter(snapshot=before).values_list("factor", "rank")) if before else {}
    return [
        {
            "factor": row.factor,
            "label": factor_label(row.factor, custom),
            "rank": row.rank,
            "gain": row.gain,
            "gain_ratio": row.gain_ratio,
            "moved": earlier[row.factor] - row.rank if row.factor in earlier else None,
            "lines": row.lines,
            "leavers": row.leavers,
        }
        for row in seen.filter(snapshot=month).order_by("rank")
    ]


def _bands(user: User, month: date | None, cohort: str, custom: dict[str, CustomField]) -> list[dict[str, Any]]:
    if month is None:
        return []
    names = ("factor", "lines", "leavers", "rate", "rate_low", "rate_high", "lift")
    seen = RiskBand.objects.visible_to(user).filter(snapshot=month, cohort=cohort).order_by("rank")
    return [
        {name: getattr(row, name) for name in names}
        | {"label": factor_label(row.factor, custom), "band": format_band(row)}
        for row in seen
    ]


def _chart(gains: list[dict[str, Any]]) -> charts.Spec | None:
    top = gains[:FACTORS_CHARTED]
    if not top:
        return None
    return charts.chart(
        "bar",
        title=_("Information gain, thousandths of a bit"),
        x=[one["label"] for one in top],
        data=[charts.series(_("Information gain"), [one["gain"] * 1000 for one in top])],
        format="decimal",
        horizontal=True,
    )
