"""What is known of the days since leaving, in words."""

from collections.abc import Iterable

from django.utils.translation import gettext, ngettext, pgettext

from analytics.win_back.rules import BINS, Days, Judgement, Verdict, WinBackRate
from retention.core.ui import formats


def format_days_since(days: Days) -> str:
    return gettext("%(first)s to %(last)s days") % {"first": days.first, "last": days.last}


def format_judgement(found: Judgement) -> str:
    """One or two sentences."""
    best = found.best
    if found.verdict is Verdict.NOTHING or best is None:
        return gettext("No win-back order has been worked to its end yet: it is not known when a call is best.")
    if found.verdict is Verdict.TOO_FEW and found.where == BINS:
        said = ngettext(
            "When a call is best cannot be told yet: %(more)s more outcome is needed.",
            "When a call is best cannot be told yet: %(more)s more outcomes are needed.",
            found.more,
        )
        return said % {"more": formats.number(found.more)}
    if found.verdict is Verdict.TOO_FEW:
        said = ngettext(
            "When a call is best cannot be told yet: %(more)s more outcome is needed, of lines that left %(days)s ago.",
            "When a call is best cannot be told yet: %(more)s more outcomes are needed, of lines that left %(days)s"
            " ago.",
            found.more,
        )
        return said % {"more": formats.number(found.more), "days": _listed(found.where)}
    if not best.won:
        return gettext("There are enough outcomes, and nobody came back.")
    facts = {
        "days": format_days_since(best.days), "rate": formats.percent(best.rate, 0),
        "orders": formats.number(best.orders), "interval": format_interval(best),
    }  # fmt: skip
    if found.verdict is Verdict.BEST:
        return gettext("Best called %(days)s after leaving: %(rate)s of %(orders)s came back (%(interval)s).") % facts
    return (
        gettext(
            "There are enough outcomes, and no days stand out. Most came back %(days)s after leaving: %(rate)s of"
            " %(orders)s (%(interval)s), which may be chance."
        )
        % facts
    )


def format_interval(rate: WinBackRate) -> str:
    return gettext("%(low)s to %(high)s") % {"low": formats.percent(rate.low), "high": formats.percent(rate.high)}


def _listed(where: Iterable[Days]) -> str:
    return pgettext("between the values of a list", ", ").join(format_days_since(days) for days in where)
