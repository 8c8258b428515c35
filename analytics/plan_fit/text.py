"""What plan fit has found, in words an agent can act on."""

from collections.abc import Sequence

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from analytics.plan_fit.queries import Comparison
from customers.tariffs.models import FitState
from customers.tariffs.rules.terms import DATA, MESSAGES, VOICE, Terms, over_use
from retention.core.ui import formats

MB_A_GB = 1024


def format_minutes(minutes: float) -> str:
    return _("%(number)s min") % {"number": formats.number(minutes)}


def format_data(megabytes: float) -> str:
    if megabytes < MB_A_GB:
        return _("%(number)s MB") % {"number": formats.number(megabytes)}
    return _("%(number)s GB") % {"number": formats.number(megabytes / MB_A_GB, 1)}


def format_messages(count: float) -> str:
    return _("%(number)s messages") % {"number": formats.number(count)}


_FORMATS = {VOICE: format_minutes, DATA: format_data, MESSAGES: format_messages}


def use_parts(use: np.ndarray, terms: Terms) -> list[str]:
    """`412 min`, `21.3 GB`, `5 messages`: what the line type is charged for."""
    return [_FORMATS[measure](use[measure]) for measure in terms.charged] or [formats.DASH]


def rate_names() -> dict[int, str]:
    return {VOICE: _("price of a minute"), DATA: _("price of a MB"), MESSAGES: _("price of a message")}


def format_missing(terms: Terms) -> str:
    """`Plan X (price of a MB)`"""
    names = rate_names()
    what = pgettext("between the values of a list", ", ").join(names[measure] for measure in terms.missing_rates)
    return _("%(plan)s (%(what)s)") % {"plan": terms.name, "what": what}


def format_finding(found: Comparison) -> str:
    """Whether another plan would have been cheaper."""
    match found.state:
        case FitState.BETTER if found.best is not None:
            what = {"plan": found.best.terms.name, "saving": formats.money(found.saving)}
            return _("On %(plan)s the same use costs %(saving)s a month less.") % what
        case FitState.BEST:
            return _("No plan on sale is cheaper for this use.")
        case FitState.UNPRICED:
            return _("The tariff of the present plan is incomplete, so its months cannot be compared: %(missing)s.") % {
                "missing": format_missing(found.present.terms)
            }
        case FitState.FLAT:
            return _("The price of this line does not depend on its use.")
        case FitState.NEW:
            return _("The line has no full month yet.")
    return _("No other plan on sale is open to this line.")


def format_over_and_unused(found: Comparison) -> list[str]:
    """What comes on top of the present plan and what of it is left, as means of the months."""
    terms = found.present.terms
    if not len(found.months) or not terms.charged:
        return []
    over = over_use(terms, found.use).mean(axis=1)
    left = np.maximum(np.array(terms.included)[:, None] - found.use, 0).mean(axis=1)
    beyond = [_FORMATS[one](over[one]) for one in terms.charged if over[one] >= 1]
    unused = [_FORMATS[one](left[one]) for one in terms.charged if left[one] >= 1]
    sentences = []
    if beyond:
        sentences.append(_("A month on average beyond the plan: %(what)s.") % {"what": _join(beyond)})
    if unused:
        sentences.append(_("A month on average left unused: %(what)s.") % {"what": _join(unused)})
    return sentences


def format_worth(found: Comparison, *, chance: float | None) -> tuple[str, str] | None:
    """(tone, sentence): whether to propose the better plan, given the churn probability; None without a better plan."""
    if found.saving is None or found.earned is None:
        return None
    if found.earned <= 0:
        return "warning", _(
            "Do not propose it unasked: on this plan the line earns less than it costs to serve, so losing the line"
            " costs no more than keeping it this way."
        )
    if found.break_even is None:
        return "warning", _(
            "Do not propose it unasked: whatever the churn probability, it gives away more than it can save."
        )
    what = {"from": formats.percent(found.break_even, 0)}
    if chance is None:
        return "info", _("It pays from a churn probability of %(from)s; this line has no score.") % what
    what["chance"] = formats.percent(chance, 0)
    if chance < found.break_even:
        return "warning", _(
            "Do not propose it unasked: it pays from a churn probability of %(from)s, and this line has %(chance)s."
            " Below that it earns less than the line is worth with the risk of losing it."
        ) % what
    return "good", _(
        "Worth proposing: it pays from a churn probability of %(from)s, and this line has %(chance)s."
    ) % what


def format_margin(found: Comparison) -> str:
    """What the line earns now and on the better plan, for those who may see the model."""
    if found.earned is None or found.saving is None:
        return ""
    return _("Margin a month: %(now)s now, %(then)s on the better plan.") % {
        "now": formats.money(found.earned + found.saving),
        "then": formats.money(found.earned),
    }


def format_unpriced(found: Comparison) -> str:
    """Which plans are left out for want of a price; "" for none."""
    if not found.unpriced:
        return ""
    return _("Left out, because their tariff lacks a price that this use needs: %(plans)s.") % {
        "plans": _join([format_missing(terms) for terms in found.unpriced])
    }


def _join(parts: Sequence[str]) -> str:
    return pgettext("between the values of a list", ", ").join(parts)
