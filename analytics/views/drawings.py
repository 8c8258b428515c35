"""The champion's figures as charts and rows."""

from django.utils.translation import gettext as _

from analytics.models import ModelVersion
from customers.fields import FIELDS
from customers.models import CustomField, TenureCohort
from customers.reasons import ATTRIBUTE_PREFIX
from retention.core import charts

FACTORS_SHOWN = 15


def of_champion(version: ModelVersion) -> list[charts.Spec]:
    curves = version.curves
    return [
        charts.chart(
            "line",
            title=_("Gain: leavers found in the top of the list"),
            x=[f"{share:.0%}" for share, _found in curves["gain"]],
            data=[
                charts.series(_("By the model"), [found for _share, found in curves["gain"]]),
                charts.series(_("By chance"), [share for share, _found in curves["gain"]], dashed=True, tone="muted"),
            ],
            format="percent",
        ),
        charts.scatter(
            title=_("Calibration: what was said and what happened"),
            x_name=_("Said"),
            y_name=_("Happened"),
            points=[(said, true, _("%(n)d lines") % {"n": rows}, "") for said, true, rows in curves["calibration"]],
            format="percent",
            diagonal=True,
        ),
        charts.chart(
            "bar",
            title=_("Lift by tenth of the list"),
            x=[str(place) for place in range(1, len(curves["lift"]) + 1)],
            data=[charts.series(_("Times the usual rate"), curves["lift"])],
            format="decimal",
            threshold=(1, _("usual")),
        ),
        charts.chart(
            "bar",
            title=_("Factors by weight"),
            x=[factor_label(one["factor"]) for one in version.factors[:FACTORS_SHOWN]][::-1],
            data=[charts.series(_("Weight"), [one["weight"] for one in version.factors[:FACTORS_SHOWN]][::-1])],
            format="percent",
            horizontal=True,
        ),
    ]


def factor_label(key: str) -> str:
    """A factor as people call it."""
    if key in FIELDS:
        return str(FIELDS[key].label)
    own = CustomField.objects.filter(key=key.removeprefix(ATTRIBUTE_PREFIX)).first()
    return own.title if own else key


def cohort_rows(version: ModelVersion) -> list[dict]:
    labels = dict(TenureCohort.choices)
    return [row | {"label": labels[row["cohort"]]} for row in version.cohorts]
