"""Exact reasons by look-up, beside CatBoost's own TreeSHAP of the same model on a sample of the same rows."""

from datetime import date

import numpy as np
import pandas as pd
from catboost import Pool

from analytics.churn.learners.forest import Trees
from analytics.churn.models import ModelVersion
from analytics.churn.queries import dataset
from analytics.churn.queries.versions import load_model
from bench.measure import beside, seconds
from bench.night import after_a_night

MOST_ROWS = 100_000
SAMPLE = 500
AT_LEAST, MOST_US, LARGEST_ERROR = 10, 60, 1e-6


def run(subscribers: int) -> dict:
    as_of = after_a_night()
    champion = ModelVersion.objects.champion()
    if champion is None:
        raise SystemExit("The base is too small to learn from: give more --subscribers.")
    model = load_model(champion)
    trees = next(part for part in model.general.parts if isinstance(part, Trees))
    frame = _frame(as_of)
    tables = seconds(lambda: trees.tables)
    explained = model.explain(frame)
    matrix = model.matrix(frame)
    ours = min(seconds(lambda: trees.contributions(matrix)) for _ in range(3)) / len(frame) * 1e6
    whole = seconds(lambda: model.explain(frame).top(5)) / len(frame) * 1e6
    sample = Pool(matrix[:SAMPLE])
    shap: list[np.ndarray] = []
    floor = seconds(lambda: shap.append(trees.forest.get_feature_importance(sample, type="ShapValues")))
    floor *= 1e6 / min(SAMPLE, len(frame))
    said = trees.contributions(matrix[:SAMPLE]).T
    theirs = shap[0][:, :-1] @ trees.shares
    return beside(
        figure=ours, floor=floor, unit="us/row", floor_is="CatBoost's ShapValues of the same trees, all cores",
        goal=f"<= {MOST_US} us a row with scores, >= {AT_LEAST} x faster, additivity error < {LARGEST_ERROR}",
        reached=whole <= MOST_US and floor >= AT_LEAST * ours and explained.additivity_error < LARGEST_ERROR,
        times_faster=round(floor / ours, 1), with_scores_and_top_5=round(whole, 1),
        additivity_error=float(f"{explained.additivity_error:.2e}"),
        largest_difference=float(f"{np.abs(said - theirs).max():.2e}"),
        rows=len(frame), trees=trees.forest.tree_count_, factors=len(model.plan.factors),
        tables_seconds=round(tables, 2),
    )  # fmt: skip


def _frame(as_of: date) -> pd.DataFrame:
    frames, rows = [], 0
    for frame in dataset.to_score(as_of=as_of):
        frames.append(frame)
        rows += len(frame)
        if rows >= MOST_ROWS:
            break
    return pd.concat(frames, ignore_index=True).head(MOST_ROWS)
