"""The result of a campaign in words."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from analytics.evaluation.queries.groups import Dimension
from analytics.evaluation.rules.arms import Arm, Sample
from analytics.evaluation.rules.savings import Savings
from analytics.evaluation.rules.verdicts import FEWEST_EVENTS, FEWEST_MEMBERS, Comparison, Verdict
from retention.core.ui import formats

MEASURES = {
    "left": gettext_lazy("Left by choice"),
    "accepted": gettext_lazy("Accepted an offer"),
    "spend": gettext_lazy("Spend, yuan"),
}
DIMENSIONS = {
    Dimension.BRANCH: gettext_lazy("By branch"),
    Dimension.SEGMENT: gettext_lazy("By segment"),
    Dimension.RISK: gettext_lazy("By risk within the campaign"),
    Dimension.TEAM: gettext_lazy("By agent group"),
    Dimension.OFFER: gettext_lazy("By drawn offer"),
}
RISKS = {
    "1": gettext_lazy("Highest three tenths"),
    "2": gettext_lazy("Middle four tenths"),
    "3": gettext_lazy("Lowest three tenths"),
}
TONES = {Verdict.HELPS: "good", Verdict.HARMS: "bad", Verdict.UNEVEN: "warning"}
NOTICES = {Verdict.HELPS: "good", Verdict.HARMS: "bad", Verdict.UNEVEN: "warning", Verdict.NO_CONTROL: "warning"}
WORDS = {
    Verdict.NO_CONTROL: pgettext_lazy("effect", "no control"),
    Verdict.TOO_EARLY: pgettext_lazy("effect", "too early"),
    Verdict.TOO_FEW: pgettext_lazy("effect", "too few to tell"),
    Verdict.UNEVEN: pgettext_lazy("effect", "not as drawn"),
    Verdict.HELPS: pgettext_lazy("effect", "better"),
    Verdict.HARMS: pgettext_lazy("effect", "worse"),
    Verdict.NOT_SHOWN: pgettext_lazy("effect", "not shown"),
}


def format_word(verdict: Verdict, comparison: Comparison) -> str:
    words = str(WORDS[verdict])
    if verdict == Verdict.NOT_SHOWN and comparison.more and comparison.verdict == verdict:
        return _("%(verdict)s: needs %(more)s more in the control") % {
            "verdict": words, "more": formats.number(comparison.more),
        }  # fmt: skip
    return words


def format_arm(arm: Arm | Sample) -> str:
    """`3.2% of 1,800`, of values `45.20, 1,800`."""
    if not arm.members:
        return formats.DASH
    value = formats.percent(arm.rate, 2) if isinstance(arm, Arm) else formats.number(arm.mean, 2)
    return _("%(value)s of %(members)s") % {"value": value, "members": formats.number(arm.members)}


def format_estimate(found: Comparison) -> str:
    """Difference with the interval of one look; "" where nothing may be said."""
    if found.estimate is None:
        return ""
    show = _points if isinstance(found.treated, Arm) else _yuan
    return _("%(difference)s (%(low)s to %(high)s)") % {
        "difference": show(found.estimate.value), "low": show(found.estimate.low), "high": show(found.estimate.high),
    }  # fmt: skip


def format_bounds(found: Comparison) -> str:
    if found.bounds is None:
        return ""
    show = _points if isinstance(found.treated, Arm) else _yuan
    low, high = found.bounds
    return _("%(low)s to %(high)s") % {"low": show(low), "high": show(high)}


def format_source(source: str) -> str:
    """`scenario:S13` -> `scenario S13`; how the contact ledger names it otherwise."""
    kind, _colon, key = source.partition(":")
    kinds = {
        "scenario": pgettext("contact source", "scenario"),
        "campaign": pgettext("contact source", "campaign"),
        "source": pgettext("contact source", "list"),
    }
    return f"{kinds.get(kind, kind)} {key}".strip()


def format_result(found: Comparison[Arm], *, is_over: bool, ends_on: date | None, saved: Savings | None = None) -> str:
    """The verdict in two or three sentences: what is shown, how far it is known, whether it paid. is_over, ends_on:
    whether and when the figures no longer move; ends_on is None while waves are to come.
    """
    match found.verdict:
        case Verdict.NO_CONTROL:
            return _("There is no control group: what the campaign changed cannot be told.")
        case Verdict.TOO_EARLY:
            return _("Too early: there are no facts yet of the days after the first wave.")
        case Verdict.UNEVEN:
            return _("The arms are not as large as they were drawn: no effect is shown before it is known why.")
        case Verdict.TOO_FEW:
            return _too_few(found)
    return " ".join(filter(None, [_effect(found, is_over), _how_far(is_over, ends_on), _money(found, saved)]))


def _too_few(found: Comparison[Arm]) -> str:
    text = _(
        "Too few to tell: %(control)s in the control and %(left)s left in both arms; needed are %(fewest)s and"
        " %(least)s."
    ) % {
        "control": formats.number(found.control.members),
        "left": formats.number(found.treated.events + found.control.events),
        "fewest": FEWEST_MEMBERS,
        "least": FEWEST_EVENTS,
    }
    if not found.more:
        return text
    needed = _("Not yet: at least %(more)s more in the control.") % {"more": formats.number(found.more)}
    return f"{text} {needed}"


def _effect(found: Comparison[Arm], is_over: bool) -> str:
    facts = {
        "treated": formats.percent(found.treated.rate, 2), "control": formats.percent(found.control.rate, 2),
        "difference": format_estimate(found),
    }  # fmt: skip
    text = {
        Verdict.HELPS: _(
            "It keeps lines: %(treated)s of the treated left, %(control)s of the control, %(difference)s."
        ),
        Verdict.HARMS: _(
            "It drives lines away: %(treated)s of the treated left, %(control)s of the control, %(difference)s."
        ),
    }.get(
        found.verdict,
        _("No effect is shown: %(treated)s of the treated left, %(control)s of the control, %(difference)s."),
    ) % facts
    if found.more is None:
        return text
    needed = _("Not yet: a difference this large needs %(more)s more in the control.")
    if is_over:
        needed = _("To show a difference this large, the control would have needed %(more)s more.")
    return f"{text} {needed % {'more': formats.number(found.more)}}"


def _how_far(is_over: bool, ends_on: date | None) -> str:
    if is_over:
        return _("This is final: the days of everybody are over.")
    if ends_on is None:
        return _("Waves are still to come; until the end the verdict needs stronger evidence.")
    return _("The figures move until %(day)s; until then the verdict needs stronger evidence.") % {
        "day": formats.moment(ends_on)
    }


def _money(found: Comparison[Arm], saved: Savings | None) -> str:
    if saved is None or found.verdict not in (Verdict.HELPS, Verdict.HARMS):
        return ""
    if saved.pays is None:
        return _("Whether it pays is not known yet.")
    if saved.pays:
        return _("It pays: net value at least %(net)s.") % {"net": formats.money(saved.net_low, 0)}
    return _("It does not pay: net value at most %(net)s.") % {"net": formats.money(saved.net_high, 0)}


def _points(value: float) -> str:
    return formats.points(value, 2)


def _yuan(value: float) -> str:
    return formats.signed(value, 2)
