"""The result of a campaign as one person may see it: everything that its page shows, judged."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from analytics.evaluation.queries.contamination import Contacted, contacted_controls
from analytics.evaluation.queries.costs import Costs, costs_of
from analytics.evaluation.queries.groups import Dimension, arms_by_group, group_names
from analytics.evaluation.queries.members import VERDICT_DAYS, WINDOWS, Followed, members_in_scope
from analytics.evaluation.queries.outcomes import (
    Pair,
    accepted_by_window,
    arms_by_day,
    left_by_window,
    spend_by_months,
)
from analytics.evaluation.rules.adjustment import LEAST_REDUCTION, adjust_moments
from analytics.evaluation.rules.arms import Arm, Sample
from analytics.evaluation.rules.balance import sample_ratio_p
from analytics.evaluation.rules.corrections import holm
from analytics.evaluation.rules.savings import Savings, savings
from analytics.evaluation.rules.sequential import always_valid_p, rate_bounds_at_looks, rate_information
from analytics.evaluation.rules.verdicts import Comparison, Looks, Verdict, has_enough, judge, judge_means
from campaigns.campaigns.models import Campaign
from campaigns.campaigns.states import OUTSTANDING
from campaigns.campaigns.states import Arm as ArmName
from retention.core.accounts.models import User

SHOWN = (Verdict.HELPS, Verdict.HARMS)


@dataclass(frozen=True)
class WindowResult:
    """One measure in one window. reduction: of the variance by spend of before, None where it does not help."""

    measure: str
    days: int
    comparison: Comparison
    reduction: float | None = None


@dataclass(frozen=True)
class GroupResult:
    """p: adjusted for all groups of the dimension; alpha: below which it is more than looking at many does."""

    key: str
    name: str
    comparison: Comparison[Arm]
    p: float | None
    alpha: float

    @property
    def verdict(self) -> Verdict:
        found = self.comparison.verdict
        return Verdict.NOT_SHOWN if found in SHOWN and (self.p is None or self.p >= self.alpha) else found


@dataclass(frozen=True)
class Day:
    """difference, low, high: leaving of the treated less that of the control so far, with the bounds of that day."""

    on: date
    treated: Arm
    control: Arm
    difference: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Standing:
    """headline: leaving by choice so far, within VERDICT_DAYS of the wave. ends_on: the day from which it no longer
    moves, None while waves are to come.
    """

    headline: Comparison[Arm]
    ends_on: date | None
    is_over: bool
    history: list[tuple[date, Arm, Arm]]

    @property
    def looks(self) -> Looks:
        return Looks.END if self.is_over else Looks.EARLY


@dataclass(frozen=True)
class Result:
    """members: of each arm as frozen, treated first; ratio_p: that they came about as drawn."""

    standing: Standing
    members: tuple[int, int]
    ratio_p: float | None
    windows: list[WindowResult]
    days: list[Day]
    groups: dict[Dimension, list[GroupResult]]
    contacted: Contacted
    costs: Costs
    saved: Savings | None

    @property
    def headline(self) -> Comparison[Arm]:
        return self.standing.headline


def result_of(*, campaign: Campaign, user: User, known: date) -> Result:
    """known: the day up to which facts are known, that of the profile. A fixed number of statements."""
    seen = Followed.of(campaign, user, known)
    share = campaign.control_percent / 100
    standing = _standing(seen, share)
    headline, looks, costs = standing.headline, standing.looks, costs_of(seen)
    return Result(
        standing=standing,
        members=_members(seen),
        ratio_p=_ratio_p(seen, share),
        windows=_windows(seen, share, looks),
        days=_days(standing, looks),
        groups={one: _groups(seen, one, looks) for one in _dimensions(campaign)} if headline.estimate else {},
        contacted=contacted_controls(seen),
        costs=costs,
        saved=_saved(headline, costs),
    )


def _dimensions(campaign: Campaign) -> list[Dimension]:
    """Offers that were not drawn cannot be compared: agents chose whom they were put to."""
    return [one for one in Dimension if one != Dimension.OFFER or campaign.draw_offers]


def standing_of(*, campaign: Campaign, user: User | None, known: date) -> Standing:
    """The verdict alone, for None of the whole campaign: three statements."""
    return _standing(Followed.of(campaign, user, known), campaign.control_percent / 100)


def _standing(seen: Followed, share: float) -> Standing:
    ends_on = _ends_on(seen)
    is_over = ends_on is not None and ends_on <= seen.known
    history = arms_by_day(seen)
    treated, control = history[-1][1:] if history else (Arm(), Arm())
    headline = judge(treated, control, share=share, looks=Looks.END if is_over else Looks.EARLY)
    return Standing(headline, ends_on, is_over, history)


def _members(seen: Followed) -> tuple[int, int]:
    members = members_in_scope(seen.campaign, seen.user)
    controls = members.filter(arm=ArmName.CONTROL).count()
    return members.count() - controls, controls


def _ratio_p(seen: Followed, share: float) -> float | None:
    treated, control = _members(seen)
    return sample_ratio_p((control, treated), (share, 1 - share)) if 0 < share < 1 else None


def _ends_on(seen: Followed) -> date | None:
    """The day on which the figures of the verdict no longer move; None while waves are to come."""
    waiting = seen.campaign.members.filter(launched_on=None, state__in=OUTSTANDING).exists()
    if waiting or not seen.begun:
        return None
    return max(seen.begun.values()) + timedelta(days=VERDICT_DAYS)


def _windows(seen: Followed, share: float, looks: Looks) -> list[WindowResult]:
    left, accepted = left_by_window(seen), accepted_by_window(seen)
    found = [WindowResult("left", days, _judged(left[days], share, looks)) for days in WINDOWS]
    found += [
        WindowResult("accepted", days, _judged(accepted[days], share, looks, fewer_is_better=False)) for days in WINDOWS
    ]
    spend = spend_by_months(seen)
    for days in WINDOWS:
        arms = spend[days // 30]
        if len(arms) < 2:
            found.append(WindowResult("spend", days, judge_means(Sample(), Sample(), share=share, looks=looks)))
            continue
        pair = [arms[True], arms[False]]
        samples, reduction = adjust_moments(pair)
        helps = reduction >= LEAST_REDUCTION
        if not helps:
            samples = [Sample(one.members, one.mean, one.variance) for one in pair]
        comparison = judge_means(samples[0], samples[1], share=share, looks=looks)
        found.append(WindowResult("spend", days, comparison, reduction if helps else None))
    return found


def _judged(pair: Pair, share: float, looks: Looks, *, fewer_is_better: bool = True) -> Comparison[Arm]:
    return judge(pair[0], pair[1], share=share, looks=looks, fewer_is_better=fewer_is_better)


def _days(standing: Standing, looks: Looks) -> list[Day]:
    """Bounds of the looks of each day; the last those of the verdict, once it is over. None of arms that may not be
    compared.
    """
    history, headline = standing.history, standing.headline
    if not history or headline.verdict in (Verdict.NO_CONTROL, Verdict.UNEVEN):
        return []
    counts = np.array([(t.members, t.events, c.members, c.events) for _on, t, c in history]).T
    lows, highs = rate_bounds_at_looks(counts[0], counts[1], counts[2], counts[3], Looks.EARLY.alpha)
    if looks == Looks.END and headline.bounds:
        lows[-1], highs[-1] = headline.bounds
    found = []
    for (on, treated, control), low, high in zip(history, lows.tolist(), highs.tolist(), strict=True):
        if not has_enough(treated, control) or treated.rate is None or control.rate is None:
            found.append(Day(on, treated, control, None, None, None))
        else:
            found.append(Day(on, treated, control, treated.rate - control.rate, low, high))
    return found


def _groups(seen: Followed, dimension: Dimension, looks: Looks) -> list[GroupResult]:
    arms = arms_by_group(seen, dimension)
    if len(arms) < 2:
        return []
    names = group_names(dimension, list(arms))
    compared = {key: judge(*pair, share=None, looks=looks) for key, pair in arms.items()}
    corrected = holm([_p(one, looks) for one in compared.values()])
    return [
        GroupResult(key, names.get(key, key), one, p, looks.alpha)
        for (key, one), p in zip(compared.items(), corrected, strict=True)
    ]


def _p(one: Comparison[Arm], looks: Looks) -> float | None:
    """That may be read at any look, while the campaign is not over."""
    if one.estimate is None:
        return None
    if not looks.is_always_valid or not one.estimate.error:
        return one.estimate.p
    return always_valid_p(one.estimate.value / one.estimate.error, rate_information(one.treated, one.control))


def _saved(headline: Comparison[Arm], costs: Costs) -> Savings | None:
    found, bounds = headline.estimate, headline.bounds
    if found is None or bounds is None:
        return None
    return savings(
        treated=headline.treated.members, difference=found.value, low=bounds[0], high=bounds[1], cost=costs.spent,
        worth=costs.worth,
    )  # fmt: skip
