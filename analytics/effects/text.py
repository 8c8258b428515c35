"""An effect in words."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from analytics.effects.rules import Effect, Verdict
from retention.core.ui import formats

TONES = {
    Verdict.KEEPS: "good",
    Verdict.DRIVES_AWAY: "bad",
    Verdict.UNEVEN: "warning",
}


def format_verdict(effect: Effect) -> str:
    """One sentence: what the hold-out shows, or what it needs before it can."""
    match effect.verdict:
        case Verdict.NO_HOLDOUT:
            return _("Nobody is held out: what the scenario changes cannot be told.")
        case Verdict.TOO_EARLY:
            return _("Too early: nobody was found so long ago.")
        case Verdict.TOO_FEW:
            return _("Too few to tell: %(lines)s held out, %(left)s have left.") % {
                "lines": formats.number(effect.held_out.lines),
                "left": formats.number(effect.treated.left + effect.held_out.left),
            }
        case Verdict.UNEVEN:
            return _("The hold-out is not the share that was drawn: no effect is shown before it is known why.")
        case Verdict.KEEPS:
            return _("It keeps lines: of 1,000 treated about %(lines)s stay because of it.") % {
                "lines": formats.number(-1_000 * (effect.difference or 0))
            }
        case Verdict.DRIVES_AWAY:
            return _("It drives lines away: of 1,000 treated about %(lines)s leave because of it.") % {
                "lines": formats.number(1_000 * (effect.difference or 0))
            }
    if effect.more is None:
        return _("No effect is shown.")
    return ngettext(
        "No effect is shown yet: one this large needs %(lines)s more line held out.",
        "No effect is shown yet: one this large needs %(lines)s more lines held out.",
        effect.more,
    ) % {"lines": formats.number(effect.more)}


def format_interval(effect: Effect) -> str:
    """`-1.2 pp (-2.0 to -0.4)`, "" where nothing may be said."""
    if effect.difference is None or effect.low is None or effect.high is None:
        return ""
    return _("%(difference)s (%(low)s to %(high)s)") % {
        "difference": formats.points(effect.difference),
        "low": formats.points(effect.low),
        "high": formats.points(effect.high),
    }
