"""Segments and save rates in words."""

from django.utils.translation import gettext as _

from analytics.valuation.rules.save_rates import SaveRate
from customers.fields.choices import TenureCohort, ValueBand
from retention.core.ui import formats


def segment_name(cohort: str, band: str) -> str:
    return f"{TenureCohort(cohort).label} · {ValueBand(band).label}"


def format_interval(rate: SaveRate) -> str:
    return f"{formats.percent(rate.low)} – {formats.percent(rate.high)}"


def format_evidence(rate: SaveRate) -> str:
    """Whether the prior or tests apply, and what is missing."""
    if rate.is_learned:
        return _("Tests: %(tests)d, %(leavers)d leavers") % {"tests": rate.tests, "leavers": rate.leavers}
    return _("Assumption: tests saw %(leavers)d of %(needed)d leavers") % {
        "leavers": rate.leavers,
        "needed": rate.needed,
    }
