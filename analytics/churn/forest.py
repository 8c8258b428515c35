"""Growing and keeping trees: the only module that knows CatBoost's settings and file formats."""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from catboost import CatBoost, CatBoostClassifier, sum_models

COMMON = {"loss_function": "Logloss", "verbose": False, "allow_writing_files": False, "rsm": 0.4}


@dataclass(frozen=True)
class Growth:
    """How trees are grown: at most `trees`, ended when `patience` more did not help the rows held out."""

    depth: int
    rate: float
    trees: int = 1500
    patience: int = 60


def grow(
    matrix: np.ndarray, label: np.ndarray, held_out: tuple[np.ndarray, np.ndarray] | None, growth: Growth,
    *, seed: int, threads: int,
) -> CatBoostClassifier:  # fmt: skip
    """Fit on the rows, watching the held-out ones."""
    model = CatBoostClassifier(
        **COMMON,
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

    Rows of a rare label weigh little in a leaf's second derivative, rate x (1 - rate): the usual 3 hardly pulls there.
    On the simulated operator (2 % leave) 20 is worth .003 of AUC out of time; at half and half 3 stays.
    """
    return min(max(0.4 / max(rate * (1 - rate), 1e-6), 3.0), 20.0)


def raw(model: CatBoost, matrix: np.ndarray) -> np.ndarray:
    return np.asarray(model.predict(matrix, prediction_type="RawFormulaVal"), dtype=np.float64)


def average(models: Sequence[CatBoost]) -> CatBoost:
    """One model whose raw score is the mean of theirs."""
    return sum_models(list(models), weights=[1 / len(models)] * len(models))


def as_document(model: CatBoost) -> dict:
    """CatBoost's own JSON."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.json"
        model.save_model(str(path), format="json")
        return json.loads(path.read_text())


def as_bytes(model: CatBoost) -> bytes:
    """CatBoost's own binary form."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.cbm"
        model.save_model(str(path), format="cbm")
        return path.read_bytes()


def from_bytes(kept: bytes) -> CatBoost:
    return CatBoost().load_model(blob=kept)
