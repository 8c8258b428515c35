"""A model version's figures as charts and rows."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from analytics.churn.models import ModelVersion
from customers.fields import FIELDS, Kind
from customers.fields.choices import TenureCohort
from customers.fields.text import SETTING, field_label, format_code, format_flag, format_number
from retention.core.ui import charts

FACTORS_SHOWN = 15


def version_charts(versions: Sequence[ModelVersion]) -> list[charts.Spec]:
    """Gain, calibration and lift of one version, or of two on the same axes."""
    first = versions[0].curves
    alone = len(versions) == 1
    name = (lambda version: _("By the model")) if alone else (lambda version: version.version)
    tones = ["c1", "c3"]
    drawn = [
        charts.chart(
            "line",
            title=_("Gain: leavers found in the top of the list"),
            x=[f"{share:.0%}" for share, _found in first["gain"]],
            data=[
                *(
                    charts.series(name(one), [found for _share, found in one.curves["gain"]], tone=tone)
                    for one, tone in zip(versions, tones, strict=False)
                ),
                charts.series(_("By chance"), [share for share, _found in first["gain"]], dashed=True, tone="muted"),
            ],
            format="percent",
        ),
        charts.chart(
            "bar",
            title=_("Lift by tenth of the list"),
            x=[str(place) for place in range(1, len(first["lift"]) + 1)],
            data=[
                charts.series(_("Times the usual rate") if alone else one.version, one.curves["lift"], tone=tone)
                for one, tone in zip(versions, tones, strict=False)
            ],
            format="decimal",
            threshold=(1, _("usual")),
        ),
    ]
    return [*drawn, *(_calibration(one, alone=alone) for one in versions)]


def _calibration(version: ModelVersion, *, alone: bool) -> charts.Spec:
    title = _("Calibration: predicted and actual")
    return charts.scatter(
        title=title if alone else f"{title} ({version.version})",
        x_name=_("Predicted"),
        y_name=_("Actual"),
        points=[(said, true, _("%(n)d lines") % {"n": rows}, "") for said, true, rows in version.curves["calibration"]],
        format="percent",
        diagonal=True,
    )


def factor_weights(version: ModelVersion) -> charts.Spec:
    """Bars read from the top: the heaviest first, as the version keeps them."""
    shown = version.factors[:FACTORS_SHOWN]
    return charts.chart(
        "bar",
        title=_("Factors by weight"),
        x=[field_label(one["factor"]) for one in shown],
        data=[charts.series(_("Weight"), [one["weight"] for one in shown])],
        format="percent",
        horizontal=True,
    )


def factor_shape(shape: dict[str, Any]) -> list[charts.Spec]:
    """Contribution of each value of a factor to the score, and the observed churn."""
    places = [_place(shape["factor"], point) for point in shape["points"]]
    points = shape["points"]
    label = field_label(shape["factor"])
    return [
        charts.chart(
            "line" if shape["kind"] == "number" else "bar",
            title=_("%(factor)s: what it adds to the churn probability (log-odds)") % {"factor": label},
            x=places,
            data=[charts.series(_("Added, mean"), [point["added"] for point in points])],
            format="decimal",
            threshold=(0, _("adds nothing")),
            band=(_("middle 80% of lines"), [p["low"] for p in points], [p["high"] for p in points])
            if shape["kind"] == "number"
            else None,
        ),
        charts.chart(
            "bar",
            title=_("%(factor)s: share that left") % {"factor": label},
            x=places,
            data=[charts.series(_("Left"), [point["rate"] for point in points])],
            format="percent",
        ),
    ]


def _place(factor: str, point: dict[str, Any]) -> str:
    if point.get("blank"):
        return _("not known")
    if "level" in point:
        return _level(factor, point["level"])
    low, high = point["from"], point["to"]
    return _number(low) if low == high else f"{_number(low)} – {_number(high)}"


def _level(factor: str, level: str) -> str:
    field = FIELDS.get(factor)
    is_flag = field.kind == Kind.FLAG if field else level in {"t", "f"}
    return format_flag(level) if is_flag else format_code(field, level)


def _number(value: float) -> str:
    return format_number(None, value, SETTING)


def cohort_rows(version: ModelVersion) -> list[dict]:
    labels = dict(TenureCohort.choices)
    own = (version.recipe or {}).get("own", [])
    return [row | {"label": labels[row["cohort"]], "own": place in own} for place, row in enumerate(version.cohorts)]


def format_day(text: str | None) -> str:
    """A kept ISO date as people write it; nothing for none."""
    return date_format(date.fromisoformat(text), "DATE_FORMAT") if text else ""
