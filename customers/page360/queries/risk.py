"""Risk over time, and its reasons then and now."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from customers.facts.models import Subscriber
from customers.fields.attributes import custom_fields_by_key
from customers.risk.models import RiskScore
from customers.risk.text.explanations import BusinessReason, Change, business_reasons, change_between, holding_reasons
from customers.risk.text.reasons import Reason, format_reasons
from retention.core.ui import charts

A_YEAR = timedelta(days=365)
A_MONTH = timedelta(days=28)
POINT_INTERVAL = timedelta(days=7)


@dataclass(frozen=True)
class RiskHistory:
    """The newest score, the one about a month before it, and the curve (one point a week, oldest first; None for a week
    without a score)."""

    now: RiskScore | None = None
    before: RiskScore | None = None
    points: Sequence[tuple[date, float | None]] = ()
    reasons_now: Sequence[Reason] = ()
    reasons_before: Sequence[Reason] = ()
    themes_now: Sequence[BusinessReason] = ()
    holds: Sequence[BusinessReason] = ()
    change: Change | None = None
    change_chart: charts.Spec | None = None
    chart: charts.Spec | None = None
    spark: Sequence[float | None] = field(default_factory=tuple)


def risk_history(line: Subscriber, *, today: date, for_agent: bool) -> RiskHistory:
    """Everything scored within a year of `today`; reasons in the reader's language."""
    scores = list(
        RiskScore.objects.filter(subscriber=line, as_of__gt=today - A_YEAR, as_of__lte=today)
        .order_by("-as_of")
        .defer("reasons", "themes")
    )
    if not scores:
        return RiskHistory()
    now = scores[0]
    before = next(
        (score for score in scores if now.as_of - score.as_of >= A_MONTH), scores[-1] if len(scores) > 1 else None
    )
    points = _with_gaps([(score.as_of, score.probability) for score in _weekly(scores)])
    told = _with_reasons(line, [score.as_of for score in (now, before) if score])
    custom = custom_fields_by_key()
    later = {as_of: (today - as_of).days if as_of == now.as_of else 0 for as_of in told}
    reasons_by_date = {
        as_of: format_reasons(one.reasons, for_agent=for_agent, custom=custom, days_later=later[as_of])
        for as_of, one in told.items()
    }
    change = None
    if before and before.as_of in told:
        change = change_between(told[before.as_of], told[now.as_of], for_agent=for_agent)
    return RiskHistory(
        now=now,
        before=before,
        points=points,
        reasons_now=reasons_by_date.get(now.as_of, []),
        reasons_before=reasons_by_date.get(before.as_of, []) if before else [],
        themes_now=business_reasons(told[now.as_of], for_agent=for_agent, custom=custom, days_later=later[now.as_of]),
        holds=holding_reasons(told[now.as_of], for_agent=for_agent),
        change=change,
        change_chart=_change_chart(change) if change and change.moves else None,
        chart=_chart(points) if len(points) > 1 else None,
        spark=[probability for _day, probability in points],
    )


def _weekly(scores: Sequence[RiskScore]) -> list[RiskScore]:
    """One score per week back from the newest, oldest first, so that the chart stays readable."""
    kept: list[RiskScore] = []
    for score in scores:
        if not kept or kept[-1].as_of - score.as_of >= POINT_INTERVAL:
            kept.append(score)
    return kept[::-1]


def _with_gaps(points: Sequence[tuple[date, float]]) -> list[tuple[date, float | None]]:
    """A point without a value for each whole week between two scores that are further apart."""
    found: list[tuple[date, float | None]] = []
    for day, probability in points:
        while found and day - found[-1][0] >= 2 * POINT_INTERVAL:
            found.append((found[-1][0] + POINT_INTERVAL, None))
        found.append((day, probability))
    return found


def _with_reasons(line: Subscriber, days: list[date]) -> dict[date, RiskScore]:
    """The scores of these days with their reasons."""
    return {score.as_of: score for score in RiskScore.objects.filter(subscriber=line, as_of__in=days)}


def _chart(points: Sequence[tuple[date, float | None]]) -> charts.Spec:
    return charts.chart(
        "line",
        title=_("Churn probability"),
        x=[_label(day, probability) for day, probability in points],
        data=[charts.series(_("Churn probability"), [probability for _day, probability in points], tone="high")],
        format="percent",
    )


def _label(day: date, probability: float | None) -> str:
    label = date_format(day, "SHORT_DATE_FORMAT")
    return label if probability is not None else charts.gap(label, _("not scored"))


def _change_chart(change: Change) -> charts.Spec:
    """Bars read from the top: the strongest move first."""
    moves = list(change.moves)
    return charts.chart(
        "bar",
        title=_("What moved the odds of leaving"),
        x=[move.label for move in moves],
        data=[charts.series(_("Change in log-odds"), [round(move.log_odds, 4) for move in moves])],
        format="decimal",
        horizontal=True,
    )
