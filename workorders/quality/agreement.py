"""How far reviewers agree who have scored the same calls without seeing each other's scores. Pure; no models here.

Two reviewers: Cohen's kappa, weighted by the square of the distance where the criterion has points. More than two:
Fleiss' kappa; for points the mean of the weighted kappas of all pairs (Light). Kappa is 1 for full agreement and 0 for
what chance gives; it is not defined where nobody has used a second score, and then only the share of equal scores says
something.
"""

import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import fmean

from workorders.quality.criteria import Criterion, Kind

# From here on, of the share of points, a reviewer is said to score apart from the others.
APART = 0.1


@dataclass(frozen=True)
class Agreement:
    """Of one criterion. calls: scored by all reviewers. same: share of pairs of scores that are equal.

    apart: {reviewer: mean difference to the others on the same calls, as a share of the points}.
    """

    criterion: Criterion
    calls: int
    same: float | None
    kappa: float | None
    apart: Mapping[str, float]

    @property
    def deviating(self) -> list[str]:
        """Who scores higher or lower than the others, the farthest first."""
        far = [(abs(by), who) for who, by in self.apart.items() if abs(by) >= APART]
        return [who for _by, who in sorted(far, reverse=True)]


def agreement(criterion: Criterion, scores: Mapping[str, Mapping[int, int | None]]) -> Agreement:
    """scores: {reviewer: {call: score}}; calls that not all have scored are left out."""
    reviewers = sorted(scores)
    shared = set.intersection(*(set(scores[who]) for who in reviewers)) if reviewers else set()
    calls = sorted(call for call in shared if all(scores[who][call] is not None for who in reviewers))
    rows = [[int(scores[who][call] or 0) for who in reviewers] for call in calls]
    if not rows or len(reviewers) < 2:
        return Agreement(criterion, len(rows), None, None, {})
    pairs = [row[a] == row[b] for row in rows for a, b in combinations(range(len(reviewers)), 2)]
    apart = {
        who: fmean(criterion.share(row[at]) - fmean(_others(criterion, row, at)) for row in rows)
        for at, who in enumerate(reviewers)
    }
    return Agreement(criterion, len(rows), fmean(pairs), _kappa(criterion, rows), apart)


def _others(criterion: Criterion, row: Sequence[int], at: int) -> list[float]:
    return [criterion.share(score) for place, score in enumerate(row) if place != at]


def _kappa(criterion: Criterion, rows: Sequence[Sequence[int]]) -> float | None:
    if len({score for row in rows for score in row}) < 2:
        return None
    columns = list(zip(*rows, strict=True))
    if len(columns) > 2 and criterion.kind != Kind.POINTS:
        # Loading statsmodels or scikit-learn takes a second or more.
        from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa

        counts, _categories = aggregate_raters(rows)
        return _defined(float(fleiss_kappa(counts)))
    weights = "quadratic" if criterion.kind == Kind.POINTS else None
    found = [_cohen(a, b, weights, criterion) for a, b in combinations(columns, 2)]
    known = [one for one in found if one is not None]
    return fmean(known) if known else None


def _cohen(a: Sequence[int], b: Sequence[int], weights: str | None, criterion: Criterion) -> float | None:
    from sklearn.metrics import cohen_kappa_score

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # 0 / 0 where both use one score alone
        return _defined(float(cohen_kappa_score(a, b, labels=list(criterion.scores), weights=weights)))


def _defined(value: float) -> float | None:
    return None if math.isnan(value) else value
