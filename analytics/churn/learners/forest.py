"""CatBoost's trees as a part of a model: fitting, serialising, raw scores and contributions of factors.

The only module that knows CatBoost's settings and file formats. Its trees are oblivious: all splits of a level are
the same, so the index of a leaf encodes every decision and exact reasons can be tabulated."""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from math import factorial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from analytics.churn.learners.leaf_tables import LeafTable, ReasonTables

if TYPE_CHECKING:
    from catboost import CatBoost, CatBoostClassifier

CATBOOST_SETTINGS = {"loss_function": "Logloss", "verbose": False, "allow_writing_files": False, "rsm": 0.4}


@dataclass(frozen=True)
class Growth:
    """How trees are grown: at most `trees`, stopped after `patience` more without a gain on held-out rows."""

    depth: int
    rate: float
    trees: int
    patience: int = 60


def grow_forest(
    matrix: np.ndarray, label: np.ndarray, held_out: tuple[np.ndarray, np.ndarray] | None, growth: Growth,
    *, seed: int, threads: int,
) -> "CatBoostClassifier":  # fmt: skip
    """Fit on the rows, watching the held-out ones."""
    # Loading CatBoost takes a third of a second; a process without a model does not wait for it.
    from catboost import CatBoostClassifier

    model = CatBoostClassifier(
        **CATBOOST_SETTINGS,
        l2_leaf_reg=leaf_pull(float(label.mean())),
        depth=growth.depth,
        learning_rate=growth.rate,
        iterations=growth.trees,
        random_seed=seed,
        thread_count=threads,
    )
    if held_out is None:
        return model.fit(matrix, label)
    return model.fit(matrix, label, eval_set=held_out, early_stopping_rounds=growth.patience)


def leaf_pull(rate: float) -> float:
    """CatBoost's l2_leaf_reg for this rate of the label.

    Rows of a rare label weigh little in a leaf's second derivative, rate x (1 - rate): the default 3 is weak there.
    On the simulated operator (2 % leave) 20 is worth .003 of AUC out of time; at half and half 3 stays.
    """
    return min(max(0.4 / max(rate * (1 - rate), 1e-6), 3.0), 20.0)


def raw_scores(model: "CatBoost", matrix: np.ndarray) -> np.ndarray:
    return np.asarray(model.predict(matrix, prediction_type="RawFormulaVal"), dtype=np.float64)


def average_forests(models: "Sequence[CatBoost]") -> "CatBoost":
    """One model whose raw score is the mean of theirs."""
    from catboost import sum_models

    return sum_models(list(models), weights=[1 / len(models)] * len(models))


def as_document(model: "CatBoost") -> dict:
    """CatBoost's JSON format."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.json"
        model.save_model(str(path), format="json")
        return json.loads(path.read_text())


def as_bytes(model: "CatBoost") -> bytes:
    """CatBoost's binary format."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.cbm"
        model.save_model(str(path), format="cbm")
        return path.read_bytes()


def from_bytes(kept: bytes) -> "CatBoost":
    from catboost import CatBoost

    return CatBoost().load_model(blob=kept)


@dataclass(frozen=True)
class Tree:
    """One oblivious tree. Split i sets bit i of the leaf's number; bit is (value > border)."""

    features: tuple[int, ...]
    borders: tuple[float, ...]
    values: np.ndarray
    weights: np.ndarray


def read_trees(model: dict) -> tuple[list[Tree], float]:
    """The trees and the bias of a CatBoost model saved as JSON. ValueError for unsupported trees."""
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
    """For every set of known splits (a bit mask), the tree's expectation for a row of each leaf: shape (2^d, 2^d).

    Unknown splits are averaged by the training weight of their two sides, deepest split (bit 0) first.
    """
    found = {0: values.reshape(-1, 1)}  # by mask of the processed bits: (path of the others, own side of the processed)
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
    """shares: the share of each model feature's contribution per factor (feature x factor, rows sum to 1)."""
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


@dataclass
class Trees:
    """shares: the share of each feature's contribution per factor, (features, factors)."""

    forest: "CatBoost"
    shares: np.ndarray

    @cached_property
    def tables(self) -> ReasonTables:
        """Made on first use: about a second for 1,500 trees."""
        return reason_tables(*read_trees(as_document(self.forest)), self.shares)

    @property
    def base(self) -> float:
        return self.tables.base

    def raw(self, matrix: np.ndarray) -> np.ndarray:
        return raw_scores(self.forest, matrix)

    def contributions(self, matrix: np.ndarray) -> np.ndarray:
        return self.tables.contributions(matrix)

    def weights(self) -> np.ndarray:
        return self.tables.weights()
