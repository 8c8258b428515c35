"""Compares a replayed month with the true chances of a simulated operator: the best result that facts allow.

True chances contain what no fact shows, such as whether lower usage means leaving or a holiday. A learner fitted on
these chances instead of outcomes, with the model's rows and factors, measures how much of them the facts contain. Its
distance to the true chances is hidden information; the model's distance to it is lost in learning.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from pyarrow import parquet
from threadpoolctl import threadpool_limits

from analytics.churn.learners import metrics
from analytics.churn.learners.features import learn_plan, training_matrix
from analytics.churn.learners.fitting import assign_folds
from analytics.churn.learners.settings import Settings
from analytics.churn.queries.dataset import features
from customers.facts.models import Subscriber
from retention.core.errors import Invalid

CHANCE = "probability_alone"
SEEDS = (1, 2)
NO_FIGURES: dict[str, Any] = {"best_auc": None, "best_lift_at_10": None, "taught_auc": None, "auc_there": None}
Month = tuple[date, pd.DataFrame]


@dataclass(frozen=True)
class Oracle:
    """folder: what `simulate --truth` wrote. Invalid when there is nothing of the kind in it."""

    folder: Path

    def __post_init__(self) -> None:
        if not (self.folder / "months").is_dir():
            raise Invalid(f"There is no truth of a simulated operator in {self.folder}.", code="no_truth")

    def judge(self, judged: Month, said: np.ndarray, *, taught_on: list[Month], settings: Settings) -> dict[str, Any]:
        """best_auc and best_lift_at_10 of the true chances; taught_auc of a learner taught those of `taught_on`;
        auc_there, the model's: all of the same lines. None where the truth has no such month.

        These are the lines with a true chance. A line that had already left but showed no sign yet (fallen silent in
        these days) has none: no model can predict it.
        """
        origin, frame = judged
        true = self.chances(origin, frame["subscriber_id"])
        known = np.isfinite(true)
        label = frame["left"].to_numpy(dtype=np.float64)[known]
        if not 0 < label.sum() < len(label):
            return NO_FIGURES
        best = metrics.summary(label, true[known])
        taught = self._taught(taught_on, settings)
        return {
            "best_auc": best["auc"],
            "best_lift_at_10": best["lift_at_10"],
            "taught_auc": round(metrics.auc(label, taught(features(frame))[known]), 5) if taught else None,
            "auc_there": round(metrics.auc(label, said[known]), 5),
        }

    def chances(self, day: date, lines: pd.Series) -> np.ndarray:
        """The true chance of each subscriber id on that day, not-a-number where there is none."""
        path = self.folder / "months" / f"{day}.parquet"
        if not path.is_file():
            return np.full(len(lines), np.nan)
        table = parquet.read_table(path, columns=["subscriber_no", CHANCE]).to_pandas()
        return lines.map(self._numbers).map(table.set_index("subscriber_no")[CHANCE]).to_numpy(dtype=np.float64)

    @cached_property
    def _numbers(self) -> dict[int, str]:
        """Read once for all the months of a replay."""
        return dict(Subscriber.objects.values_list("pk", "subscriber_no").iterator())

    def _taught(self, months: list[Month], settings: Settings) -> Callable[[pd.DataFrame], np.ndarray] | None:
        """A predictor fitted on the true chances of `months`, for a table of factors; None without any."""
        # Loading scikit-learn takes a second; a process that learns nothing does not wait for it.
        from sklearn.ensemble import HistGradientBoostingRegressor

        rows = pd.concat([frame for _day, frame in months], ignore_index=True)
        true = np.concatenate([self.chances(day, frame["subscriber_id"]) for day, frame in months])
        known = np.flatnonzero(np.isfinite(true))
        known = np.sort(np.random.default_rng(settings.seed).permutation(known)[: settings.max_rows])
        if not true[known].sum() > 0:
            return None
        rows = rows.iloc[known]
        table, label, groups = features(rows), rows["left"].to_numpy(dtype=np.float64), rows["customer_id"].to_numpy()
        fold = assign_folds(label, settings.folds, settings.seed, groups)
        plan, matrix = training_matrix(learn_plan(table, label, settings.seed, groups), table, label, fold)
        with threadpool_limits(1):
            grown = [
                HistGradientBoostingRegressor(
                    loss="poisson", learning_rate=0.06, max_iter=250, max_leaf_nodes=16, min_samples_leaf=40,
                    l2_regularization=5.0, max_features=0.4, random_state=seed,
                ).fit(matrix, true[known])
                for seed in SEEDS
            ]  # fmt: skip
        return lambda table: np.mean([model.predict(plan.matrix(table)) for model in grown], axis=0)
