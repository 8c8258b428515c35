"""Each treated arm of a table against its control."""

from dataclasses import dataclass, replace
from math import sqrt

import numpy as np

from analytics.evaluation.rules.adjustment import Adjustment, adjust
from analytics.evaluation.rules.arms import Arm, Sample
from analytics.evaluation.rules.balance import is_uneven, sample_ratio_p
from analytics.evaluation.rules.compared import Compared
from analytics.evaluation.rules.corrections import holm
from analytics.evaluation.rules.differences import Difference, mean_difference, rate_difference
from analytics.evaluation.rules.sequential import mean_bounds, rate_bounds
from analytics.evaluation.rules.verdicts import Comparison, Looks, Verdict, judge, judge_means
from analytics.evaluation.services.tables.preparation import Prepared
from campaigns.experiments.rules import (
    ALPHA,
    smallest_visible_difference,
    smallest_visible_rise,
    smallest_visible_size,
)

# Unequal arms that somebody will have meant: shares of the control up to this, in steps of this.
MEANT_UP_TO, MEANT_STEPS = 0.35, (0.05, 1 / 3)


@dataclass(frozen=True)
class Ratio:
    """expected: shares of the arms, the control first; p: that they came about so; meant: shares were guessed."""

    expected: list[float]
    p: float | None
    meant: bool = False

    @property
    def holds(self) -> bool:
        return not is_uneven(self.p)


def sample_ratio(prepared: Prepared) -> Ratio:
    """Rows of the arms, with and without an outcome, against the shares drawn: those of the task, else equal ones;
    else, where the control is much smaller, the nearest round share.
    """
    members = np.bincount(prepared.code, minlength=len(prepared.arms)) + np.asarray(prepared.lost)
    arms = len(members)

    def shares(control: float) -> list[float]:
        return [control, *[(1 - control) / (arms - 1)] * (arms - 1)]

    if prepared.task.control_share is not None:
        expected = shares(prepared.task.control_share)
        return Ratio(expected, sample_ratio_p(members.tolist(), expected))
    equal = Ratio(shares(1 / arms), sample_ratio_p(members.tolist(), shares(1 / arms)))
    share = members[0] / members.sum()
    round_share = min((round(share / step) * step for step in MEANT_STEPS), key=lambda one: abs(one - share))
    if equal.holds or not 0 < round_share <= MEANT_UP_TO:
        return equal
    near = Ratio(shares(round_share), sample_ratio_p(members.tolist(), shares(round_share)), meant=True)
    return near if near.holds else equal


def compare_all(prepared: Prepared, ratio: Ratio) -> list[Compared]:
    """Every treated arm, in the order of the arms; p corrected for all of them."""
    adjustment = None
    if prepared.task.covariates and prepared.covariates.names:
        adjustment = adjust(prepared.values, prepared.code, prepared.covariates.matrix)
    found = [_compare(prepared, arm, adjustment, ratio) for arm in range(1, len(prepared.arms))]
    corrected = holm([None if one.decisive is None else one.decisive.p for one in found])
    return [_corrected(one, p) for one, p in zip(found, corrected, strict=True)]


def _compare(prepared: Prepared, arm: int, adjustment: Adjustment | None, ratio: Ratio) -> Compared:
    better = prepared.task.fewer_is_better
    values = [prepared.values[prepared.code == one] for one in (arm, 0)]
    samples = [Sample.of(one) for one in values]
    judged: Comparison
    if prepared.outcome.is_rate:
        arms = [Arm(len(one), int(one.sum())) for one in values]
        judged = judge(arms[0], arms[1], share=None, looks=Looks.ONCE, fewer_is_better=better)
        plain = rate_difference(arms[0], arms[1])
        always = rate_bounds(arms[0], arms[1], ALPHA) if plain else None
    else:
        judged = judge_means(samples[0], samples[1], share=None, looks=Looks.ONCE, fewer_is_better=better)
        plain = mean_difference(samples[0], samples[1])
        always = mean_bounds(samples[0], samples[1], ALPHA)
    adjusted = None
    if adjustment is not None and adjustment.helps and judged.estimate:
        adjusted = mean_difference(
            Sample.of(adjustment.values[prepared.code == arm]), Sample.of(adjustment.values[prepared.code == 0])
        )
    reduction = None if adjustment is None else adjustment.reduction
    smallest = _smallest(prepared, samples, reduction if adjusted else None)
    verdict = Verdict.UNEVEN if judged.estimate and not ratio.holds else judged.verdict
    if adjusted and verdict in (Verdict.HELPS, Verdict.HARMS, Verdict.NOT_SHOWN):
        verdict = _verdict(adjusted, better)
    return Compared(prepared.arms[arm], judged, plain, always, adjusted, reduction, smallest, verdict)


def _verdict(found: Difference, fewer_is_better: bool) -> Verdict:
    if found.low <= 0 <= found.high:
        return Verdict.NOT_SHOWN
    return Verdict.HELPS if (found.high < 0) == fewer_is_better else Verdict.HARMS


def _corrected(one: Compared, p: float | None) -> Compared:
    shown = one.verdict in (Verdict.HELPS, Verdict.HARMS)
    verdict = Verdict.NOT_SHOWN if shown and p is not None and p >= ALPHA else one.verdict
    return replace(one, verdict=verdict, p_adjusted=p)


def _smallest(prepared: Prepared, samples: list[Sample], reduction: float | None) -> float | None:
    """The smallest difference that arms of these sizes show, from the rate or the spread of the control."""
    treated, control = samples
    spared = 1 - (reduction or 0.0)
    sizes = round(treated.members / spared), round(control.members / spared)
    if prepared.outcome.is_rate:
        seen = smallest_visible_difference if prepared.task.fewer_is_better else smallest_visible_rise
        return seen(*sizes, control.mean)
    size = smallest_visible_size(*sizes)
    return None if size is None else size * sqrt(control.variance)
