"""Comparisons in words."""

from django.utils.translation import gettext as _

from analytics.evaluation.rules.arms import Arm
from analytics.evaluation.rules.compared import Compared
from analytics.evaluation.rules.verdicts import FEWEST_EVENTS, FEWEST_MEMBERS, Verdict
from retention.core.ui import formats


def format_ratio(p: float | None) -> str:
    return _(
        "The arms are not as large as they were drawn (p %(p)s): no effect is to be believed before it is known why."
    ) % {"p": formats.number(p, 4) if p is None or p >= 0.0001 else "< 0.0001"}


def format_comparison(one: Compared, outcome: str, is_rate: bool) -> str:
    """One arm of a table against its control, in one or two sentences."""
    facts = {"arm": one.name, "outcome": outcome}
    if one.verdict == Verdict.NO_CONTROL:
        return _("%(arm)s: no row of the control has an outcome.") % facts
    if one.verdict in (Verdict.TOO_FEW, Verdict.TOO_EARLY):
        return _too_few(one, facts)
    facts |= _figures(one, is_rate)
    if one.verdict == Verdict.UNEVEN:
        return _("%(arm)s: no verdict on %(outcome)s.") % facts
    found = one.decisive
    if one.verdict == Verdict.NOT_SHOWN or found is None:
        text = _("%(arm)s: no effect on %(outcome)s is shown, %(change)s.") % facts
        return f"{text} {_what_it_needs(one, facts)}".strip()
    if found.value > 0:
        text = _("%(arm)s raises %(outcome)s: %(treated)s against %(control)s, %(change)s.") % facts
    else:
        text = _("%(arm)s lowers %(outcome)s: %(treated)s against %(control)s, %(change)s.") % facts
    return f"{text} {_adjusted(one)}".strip()


def _figures(one: Compared, is_rate: bool) -> dict[str, str]:
    found = one.decisive
    arms = one.judged.treated, one.judged.control
    values = [(arm.rate or 0.0) if isinstance(arm, Arm) else arm.mean for arm in arms]
    parts = () if found is None else (found.value, found.low, found.high)
    if is_rate:
        shown = [formats.percent(value) for value in values]
        bounds = [formats.points(value) for value in parts]
        smallest = formats.points(one.smallest)
    else:
        digits = _digits(max(map(abs, values)))
        shown = [formats.number(value, digits) for value in values]
        bounds = (
            [] if found is None else [formats.signed(value, digits) for value in (found.value, found.low, found.high)]
        )
        smallest = formats.number(one.smallest, digits)
    difference, low, high = bounds or [formats.DASH] * 3
    change = _("%(difference)s (95 %% interval %(low)s to %(high)s)") % {
        "difference": difference, "low": low, "high": high,
    }  # fmt: skip
    return {"treated": shown[0], "control": shown[1], "change": change, "smallest": smallest}


def _too_few(one: Compared, facts: dict[str, str]) -> str:
    treated, control = one.judged.treated, one.judged.control
    more = one.judged.more
    needed = _("Not yet: at least %(more)s more in the control.") % {"more": formats.number(more)} if more else ""
    facts |= {
        "treated": formats.number(treated.members), "control": formats.number(control.members),
        "fewest": formats.number(FEWEST_MEMBERS), "least": formats.number(FEWEST_EVENTS),
    }  # fmt: skip
    if isinstance(treated, Arm) and isinstance(control, Arm):
        facts["events"] = formats.number(treated.events + control.events)
        text = _(
            "%(arm)s: too few to tell, %(treated)s treated and %(control)s in the control, %(events)s with the outcome;"
            " needed are %(fewest)s in each arm and %(least)s with the outcome."
        )
    else:
        text = _(
            "%(arm)s: too few to tell, %(treated)s treated and %(control)s in the control with values that differ;"
            " needed are %(fewest)s in each arm."
        )
    return f"{text % facts} {needed}".strip()


def _what_it_needs(one: Compared, facts: dict[str, str]) -> str:
    said = []
    if one.judged.more:
        said.append(
            _("Not yet: a difference this large needs %(more)s more in the control.")
            % {"more": formats.number(one.judged.more)}
        )
    if one.smallest is not None:
        said.append(_("A change of %(smallest)s or more would have been seen, four times in five.") % facts)
    return " ".join(said)


def _adjusted(one: Compared) -> str:
    if one.adjusted is None:
        return ""
    return _("Covariates took off %(share)s of the variance.") % {"share": formats.percent(one.reduction)}


def _digits(size: float) -> int:
    return 2 if size >= 1 else 4
