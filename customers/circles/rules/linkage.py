"""Average linkage on a sparse graph, by merging mutual nearest neighbours (de Rham 1980; Murtagh 1983).

Two clusters are as near as the mean strength over all pairs of their members, where no tie counts 0. Merging any two
that are each other's nearest gives the same tree as always merging the nearest two of all; here all such pairs of a
round are merged at once, in arrays. Chains do not form: each merge must hold on average between every two members.
"""

import numpy as np

from customers.circles.rules.ties import Pairs, starts


def link(pairs: Pairs, *, nodes: int, lines: np.ndarray, least: float, most: int) -> np.ndarray:
    """The cluster of each node, named after its first one.

    lines: how many lines each node stands for; a cluster has at most `most`. least: mean strength of a merge.
    The result depends on the graph alone: equals are decided by the smaller node, strengths add up exactly.
    """
    label, size, lines = np.arange(nodes), np.ones(nodes, np.int64), lines.astype(np.int64)
    one, other, strength = pairs.one, pairs.other, pairs.strength
    while len(one):
        one, other, strength = _summed(one, other, strength)
        mean = strength / (size[one] * size[other])
        open_ = (mean >= least) & (lines[one] + lines[other] <= most)
        winner, loser = nearest_pairs(one[open_], other[open_], mean[open_], nodes)
        if not len(winner):
            break
        size[winner] += size[loser]
        lines[winner] += lines[loser]
        into = np.arange(nodes)
        into[loser] = winner
        label, one, other = into[label], into[one], into[other]
        apart = one != other
        one, other, strength = one[apart], other[apart], strength[apart]
    return label


def nearest_pairs(
    one: np.ndarray, other: np.ndarray, near: np.ndarray, nodes: int
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """The pairs (smaller, larger node) that are each other's nearest; the nearest pair of all is always among them."""
    ends, far_ends = np.concatenate([one, other]), np.concatenate([other, one])
    order = np.lexsort((np.maximum(ends, far_ends), np.minimum(ends, far_ends), -np.tile(near, 2), ends))
    first = order[starts(ends[order])]
    nearest = np.full(nodes, -1)
    nearest[ends[first]] = far_ends[first]
    chosen = np.flatnonzero(nearest >= 0)
    mutual = chosen[(nearest[nearest[chosen]] == chosen) & (chosen < nearest[chosen])]
    return mutual, nearest[mutual]


def _summed(one: np.ndarray, other: np.ndarray, strength: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Each pair of clusters once, smaller first."""
    low, high = np.minimum(one, other), np.maximum(one, other)
    order = np.lexsort((high, low))
    low, high, strength = low[order], high[order], strength[order]
    first = starts(low, high)
    return low[first], high[first], np.add.reduceat(strength, first)
