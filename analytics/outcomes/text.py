"""Labels of factors, bands and definitions."""

from collections.abc import Mapping

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from analytics.churn.models import Meaning, OutcomeDefinition
from analytics.outcomes.models import RiskBand
from customers.facts import text
from customers.facts.models import CustomField
from customers.fields import FIELDS, Kind, ProfileField
from customers.risk.text.reasons import ATTRIBUTE_PREFIX
from retention.core.ui import formats


def factor_label(factor: str, custom: Mapping[str, CustomField]) -> str:
    """The label of a factor; custom: the operator's own fields by key."""
    if factor in FIELDS:
        return str(FIELDS[factor].label)
    key = factor.removeprefix(ATTRIBUTE_PREFIX)
    return custom[key].title if key in custom else key


def format_band(band: RiskBand) -> str:
    """`10 to below 20 days`, `below 30%`, `yes`, `not known`."""
    field = FIELDS.get(band.factor)
    if band.is_blank:
        return _("not known")
    if band.level:
        return _level(field, band.level)
    unit = f" {field.unit}" if field and field.unit and field.kind not in {Kind.SHARE, Kind.MONEY} else ""
    if band.low is not None and band.high is not None:
        words = {"low": _number(field, band.low), "high": _number(field, band.high)}
        return _("%(low)s to below %(high)s") % words + unit
    if band.low is not None:
        return _("%(low)s and more") % {"low": _number(field, band.low) + unit}
    if band.high is not None:
        return _("below %(high)s") % {"high": _number(field, band.high) + unit}
    return _("any value")


def _level(field: ProfileField | None, level: str) -> str:
    if field and field.kind == Kind.FLAG:
        return _("yes") if level == "t" else _("no")
    labels = dict(field.choices.choices) if field and field.choices else {}
    return str(labels.get(level) or (text.format_source_code(level) if field else level))


def _number(field: ProfileField | None, value: float) -> str:
    if field and field.kind == Kind.SHARE:
        return formats.percent(value, 0 if abs(value) >= 0.1 else 1)
    if field and field.kind == Kind.MONEY:
        return formats.money(value, 0 if abs(value) >= 10 else 2)
    decimals = 0 if abs(value) >= 100 or float(value).is_integer() else 1 if abs(value) >= 1 else 2
    return formats.number(value, decimals)


def format_definition(row: OutcomeDefinition) -> str:
    """The definition as a sentence."""
    gap = ngettext("after a gap of %(n)d day", "after a gap of %(n)d days", row.gap_days) % {"n": row.gap_days}
    gap = gap if row.gap_days else _("right after the month end")
    if row.meaning == Meaning.SPENDS_LESS:
        return _(
            "The mean of the %(bills)d bills %(gap)s lies in a lower tier than the mean of the %(before)d before, "
            "and at least %(share)s lower. Tiers begin at %(edges)s."
        ) % {
            "bills": row.outcome_months,
            "gap": gap,
            "before": row.observation_months,
            "share": formats.percent(row.fall_share, 0),
            "edges": ", ".join(formats.money(edge, 0) for edge in row.edges),
        }
    values = {"days": row.horizon_days, "gap": gap}
    if row.meaning == Meaning.FALLS and row.brands:
        return _(
            "In the %(days)d days %(gap)s the line moves to a plan with a lower fee or of a lower brand. "
            "Brands, highest first: %(brands)s."
        ) % (values | {"brands": ", ".join(row.brands)})
    if row.meaning == Meaning.FALLS:
        return _("In the %(days)d days %(gap)s the line moves to a plan with a lower fee.") % values
    return (
        _("In the %(days)d days %(gap)s the line is ported out, terminated by choice, or not used any more.") % values
    )


def month_name(day: object) -> str:
    return date_format(day, "YEAR_MONTH_FORMAT")
