"""Ties between own lines, seen from one or both sides, as pairs with a strength."""

from dataclasses import dataclass

import numpy as np

from customers.circles.rules.limits import Limits


@dataclass(frozen=True)
class Pairs:
    """one < other, each pair once; strength: calls a month, a whole number of halves, so that sums are exact."""

    one: np.ndarray
    other: np.ndarray
    strength: np.ndarray


def strong_pairs(
    line: np.ndarray, other: np.ndarray, calls: np.ndarray, *, has_ties: np.ndarray, limits: Limits
) -> Pairs:
    """The pairs that name each other among their strongest contacts: as strong as the weaker side says.

    line, other, calls: a row for each strongest contact that is an own line; a line with itself is no pair.
    has_ties: of every line, whether any ties of it have come. Where those of one side have not, the other side is
    believed by half. A line that many name is a hub and has no pairs: it must not glue its callers together.
    """
    is_hub = np.bincount(other, minlength=len(has_ties)) > limits.callers
    keep = (line != other) & ~is_hub[line] & ~is_hub[other]
    line, other, calls = line[keep], other[keep], np.minimum(calls[keep], limits.most_calls)
    low, high = np.minimum(line, other), np.maximum(line, other)
    order = np.lexsort((line, high, low))
    line, other, calls, low, high = (column[order] for column in (line, other, calls, low, high))
    first = starts(low, high)
    last = np.append(first[1:], len(line))[: len(first)] - 1
    low, high, named = low[first], high[first], other[first]
    weaker = np.minimum.reduceat(calls, first) if len(first) else calls
    mutual = line[first] != line[last]
    strength = np.where(mutual, weaker, np.where(has_ties[named], 0, weaker / 2))
    found = strength > 0
    return Pairs(low[found], high[found], strength[found])


def starts(*columns: np.ndarray) -> np.ndarray:
    """Where a new combination begins in sorted columns."""
    if not len(columns[0]):
        return np.empty(0, np.intp)
    changed = np.any([column[1:] != column[:-1] for column in columns], axis=0)
    return np.flatnonzero(np.append(True, changed))
