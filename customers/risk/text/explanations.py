"""Why a line is at risk in the terms of the business: its themes by weight, and what moved between two scores."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

from django.utils.translation import gettext as _

from customers.fields.attributes import OwnFields
from customers.risk.models import RiskScore
from customers.risk.text.reasons import format_reasons
from customers.risk.text.themes import BASE_THEME, THEMES, Theme, sum_by_theme
from retention.core.ui import formats

MIN_SHARE = 0.05
# A retaining factor is shown when it reduces the odds of leaving by at least a tenth.
HOLDING_LOG_ODDS = -0.1
# A theme that moves the odds by less than two in a hundred is summed up with the others.
MIN_MOVE = 0.02
ROUNDING = 0.005


@dataclass(frozen=True)
class BusinessReason:
    """A theme of one score. log_odds: what it adds (below zero it lowers); share: of all that raises, else 0.
    evidence: the strongest factors that raise it, as sentences."""

    theme: Theme
    log_odds: float
    share: float
    evidence: Sequence[str] = ()

    @property
    def raises(self) -> bool:
        return self.log_odds > 0

    @property
    def meaning(self) -> object:
        return self.theme.raises if self.raises else self.theme.lowers


@dataclass(frozen=True)
class Move:
    """Change of a theme's contribution to the odds of leaving; label: the theme's, or what is not of a theme."""

    label: str
    log_odds: float

    @property
    def text(self) -> str:
        factor = {"factor": formats.number(exp(abs(self.log_odds)), 2)}
        if self.log_odds > 0:
            return _("odds of leaving × %(factor)s") % factor
        return _("odds of leaving ÷ %(factor)s") % factor


@dataclass(frozen=True)
class Change:
    """Between two scores of a line. moves: strongest first; they add up to the change in log-odds, but for less than
    ROUNDING. Empty with `why_not` where the two cannot be compared; `remark`: a caveat for the reader."""

    moves: Sequence[Move] = ()
    why_not: str = ""
    remark: str = ""


def business_reasons(
    score: RiskScore, *, for_agent: bool, custom: OwnFields | None = None, days_later: int = 0
) -> list[BusinessReason]:
    """The themes that raise a score, strongest first. For an agent, only themes that may be mentioned to the customer.

    days_later: see format_reasons. Scores from before themes were kept are summed from the factors they hold.
    """
    added = _theme_log_odds(score, for_agent=False)
    raised = sum(value for value in added.values() if value > 0)
    said = format_reasons(score.reasons, for_agent=for_agent, custom=custom, days_later=days_later)
    found = []
    for key, value in sorted(added.items(), key=lambda pair: -pair[1]):
        share = max(value, 0) / raised if raised else 0.0
        if share < MIN_SHARE or for_agent and not THEMES[key].sayable:
            continue
        found.append(BusinessReason(THEMES[key], value, share, [one.text for one in said if one.theme == key]))
    return found


def holding_reasons(score: RiskScore, *, for_agent: bool) -> list[BusinessReason]:
    """The themes that lower a score noticeably, strongest first."""
    added = _theme_log_odds(score, for_agent=for_agent)
    return [
        BusinessReason(THEMES[key], value, 0.0)
        for key, value in sorted(added.items(), key=lambda pair: pair[1])
        if value <= HOLDING_LOG_ODDS
    ]


def _theme_log_odds(score: RiskScore, *, for_agent: bool) -> dict[str, float]:
    """{theme: log-odds} of a score, without its base."""
    added = score.themes or sum_by_theme(score.reasons)
    return {key: value for key, value in added.items() if key in THEMES and (THEMES[key].sayable or not for_agent)}


def change_between(before: RiskScore, now: RiskScore, *, for_agent: bool) -> Change:
    """Why the score changed. What an agent may not mention is summed up as "other"."""
    if before.model_version != now.model_version:
        return Change(why_not=_("Another version of the model scored then: its reasons cannot be set against today's."))
    if not before.themes or not now.themes:
        return Change(why_not=_("The reasons of that time were not kept in a form that can be compared."))
    moves, other = [], 0.0
    for key in {*before.themes, *now.themes} - {BASE_THEME}:
        moved = now.themes.get(key, 0.0) - before.themes.get(key, 0.0)
        theme = THEMES.get(key)
        if theme is None or for_agent and not theme.sayable or abs(moved) < MIN_MOVE:
            other += moved
        else:
            moves.append(Move(str(theme.label), moved))
    base = now.themes.get(BASE_THEME, 0.0) - before.themes.get(BASE_THEME, 0.0)
    if abs(base) >= MIN_MOVE:
        moves.append(Move(_("Another starting level"), base))
    else:
        other += base
    moves.sort(key=lambda move: -abs(move.log_odds))
    if abs(other) > ROUNDING:
        moves.append(Move(_("Other reasons"), other))
    return Change(moves, remark=_remark(before, now))


def _remark(before: RiskScore, now: RiskScore) -> str:
    if before.cohort == now.cohort:
        return ""
    text = _("The line has passed from tenure group %(before)s to %(now)s, where the model starts from another level.")
    return text % {"before": before.get_cohort_display(), "now": now.get_cohort_display()}
