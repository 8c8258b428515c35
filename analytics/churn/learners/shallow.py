"""Trees of at most eight leaves as a part of a model: scikit-learn's histogram boosting, kept as plain arrays.

They split where CatBoost's oblivious trees cannot and err elsewhere: on the simulated operator (2 % leave) they rank
leavers out of time by .007 of AUC better, on IBM's table worse. Held-out scores set the weights. At most 7 splits, so
that reasons are exact and read from tables as CatBoost's are.
"""

import io
from dataclasses import dataclass
from functools import cached_property
from math import factorial
from typing import TYPE_CHECKING, Self

import numpy as np

from analytics.churn.learners.leaf_tables import LeafTable, ReasonTables

if TYPE_CHECKING:
    from sklearn.ensemble import HistGradientBoostingClassifier

LEAVES = 8
COLUMNS = ("feature", "border", "blank_above", "left", "right", "value", "count", "leaf")


@dataclass
class Shallow:
    """nodes: (rows, COLUMNS) of all trees below one another; starts: where each tree begins, and the end; bias: what is
    added to the mean of their sums; shares: (features, factors) as in Trees."""

    nodes: np.ndarray
    starts: np.ndarray
    bias: float
    shares: np.ndarray

    @cached_property
    def tables(self) -> ReasonTables:
        base, tables = self.bias, []
        for start, end in zip(self.starts, self.starts[1:], strict=False):
            table, expected = leaf_table(self.nodes[start:end], self.shares)
            base += expected
            tables.append(table)
        return ReasonTables(tables, base, self.bias, self.shares.shape[1])

    @property
    def base(self) -> float:
        return self.tables.base

    def raw(self, matrix: np.ndarray) -> np.ndarray:
        return self.tables.raw(matrix)

    def contributions(self, matrix: np.ndarray) -> np.ndarray:
        return self.tables.contributions(matrix)

    def weights(self) -> np.ndarray:
        return self.tables.weights()

    def as_bytes(self) -> bytes:
        buffer = io.BytesIO()
        np.savez(buffer, nodes=self.nodes, starts=self.starts, bias=np.float64(self.bias))
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, kept: bytes, shares: np.ndarray) -> Self:
        """ValueError for other bytes, or trees of other features."""
        with np.load(io.BytesIO(kept), allow_pickle=False) as found:
            nodes, starts, bias = found["nodes"], found["starts"], float(found["bias"])
        if nodes.shape[1:] != (len(COLUMNS),) or nodes[:, 0].max(initial=0) >= len(shares):
            raise ValueError("trees of other features")
        return cls(nodes, starts, bias, shares)


def grow_shallow(matrix: np.ndarray, label: np.ndarray, *, seed: int) -> "HistGradientBoostingClassifier":
    """Small trees, stopped early by the loss on a held-out tenth of the rows."""
    # Loading scikit-learn takes a second; a process that learns nothing does not wait for it.
    from sklearn.ensemble import HistGradientBoostingClassifier

    model = HistGradientBoostingClassifier(
        learning_rate=0.06, max_iter=400, max_leaf_nodes=LEAVES, max_depth=LEAVES - 1, l2_regularization=5.0,
        early_stopping=True, random_state=seed,
    )  # fmt: skip
    return model.fit(matrix, label)


def average_shallow(models: "list[HistGradientBoostingClassifier]", shares: np.ndarray) -> Shallow:
    """One part whose raw score is the mean of the models'."""
    nodes, starts, bias = [], [0], 0.0
    for model in models:
        bias += float(model._baseline_prediction[0, 0]) / len(models)
        for (tree,) in model._predictors:
            kept = _plain(tree.nodes)
            kept[:, COLUMNS.index("value")] /= len(models)
            nodes.append(kept)
            starts.append(starts[-1] + len(kept))
    found = np.concatenate(nodes) if nodes else np.empty((0, len(COLUMNS)))
    return Shallow(found, np.asarray(starts, dtype=np.int64), bias, shares)


def _plain(nodes: np.ndarray) -> np.ndarray:
    """scikit-learn's nodes (value <= border goes left) as COLUMNS."""
    return np.column_stack(
        [
            nodes["feature_idx"],
            nodes["num_threshold"],
            1 - nodes["missing_go_to_left"],
            nodes["left"],
            nodes["right"],
            nodes["value"],
            nodes["count"],
            nodes["is_leaf"],
        ]
    ).astype(np.float64)


def leaf_table(nodes: np.ndarray, shares: np.ndarray) -> tuple[LeafTable, float]:
    """The tree's table, and its value for a row without known values."""
    splits = np.flatnonzero(nodes[:, 7] == 0)
    features = nodes[splits, 0].astype(int)
    players = sorted(set(features.tolist()))
    expected = _expectations(nodes, splits, players)
    values = np.zeros((expected.shape[1], len(players)))
    masks = np.arange(1 << len(players))
    sizes = np.array([int(mask).bit_count() for mask in masks])
    for place in range(len(players)):
        without = masks[masks >> place & 1 == 0]
        share = np.array([factorial(n) * factorial(len(players) - n - 1) for n in sizes[without]])
        gained = expected[without | 1 << place] - expected[without]
        values[:, place] = share @ gained / factorial(len(players))
    by_factor = values @ shares[players] if players else np.zeros((1, shares.shape[1]))
    used = np.flatnonzero(np.abs(by_factor).max(axis=0) > 0)
    table = LeafTable(
        tuple(features.tolist()),
        _down(nodes[splits, 1]),
        tuple(bool(one) for one in nodes[splits, 2]),
        tuple(int(factor) for factor in used),
        np.ascontiguousarray(by_factor[:, used].T),
        expected[-1],
    )
    return table, float(expected[0, 0])


def _expectations(nodes: np.ndarray, splits: np.ndarray, players: list[int]) -> np.ndarray:
    """The tree's expectation for every set of known features and every combination of decisions: (sets, combinations).

    At a split on an unknown feature both sides are averaged by the rows that training sent there.
    """
    combinations = np.arange(1 << len(splits))
    # The first split is the highest bit.
    above = {int(node): combinations >> len(splits) - 1 - place & 1 for place, node in enumerate(splits)}
    known = {
        int(node): (np.arange(1 << len(players)) >> players.index(int(nodes[node, 0])) & 1)[:, None].astype(bool)
        for node in splits
    }

    def of(node: int) -> np.ndarray:
        if nodes[node, 7]:
            return np.full((1 << len(players), len(combinations)), nodes[node, 5])
        left, right = int(nodes[node, 3]), int(nodes[node, 4])
        low, high = of(left), of(right)
        part = nodes[left, 6] / max(nodes[left, 6] + nodes[right, 6], 1.0)
        return np.where(known[node], np.where(above[node], high, low), part * low + (1 - part) * high)

    return of(0)


def _down(borders: np.ndarray) -> np.ndarray:
    """The largest float32 not above each border, so that the same values are above both."""
    near = borders.astype(np.float32)
    return np.where(near.astype(np.float64) > borders, np.nextafter(near, np.float32(-np.inf)), near)
