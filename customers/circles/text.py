"""Circles in words. Who may not see every line of one is told no amounts: they would say what others pay."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers.circles.models import Circle
from customers.fields.choices import BundleReason, CircleKind
from retention.core.ui import formats


def format_lines(count: int) -> str:
    return ngettext("%(count)d line", "%(count)d lines", count) % {"count": count}


def format_customers(count: int) -> str:
    return ngettext("%(count)d customer", "%(count)d customers", count) % {"count": count}


def format_circle(circle: Circle) -> str:
    """`Household of 4 lines, 2 customers`"""
    what = {"lines": format_lines(circle.lines), "customers": format_customers(circle.customers)}
    match circle.kind:
        case CircleKind.HOUSEHOLD:
            return _("Household of %(lines)s, %(customers)s") % what
        case CircleKind.ENTERPRISE:
            return _("Enterprise with %(lines)s") % what
    return _("Small group of %(lines)s, %(customers)s") % what


def format_outside(circle: Circle) -> str:
    """How many it is in close contact with, and how many of them on other networks; "" where no ties have come."""
    if circle.contacts is None:
        return ""
    share = formats.percent(circle.rival_share, 0) if circle.contacts else formats.DASH
    return ngettext(
        "%(count)s close contact outside, %(share)s on other networks",
        "%(count)s close contacts outside, %(share)s on other networks",
        circle.contacts,
    ) % {"count": formats.number(circle.contacts), "share": share}


def format_left(circle: Circle) -> str:
    """ "" where nobody has left."""
    if not circle.left_90d:
        return ""
    return ngettext(
        "%(count)d line has left in 90 days", "%(count)d lines have left in 90 days", circle.left_90d
    ) % {"count": circle.left_90d}  # fmt: skip


def format_bundle(circle: Circle, *, amounts: bool) -> str:
    """Why a bundle suits the circle, as a sentence; "" where none does. amounts: with what its lines pay."""
    if not circle.bundle_reason or circle.bundle_plan is None:
        return ""
    what = {
        "mobiles": ngettext("%(count)d mobile line", "%(count)d mobile lines", circle.mobiles)
        % {"count": circle.mobiles},
        "broadbands": ngettext("%(count)d broadband line", "%(count)d broadband lines", circle.broadbands)
        % {"count": circle.broadbands},
        "plan": circle.bundle_plan.name,
        "paid": formats.money(circle.paid),
        "cost": formats.money(circle.bundle_cost),
        "saving": formats.money(circle.bundle_saving),
    }
    return " ".join(sentence % what for sentence in _sentences(circle, amounts))


def _sentences(circle: Circle, amounts: bool) -> list[str]:
    if circle.bundle_reason == BundleReason.MOBILE_BROADBAND:
        first = (
            _("%(mobiles)s and %(broadbands)s of one firm, without a bundle.")
            if circle.kind == CircleKind.ENTERPRISE
            else _("%(mobiles)s and %(broadbands)s of one household, without a bundle.")
        )
        second = (
            _("The mobile line that pays most and the broadband line pay %(paid)s a month together;"
              " %(plan)s costs %(cost)s for both.")
            if amounts
            else _("%(plan)s costs %(cost)s a month for a mobile and a broadband line.")
        )  # fmt: skip
        return [first, second]
    first = (
        _("%(mobiles)s of one firm, no broadband and no bundle.")
        if circle.kind == CircleKind.ENTERPRISE
        else _("%(mobiles)s of one household, no broadband and no bundle.")
    )
    second = (
        _("The line that pays most pays %(paid)s a month; %(plan)s costs %(cost)s with broadband, %(saving)s less than"
          " with a broadband line beside it.")
        if amounts
        else _("%(plan)s costs %(cost)s a month with broadband.")
    )  # fmt: skip
    return [first, second]
