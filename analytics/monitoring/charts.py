"""The watch as charts."""

from datetime import date, timedelta

from django.utils.translation import gettext as _

from analytics.monitoring.models import AlarmKind, WatchThreshold, WatchValue
from customers.fields.choices import RiskTier
from retention.core.ui import charts, formats
from retention.core.ui.periods import all_days

M = WatchValue.Measure
CHART_NIGHTS = 90


def night_charts(*, as_of: date, version: str) -> list[charts.Spec]:
    """Score distribution by night: drift, mean and tiers."""
    kept = WatchValue.objects.of(M.SCORE_PSI, M.SCORE_DRIFT, M.MEAN, M.TIER).filter(version=version)
    values: dict[tuple[str, str], dict[date, float]] = {}
    for value in kept.between(as_of - timedelta(days=CHART_NIGHTS - 1), as_of).order_by("as_of"):
        values.setdefault((value.measure, value.subject), {})[value.as_of] = value.value
    watched = {night for one in values.values() for night in one}
    nights = all_days(watched)
    if not nights:
        return []
    x = [formats.moment(night) if night in watched else _not_scored(night) for night in nights]

    def row(measure: str, subject: str = "") -> list[float | None]:
        return [values.get((measure, subject), {}).get(night) for night in nights]

    alarm = WatchThreshold.objects.filter(kind=AlarmKind.SCORE).first()
    return [
        charts.chart(
            "line",
            title=_("Score drift against the reference"),
            x=x,
            data=[
                charts.series(_("PSI"), row(M.SCORE_PSI)),
                charts.series(_("Beyond the calendar"), row(M.SCORE_DRIFT), tone="c3"),
            ],
            format="decimal",
            threshold=(alarm.opens_at, _("alarm")) if alarm else None,
        ),
        charts.chart(
            "line",
            title=_("Mean churn probability"),
            x=x,
            data=[charts.series(_("Mean"), row(M.MEAN))],
            format="percent",
        ),
        charts.chart(
            "stacked",
            title=_("Lines by risk tier"),
            x=x,
            data=[charts.series(tier.label, row(M.TIER, tier.value), tone=tier.value) for tier in RiskTier],
            format="percent",
        ),
    ]


def _not_scored(night: date) -> str:
    return charts.gap(formats.moment(night), _("not scored"))


def month_charts(rows: list[dict]) -> list[charts.Spec]:
    """Realised lift, predicted against observed churn; rows as tables.month_rows gives them."""
    whole = [row for row in rows if row["key"] == ""][::-1]
    if not whole:
        return []
    x = [
        charts.gap(formats.moment(row["month"]), _("not judged"))
        if row["rows"] is None
        else formats.moment(row["month"])
        for row in whole
    ]
    return [
        charts.chart(
            "bar",
            title=_("Lift of the top tenth, when it was known who left"),
            x=x,
            data=[charts.series(_("Times the usual rate"), [row["lift"] for row in whole])],
            format="decimal",
            threshold=(1, _("usual")),
        ),
        charts.chart(
            "line",
            title=_("Predicted and actual"),
            x=x,
            data=[
                charts.series(_("Predicted"), [row["said"] for row in whole], dashed=True),
                charts.series(_("Actual"), [row["happened"] for row in whole]),
            ],
            format="percent",
        ),
    ]
