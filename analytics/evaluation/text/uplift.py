"""What was found of whom a contact helps, in words."""

from math import ceil

from django.utils.translation import gettext as _

from analytics.evaluation.models import ContestState, UpliftContest
from analytics.evaluation.uplift.contest import FEWEST_ROWS, WINS_NEEDED
from retention.core.ui import formats

TONES = {ContestState.WON: "good", ContestState.LOST: "info", ContestState.TOO_FEW: "info"}
# Each half of a split needs so many of each arm that left.
LEFT_NEEDED = 2 * FEWEST_ROWS


def format_contest(contest: UpliftContest | None) -> str:
    """The verdict with its figures: used, not better, or how many people are still needed."""
    if contest is None:
        return _(
            "No campaign is measured yet: whom a contact helps cannot be learnt. It needs calls, a control group, and"
            " 90 days."
        )
    if contest.state == ContestState.TOO_FEW:
        return _too_few(contest)
    found = contest.figures
    words = {
        "uplift": formats.number(found["uplift"], 3), "usual": formats.number(found["usual"], 3),
        "wins": formats.number(found["wins"]), "of": formats.number(found["of"]), "needed": str(WINS_NEEDED),
        "p": formats.percent(found["advantage_p"], 0), "policy": formats.money(found["policy_uplift"]),
        "other": formats.money(found["policy_usual"]),
    }  # fmt: skip
    if contest.state == ContestState.WON:
        text = _(
            "Ranking by what a contact changes beats risk × value on members that the model has not seen: Qini"
            " %(uplift)s against %(usual)s, ahead in %(wins)s of %(of)s splits; contacting the better half, a member"
            " goes on paying %(policy)s a month instead of %(other)s. It is in use."
        )
    else:
        text = _(
            "Ranking by what a contact changes does not beat risk × value: Qini %(uplift)s against %(usual)s, ahead in"
            " %(wins)s of %(of)s splits (%(needed)s are needed), by chance alone in %(p)s of cases; contacting the"
            " better half, a member goes on paying %(policy)s a month instead of %(other)s. Risk × value stays in use."
        )
    return text % words


def _too_few(contest: UpliftContest) -> str:
    control = contest.members - contest.treated
    treated_left = contest.left - contest.control_left
    words = {
        "members": formats.number(contest.members), "control": formats.number(control),
        "left": formats.number(treated_left), "alone": formats.number(contest.control_left),
        "needed": formats.number(LEFT_NEEDED),
    }  # fmt: skip
    said = _(
        "Too few to learn whom a contact helps: of %(members)s members (%(control)s of them control) %(left)s of the"
        " treated and %(alone)s of the control left; each arm needs %(needed)s."
    )
    shares = [
        left / people for left, people in ((treated_left, contest.treated), (contest.control_left, control)) if left
    ]
    if len(shares) < 2:
        return said % words
    more = [
        max(0, ceil(LEFT_NEEDED / share) - people)
        for share, people in zip(shares, (contest.treated, control), strict=True)
    ]
    more_words = {"treated": formats.number(more[0]), "control": formats.number(more[1])}
    text = _("At the rates seen so far that takes about %(treated)s more treated and %(control)s more control members.")
    return said % words + " " + text % more_words


def format_asleep(contest: UpliftContest | None) -> str:
    """What the members said to be worse off with a contact have shown; "" where nothing can be said."""
    found = contest.figures.get("asleep", {}) if contest else {}
    if "gain" not in found:
        return ""
    words = {
        "members": formats.number(found["members"]), "gain": formats.points(found["gain"]),
        "low": formats.points(found["low"]), "high": formats.points(found["high"]),
    }  # fmt: skip
    text = _(
        "%(members)s members were said to be worse off with a contact. Those of them who were contacted stayed more"
        " often by %(gain)s (%(low)s to %(high)s)."
    )
    closing = (
        _("That confirms it: they left more often.") if found["high"] < 0 else _("That does not confirm it so far.")
    )
    return text % words + " " + closing


def format_line(gain: float, *, helps: bool) -> str:
    """What a contact is expected to change for one line."""
    words = {"gain": formats.points(gain)}
    if gain < 0:
        return _("Do not wake: a contact is expected to change the chance of staying by %(gain)s.") % words
    if helps:
        return _("A contact helps: it is expected to change the chance of staying by %(gain)s.") % words
    return _("A contact changes little: the chance of staying by %(gain)s.") % words
