"""A back-test in words."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from analytics.backtests.rules import HEADLINE, Verdict, Window
from retention.core.ui import formats

VERDICTS = {
    Verdict.BETTER: (gettext_lazy("leaves more often than the base"), "good", "trending-up"),
    Verdict.WORSE: (gettext_lazy("leaves less often than the base"), "warning", "trending-down"),
    Verdict.SAME: (gettext_lazy("leaves as often as the base"), "neutral", "minus"),
    Verdict.TOO_FEW: (gettext_lazy("too few to tell"), "neutral", "help-circle"),
}
# Tones of the notice; the others tell nothing.
NOTICES = {Verdict.BETTER: "good", Verdict.WORSE: "warning"}


def format_interval(interval: tuple[float, float] | None) -> str:
    """`10.2% – 13.9%`, "" without one."""
    return " – ".join(formats.percent(bound) for bound in interval) if interval else ""


def format_finding(window: Window) -> tuple[str, str]:
    """(sentence, tone of its notice): whether those found leave more often, and how sure that is."""
    if not window.is_known:
        return _("It is not yet known how many left: no window of %(days)s days is over.") % {"days": HEADLINE}, "info"
    if not window.found.lines:
        return _("The rule would have found nobody."), "info"
    if window.verdict is None:
        return _("Nobody left by choice in this time, neither of those found nor of all lines."), "info"
    facts = {
        "left": formats.number(window.left), "found": formats.number(window.found.lines), "days": window.days,
        "share": formats.percent(window.precision), "interval": format_interval(window.interval),
        "base": formats.percent(window.base_rate, 2), "lift": formats.number(window.lift, 2),
    }  # fmt: skip
    numbers = _(
        "Of %(found)s lines found, %(left)s left by choice within %(days)s days: %(share)s (95 %% interval"
        " %(interval)s), %(lift)s times the %(base)s of all lines."
    )
    return f"{numbers % facts} {_closing(window.verdict)}", NOTICES.get(window.verdict, "info")


def _closing(verdict: Verdict) -> str:
    return {
        Verdict.BETTER: _("Those found leave more often than the base."),
        Verdict.WORSE: _("Those found leave less often than the base."),
        Verdict.SAME: _("Those found leave as often as the base: the rule does not single out leavers."),
        Verdict.TOO_FEW: _("These are too few to tell whether those found leave more often than the base."),
    }[verdict]
