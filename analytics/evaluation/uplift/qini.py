"""How well a ranking finds those whom the treatment changes, and what a policy made of it is worth."""

import numpy as np

from analytics.evaluation.uplift.rows import Rows


def qini(score: np.ndarray, rows: Rows) -> float:
    """Qini coefficient (Radcliffe 2007): the area between the curve of incremental outcomes of those ranked first and
    that of a random order, in outcomes a row. 0: as good as chance. Rows of equal score stand side by side.
    """
    share, gained = qini_curve(score, rows)
    return float(np.trapezoid(gained - gained[-1] * share, share))


def qini_curve(score: np.ndarray, rows: Rows) -> tuple[np.ndarray, np.ndarray]:
    """(share of the rows that is treated, highest scores first; incremental outcomes a row of all), both from 0."""
    _, place = np.unique(-score, return_inverse=True)
    last = int(place.max()) + 1

    def summed(weights: np.ndarray) -> np.ndarray:
        return np.bincount(place, weights=weights, minlength=last).cumsum()

    treated, control = summed(rows.treated), summed(~rows.treated)
    gained = summed(rows.outcome * rows.treated)
    alone = summed(rows.outcome * ~rows.treated)
    incremental = gained - alone * np.divide(treated, control, out=np.zeros(last), where=control > 0)
    return np.append(0, (treated + control) / len(rows)), np.append(0, incremental / len(rows))


def advantage(first: np.ndarray, second: np.ndarray, rows: Rows) -> tuple[float, float]:
    """(how much larger the Qini of the first ranking is, its standard error), both by inverse propensity.

    With w = t / e - (1 - t) / (1 - e) the curve is a mean over rows, and its area one of (1/2 - rank) w y: so the
    difference is a mean as well, whose error is that of any mean.
    """
    share = rows.propensity
    weight = np.where(rows.treated, 1 / share, -1 / (1 - share))
    # Loading scipy.stats takes most of a second; a process that asks for none does not wait for it.
    from scipy.stats import rankdata

    ranks = [rankdata(-score) / len(rows) for score in (first, second)]
    each = (ranks[1] - ranks[0]) * weight * (rows.outcome - rows.outcome.mean())
    return float(each.mean()), float(each.std(ddof=1) / np.sqrt(len(rows)))


def top(score: np.ndarray, share: float) -> np.ndarray:
    """Which rows are in the top share of a ranking; equal scores by their order."""
    chosen = np.zeros(len(score), dtype=bool)
    chosen[np.argsort(-score, kind="stable")[: round(share * len(score))]] = True
    return chosen


def policy_value(treat: np.ndarray, rows: Rows) -> float:
    """Mean outcome if exactly the rows of `treat` were treated: by inverse propensity, normalised by the sum of weights
    (Hajek), from rows that were by chance treated as the policy would have it.
    """
    share = rows.propensity
    weight = np.where(rows.treated == treat, np.where(treat, 1 / share, 1 / (1 - share)), 0.0)
    return float(weight @ rows.outcome / weight.sum())
