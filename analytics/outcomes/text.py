"""Labels of factors, bands and definitions."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from analytics.churn.models import Meaning, OutcomeDefinition
from analytics.outcomes.models import RiskBand
from customers.fields import FIELDS
from customers.fields.text import BORDER, format_number, format_value, with_unit
from retention.core.ui import formats


def format_band(band: RiskBand) -> str:
    """`10 to below 20 days`, `below 30%`, `yes`, `not known`."""
    field = FIELDS.get(band.factor)
    if band.is_blank:
        return _("not known")
    if band.level:
        return format_value(field, band.level) if field else band.level
    if band.low is not None and band.high is not None:
        low, high = (format_number(field, border, BORDER, unit=False) for border in (band.low, band.high))
        return with_unit(field, _("%(low)s to below %(high)s") % {"low": low, "high": high}, BORDER)
    if band.low is not None:
        return _("%(low)s and more") % {"low": format_number(field, band.low, BORDER)}
    if band.high is not None:
        return _("below %(high)s") % {"high": format_number(field, band.high, BORDER)}
    return _("any value")


def format_definition(row: OutcomeDefinition) -> str:
    """The definition as a sentence."""
    gap = ngettext("after a gap of %(n)d day", "after a gap of %(n)d days", row.gap_days) % {"n": row.gap_days}
    gap = gap if row.gap_days else _("right after the month end")
    if row.meaning == Meaning.SPENDS_LESS:
        return _(
            "The mean of the %(bills)d bills %(gap)s lies in a lower tier than the mean of the %(before)d before, "
            "and at least %(share)s lower. Tiers begin at %(edges)s. Of prepaid lines without bills, top-ups count."
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
        _(
            "In the %(days)d days %(gap)s the line is ported out, terminated by choice, or not used any more; "
            "a prepaid line: neither used nor topped up."
        )
        % values
    )


def month_name(day: date) -> str:
    return date_format(day, "YEAR_MONTH_FORMAT")
