"""Leaf tables of CatBoost's oblivious trees: all splits of a level are the same, so the leaf tells every decision."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import factorial

import numpy as np

from analytics.churn.leaf_tables import LeafTable, ReasonTables


@dataclass(frozen=True)
class Tree:
    """One oblivious tree. Split i sets bit i of the leaf's number; bit is (value > border)."""

    features: tuple[int, ...]
    borders: tuple[float, ...]
    values: np.ndarray
    weights: np.ndarray


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


def reason_tables(trees: Sequence[Tree], bias: float, shares: np.ndarray) -> ReasonTables:
    """shares: what part of each model feature's contribution goes to which factor (feature x factor, rows sum to 1)."""
    base, tables = bias, []
    for tree in trees:
        players, values, expected = shapley(tree)
        base += expected
        tables.append(_as_table(tree, values @ shares[players]))
    return ReasonTables(tables, base, bias, shares.shape[1])


def _as_table(tree: Tree, by_factor: np.ndarray) -> LeafTable:
    used = np.flatnonzero(np.abs(by_factor).max(axis=0) > 0) if by_factor.size else np.empty(0, dtype=int)
    # The highest bit first: the leaf's number is then built by doubling.
    return LeafTable(
        tree.features[::-1],
        np.asarray(tree.borders[::-1], dtype=np.float32),
        (False,) * len(tree.features),
        tuple(int(factor) for factor in used),
        np.ascontiguousarray(by_factor[:, used].T),
        tree.values,
    )
