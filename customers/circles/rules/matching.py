"""Which circle of this month is which of the last: circles keep their number while most of them stays together."""

import numpy as np

from customers.circles.rules.linkage import nearest_pairs

NEW = -1


def match(before: np.ndarray, now: np.ndarray, *, circles: int) -> np.ndarray:
    """The number that each of `circles` circles had before, NEW where none.

    before, now: of the same lines, the number of the circle before and the circle now; -1 for a line without one. The
    pair with most lines in common is matched first, each circle once, and only where at least half of one of them
    is in the other.
    """
    numbers, was = np.unique(before, return_inverse=True)
    had = np.bincount(was, minlength=len(numbers))
    has = np.bincount(now[now >= 0], minlength=circles)
    both = (before >= 0) & (now >= 0)
    key, common = np.unique(was[both] * max(circles, 1) + now[both], return_counts=True)
    old, new = key // max(circles, 1), key % max(circles, 1)
    keep = 2 * common >= np.minimum(had[old], has[new])
    # Old circles and new ones are the two sides of one graph.
    one, other, near = old[keep], new[keep] + len(numbers), common[keep]
    found = np.full(circles, NEW, np.int64)
    while len(one):
        first, second = nearest_pairs(one, other, near, len(numbers) + circles)
        found[second - len(numbers)] = numbers[first]
        free = ~(np.isin(one, first) | np.isin(other, second))
        one, other, near = one[free], other[free], near[free]
    return found
