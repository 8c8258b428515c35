"""Sample ratio: whether the arms are as large as they were drawn. Checked before any effect is shown."""

from collections.abc import Sequence

import numpy as np

# Arms that differ from their draw by more than chance does at this level were chosen by something else.
UNEVEN_BELOW = 0.001
# With fewer expected members chi-square is no longer near its distribution.
LEAST_EXPECTED = 5


def sample_ratio_p(members: Sequence[int], shares: Sequence[float]) -> float | None:
    """p of the sizes of the arms, whose shares were to be these (they add up to 1): chi-square, exact where small.

    None where it cannot be told: nobody, a share of 0, or more than two arms with too few members.
    """
    # Loading scipy.stats takes most of a second; a process that asks for none does not wait for it.
    from scipy import stats

    total = sum(members)
    expected = total * np.asarray(shares, dtype=float)
    if not total or min(expected) <= 0:
        return None
    if min(expected) >= LEAST_EXPECTED:
        return float(stats.chisquare(members, expected).pvalue)
    return float(stats.binomtest(members[0], total, shares[0]).pvalue) if len(members) == 2 else None


def is_uneven(p: float | None) -> bool:
    return p is not None and p < UNEVEN_BELOW
