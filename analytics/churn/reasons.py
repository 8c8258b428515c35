"""Exact reasons: what each factor adds to a row's log-odds (path-dependent TreeSHAP), by table look-up.

CatBoost grows oblivious trees, so the Shapley values of one tree depend only on the leaf a row falls into. They are
worked out once for each leaf of each tree (brute force over at most 2^6 sets of features); explaining a row is then a
look-up and an addition for each tree, which NumPy does for a block of rows at a time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import factorial

import numpy as np

# Rows done together: small enough for the caches, large enough that calls cost little (measured).
BLOCK = 16_384


@dataclass(frozen=True)
class Tree:
    """One oblivious tree. Split i sets bit i of the leaf's number; bit is (value > border)."""

    features: tuple[int, ...]
    borders: tuple[float, ...]
    values: np.ndarray
    weights: np.ndarray


@dataclass(frozen=True)
class LeafTable:
    """What a tree adds, leaf by leaf: `added[j, leaf]` goes to factor `factors[j]`."""

    features: tuple[int, ...]
    borders: np.ndarray
    factors: tuple[int, ...]
    added: np.ndarray


def read_trees(model: dict) -> tuple[list[Tree], float]:
    """The trees and the bias of a CatBoost model saved as JSON. ValueError for what tables cannot hold."""
    for feature in model["features_info"]["float_features"]:
        if feature.get("has_nans") and feature.get("nan_value_treatment") == "AsTrue":
            raise ValueError("blanks must sort below every number")
    scale, (bias,) = model["scale_and_bias"]
    return [_read_tree(tree, scale) for tree in model["oblivious_trees"]], float(bias)


def _read_tree(tree: dict, scale: float) -> Tree:
    splits = tree.get("splits") or []
    if any(split["split_type"] != "FloatFeature" for split in splits):
        raise ValueError("only splits on numbers can be tabled")
    return Tree(
        tuple(split["float_feature_index"] for split in splits),
        tuple(split["border"] for split in splits),
        np.asarray(tree["leaf_values"], dtype=np.float64) * scale,
        np.asarray(tree["leaf_weights"], dtype=np.float64),
    )


def shapley(tree: Tree) -> tuple[list[int], np.ndarray, float]:
    """The features of the tree, their exact Shapley values (leaf x feature), and the tree's expected value."""
    depth = len(tree.features)
    expected = _expectations(tree.values, tree.weights, depth)
    players = sorted(set(tree.features))
    masks = [sum(1 << bit for bit in range(depth) if tree.features[bit] == player) for player in players]
    values = np.zeros((1 << depth, len(players)))
    for j, own in enumerate(masks):
        others = masks[:j] + masks[j + 1 :]
        for size in range(len(others) + 1):
            share = factorial(size) * factorial(len(others) - size) / factorial(len(players))
            for chosen in combinations(others, size):
                known = sum(chosen)
                values[:, j] += share * (expected[known | own] - expected[known])
    return players, values, float(expected[0][0])


def _expectations(values: np.ndarray, weights: np.ndarray, depth: int) -> np.ndarray:
    """For every set of known splits (a bit mask), what the tree gives for a row of each leaf: shape (2^d, 2^d).

    Unknown splits are averaged by the training weight of their two sides, deepest split (bit 0) first.
    """
    found = {0: values.reshape(-1, 1)}  # by mask of the bits done: (path of the bits to do, own side of the bits done)
    side_weights = weights
    for bit in range(depth):
        pairs = side_weights.reshape(-1, 2)
        total = pairs.sum(axis=1)
        shares = np.divide(pairs, total[:, None], out=np.zeros_like(pairs), where=total[:, None] > 0)
        done = {}
        for mask, known in found.items():
            sides = known.reshape(len(total), 2, -1)
            mean = (sides * shares[:, :, None]).sum(axis=1, keepdims=True)
            done[mask] = np.broadcast_to(mean, sides.shape).reshape(len(total), -1)
            done[mask | 1 << bit] = sides.reshape(len(total), -1)
        found, side_weights = done, total
    return np.stack([found[mask].reshape(-1) for mask in range(1 << depth)])


class ReasonTables:
    """All trees of a model as leaf tables.

    shares: what part of each model feature's contribution goes to which factor (feature x factor, rows sum to 1).
    """

    def __init__(self, trees: Sequence[Tree], bias: float, shares: np.ndarray) -> None:
        self.factors = shares.shape[1]
        self.base = bias
        self.tables = []
        for tree in trees:
            players, values, expected = shapley(tree)
            self.base += expected
            self.tables.append(_as_table(tree, values @ shares[players]))

    def contributions(self, matrix: np.ndarray) -> np.ndarray:
        """Log-odds added by each factor to each row: (factors, rows). `matrix` is (rows, features), float32.

        base + the column's sum is the model's raw score of the row. About 12 us a row for 1,500 trees on one core;
        threads do not help (the calls are too short), processes do.
        """
        columns = np.asarray(matrix, dtype=np.float32).T
        out = np.empty((self.factors, len(matrix)))
        for start in range(0, len(matrix), BLOCK):
            self._explain(columns[:, start : start + BLOCK], out[:, start : start + BLOCK])
        return out

    def _explain(self, columns: np.ndarray, out: np.ndarray) -> None:
        values = np.ascontiguousarray(columns)
        size = values.shape[1]
        sums = np.zeros((self.factors, size))
        above, leaf = np.empty(size, dtype=bool), np.empty(size, dtype=np.uint8)
        found = np.empty((max((len(table.factors) for table in self.tables), default=0), size))
        for table in self.tables:
            leaf[:] = 0
            for feature, border in zip(table.features, table.borders, strict=True):
                np.greater(values[feature], border, out=above)
                np.add(leaf, leaf, out=leaf)
                np.bitwise_or(leaf, above.view(np.uint8), out=leaf)
            part = found[: len(table.factors)]
            np.take(table.added, leaf.astype(np.intp), axis=1, out=part, mode="clip")
            for factor, added in zip(table.factors, part, strict=True):
                sums[factor] += added
        out[:] = sums


def _as_table(tree: Tree, by_factor: np.ndarray) -> LeafTable:
    used = np.flatnonzero(np.abs(by_factor).max(axis=0) > 0) if by_factor.size else np.empty(0, dtype=int)
    # The highest bit first: the leaf's number is then built by doubling.
    return LeafTable(
        tree.features[::-1],
        np.asarray(tree.borders[::-1], dtype=np.float32),
        tuple(int(factor) for factor in used),
        np.ascontiguousarray(by_factor[:, used].T),
    )


def strongest(contributions: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """The `count` factors that raise each row's score most, strongest first, and what each adds: (rows, count)."""
    rows = np.ascontiguousarray(contributions.T)
    count = min(count, rows.shape[1])
    if count < rows.shape[1]:
        top = np.argpartition(-rows, count - 1, axis=1)[:, :count]
    else:
        top = np.broadcast_to(np.arange(count), rows.shape)
    added = np.take_along_axis(rows, top, axis=1)
    order = np.argsort(-added, axis=1, kind="stable")
    return np.take_along_axis(top, order, axis=1), np.take_along_axis(added, order, axis=1)
