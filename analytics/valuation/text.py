"""Segments and save rates in words."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from analytics.valuation.queries import MeasuredTreatment
from analytics.valuation.rules.save_rates import Prior, SaveRate
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


def format_saved(found: MeasuredTreatment | None, belief: Prior) -> str:
    """What our own campaigns measured of the leavers kept, and whether it counts."""
    if found is None:
        return _("Leavers kept: assumed; no campaign has measured it yet.")
    saved = found.saved
    said = ngettext(
        "Leavers kept: measured in %(tests)s campaign, %(people)s people: %(rate)s (%(low)s – %(high)s).",
        "Leavers kept: measured in %(tests)s campaigns, %(people)s people: %(rate)s (%(low)s – %(high)s).",
        saved.tests,
    ) % {
        "tests": formats.number(saved.tests), "people": formats.number(saved.people),
        "rate": formats.percent(saved.rate, 0), "low": formats.percent(saved.low, 0),
        "high": formats.percent(saved.high, 0),
    }  # fmt: skip
    counts = {"leavers": formats.number(saved.leavers), "needed": formats.number(belief.enough)}
    if saved.leavers < belief.enough:
        return said + " " + _("Only %(leavers)s people left of the %(needed)s needed: it is still assumed.") % counts
    return said + " " + _("The planner reckons with it, drawn towards what is believed where few people left.")


def format_acceptance(found: MeasuredTreatment | None) -> str:
    """What our own campaigns measured of those contacted who take the offer."""
    if found is None or found.acceptance is None:
        return _("Take the offer: assumed; no campaign has measured it yet.")
    took = found.acceptance
    return _("Take the offer: measured on %(people)s people: %(share)s (%(low)s – %(high)s).") % {
        "people": formats.number(took.people), "share": formats.percent(took.share),
        "low": formats.percent(took.low), "high": formats.percent(took.high),
    }  # fmt: skip
