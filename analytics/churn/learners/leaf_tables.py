"""Exact reasons: each factor's contribution to a row's log-odds (path-dependent TreeSHAP), by table look-up.

The Shapley values of one tree depend only on a row's decisions at its splits. With six or seven splits they are
computed once for every combination (by brute force over sets of features); explaining a row is then a look-up and an
addition for each tree, which NumPy does for a block of rows at a time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

# Rows per block: small enough for the caches, large enough that calls cost little (measured).
ROWS_PER_BLOCK = 16_384


@dataclass(frozen=True)
class LeafTable:
    """One tree. Its splits, first to last, make a number bit by bit, the first one highest: bit is (value > border).

    A blank is above the border where blank_above is true. `added[j, number]` goes to factor `factors[j]`;
    `values[number]` is the tree's own value.
    """

    features: tuple[int, ...]
    borders: np.ndarray
    blank_above: tuple[bool, ...]
    factors: tuple[int, ...]
    added: np.ndarray
    values: np.ndarray


@dataclass(frozen=True)
class ReasonTables:
    """All trees of a forest. base: its score of a row without known values; bias: the constant added to its trees."""

    tables: Sequence[LeafTable]
    base: float
    bias: float
    factors: int

    def contributions(self, matrix: np.ndarray) -> np.ndarray:
        """Contribution of each factor to each row, in log-odds: (factors, rows). `matrix` is (rows, features), float32.

        base + the column's sum is the forest's raw score of the row. About 12 us a row for 1,500 trees on one core;
        threads do not help (the calls are too short), processes do.
        """
        out = np.empty((self.factors, len(matrix)))
        most = max((len(table.factors) for table in self.tables), default=0)
        for place, columns in _blocks(matrix):
            sums = np.zeros((self.factors, columns.shape[1]))
            found = np.empty((most, columns.shape[1]))
            for table, leaf in self._leaves(columns):
                part = found[: len(table.factors)]
                np.take(table.added, leaf, axis=1, out=part, mode="clip")
                for factor, added in zip(table.factors, part, strict=True):
                    sums[factor] += added
            out[:, place] = sums
        return out

    def raw(self, matrix: np.ndarray) -> np.ndarray:
        """The forest's raw score of each row, read from the tables."""
        out = np.full(len(matrix), self.bias)
        for place, columns in _blocks(matrix):
            for table, leaf in self._leaves(columns):
                out[place] += table.values[leaf]
        return out

    def weights(self) -> np.ndarray:
        """Importance of each factor: mean absolute contribution over the leaves."""
        found = np.zeros(self.factors)
        for table in self.tables:
            for factor, added in zip(table.factors, table.added, strict=True):
                found[factor] += np.abs(added).mean()
        return found

    def _leaves(self, columns: np.ndarray) -> Iterator[tuple[LeafTable, np.ndarray]]:
        """Each tree with the leaf index of every row; the array is reused for the next tree."""
        size = columns.shape[1]
        above, leaf = np.empty(size, dtype=bool), np.empty(size, dtype=np.uint8)
        place = np.empty(size, dtype=np.intp)
        for table in self.tables:
            leaf[:] = 0
            for feature, border, blank_above in zip(table.features, table.borders, table.blank_above, strict=True):
                if blank_above:
                    np.less_equal(columns[feature], border, out=above)
                    np.logical_not(above, out=above)
                else:
                    np.greater(columns[feature], border, out=above)
                np.add(leaf, leaf, out=leaf)
                np.bitwise_or(leaf, above.view(np.uint8), out=leaf)
            place[:] = leaf
            yield table, place


def _blocks(matrix: np.ndarray) -> Iterator[tuple[slice, np.ndarray]]:
    columns = np.asarray(matrix, dtype=np.float32).T
    for start in range(0, len(matrix), ROWS_PER_BLOCK):
        yield slice(start, start + ROWS_PER_BLOCK), np.ascontiguousarray(columns[:, start : start + ROWS_PER_BLOCK])


def strongest(contributions: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """The `count` factors that raise each row's score most, strongest first, and their contributions: (rows, count)."""
    rows = np.ascontiguousarray(contributions.T)
    count = min(count, rows.shape[1])
    if count < rows.shape[1]:
        top = np.argpartition(-rows, count - 1, axis=1)[:, :count]
    else:
        top = np.broadcast_to(np.arange(count), rows.shape)
    added = np.take_along_axis(rows, top, axis=1)
    order = np.argsort(-added, axis=1, kind="stable")
    return np.take_along_axis(top, order, axis=1), np.take_along_axis(added, order, axis=1)
