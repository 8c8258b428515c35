"""Parties: lines that facts put together before any tie is looked at; each is one node of the calling graph."""

from collections.abc import Sequence

import numpy as np

UNKNOWN = -1


def find_parties(shared: Sequence[np.ndarray], pairs: tuple[np.ndarray, np.ndarray], *, most: int) -> np.ndarray:
    """The party of each line, numbered from 0.

    shared: columns of codes, UNKNOWN where a line has none; lines with one code belong together, unless more than
    `most` have it. pairs: lines that belong together anyway.
    """
    # Loading scipy takes a fifth of a second; only the night looks for parties.
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    size = len(shared[0])
    ones, others = [pairs[0]], [pairs[1]]
    for codes in shared:
        one, other = _joined(codes, most)
        ones.append(one)
        others.append(other)
    one, other = np.concatenate(ones), np.concatenate(others)
    graph = coo_array((np.ones(len(one), np.int8), (one, other)), shape=(size, size))
    return connected_components(graph, directed=False)[1]


def _joined(codes: np.ndarray, most: int) -> tuple[np.ndarray, np.ndarray]:
    """(the first line with the same code, the line) of all lines with a code that two to `most` have."""
    lines = np.flatnonzero(codes != UNKNOWN)
    _found, first, place, times = np.unique(codes[lines], return_index=True, return_inverse=True, return_counts=True)
    few = (times[place] > 1) & (times[place] <= most)
    return lines[first[place[few]]], lines[few]
