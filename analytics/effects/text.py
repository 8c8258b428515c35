"""An effect in words."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from analytics.evaluation.rules.arms import Arm
from analytics.evaluation.rules.verdicts import Comparison, Verdict
from retention.core.ui import formats

TONES = {
    Verdict.HELPS: "good",
    Verdict.HARMS: "bad",
    Verdict.UNEVEN: "warning",
}


def format_verdict(effect: Comparison[Arm]) -> str:
    """One sentence: what the hold-out shows, or what it needs before it can."""
    difference = effect.estimate.value if effect.estimate else 0.0
    match effect.verdict:
        case Verdict.NO_CONTROL:
            return _("Nobody is held out: what the scenario changes cannot be told.")
        case Verdict.TOO_EARLY:
            return _("Too early: nobody was found so long ago.")
        case Verdict.TOO_FEW:
            return _("Too few to tell: %(lines)s held out, %(left)s have left.") % {
                "lines": formats.number(effect.control.members),
                "left": formats.number(effect.treated.events + effect.control.events),
            }
        case Verdict.UNEVEN:
            return _("The hold-out is not the share that was drawn: no effect is shown before it is known why.")
        case Verdict.HELPS:
            return _("It keeps lines: of 1,000 treated about %(lines)s stay because of it.") % {
                "lines": formats.number(-1_000 * difference)
            }
        case Verdict.HARMS:
            return _("It drives lines away: of 1,000 treated about %(lines)s leave because of it.") % {
                "lines": formats.number(1_000 * difference)
            }
    if effect.more is None:
        return _("No effect is shown.")
    return ngettext(
        "No effect is shown yet: one this large needs %(lines)s more line held out.",
        "No effect is shown yet: one this large needs %(lines)s more lines held out.",
        effect.more,
    ) % {"lines": formats.number(effect.more)}


def format_interval(effect: Comparison[Arm]) -> str:
    """`-1.2 pp (-2.0 to -0.4)` with the interval that the verdict stands on, "" where nothing may be said."""
    if effect.estimate is None or effect.bounds is None:
        return ""
    low, high = effect.bounds
    return _("%(difference)s (%(low)s to %(high)s)") % {
        "difference": formats.points(effect.estimate.value),
        "low": formats.points(low),
        "high": formats.points(high),
    }
