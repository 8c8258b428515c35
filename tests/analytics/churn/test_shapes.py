"""How the model reads each factor, as a curve."""

import numpy as np

from analytics.churn.learners.fitting import fit
from analytics.churn.learners.settings import Settings
from analytics.churn.services.curves import shapes
from tests.analytics.churn.tables import operator


def test_the_curve_of_a_factor_falls_where_the_truth_does():
    frame, label = operator(3_000)
    model = fit(frame, label, settings=Settings(folds=3, depths=(3,), shares=0))
    found = {one["factor"]: one for one in shapes(model, frame, label, model.explain(frame))}
    tenure = found["tenure"]["points"]
    known = [point for point in tenure if "from" in point]
    assert known[0]["added"] > 0 > known[-1]["added"]
    assert known[0]["rate"] > known[-1]["rate"]
    assert [point["from"] for point in known] == sorted(point["from"] for point in known)
    assert sum(point["rows"] for point in tenure) == len(frame)
    assert tenure[-1]["blank"] is True
    plans = {point["level"]: point for point in found["plan"]["points"]}
    assert plans["monthly"]["added"] > plans["two years"]["added"]
    assert all(point["low"] <= point["added"] <= point["high"] for point in plans.values())


def test_a_model_that_uses_nothing_has_no_curves():
    frame, label = operator(300)
    model = fit(frame, label, settings=Settings(parts=(), folds=3))
    assert shapes(model, frame, label, model.explain(frame)) == []


def test_a_constant_factor_is_one_point():
    frame, label = operator(600)
    model = fit(frame, label, settings=Settings(folds=3, depths=(3,), shares=0))
    same = frame.assign(calls=50.0)
    calls = next(one for one in shapes(model, same, label, model.explain(same)) if one["factor"] == "calls")
    assert [(point["from"], point["to"], point["rows"]) for point in calls["points"]] == [(50.0, 50.0, 600)]
    assert np.isfinite(calls["points"][0]["added"])
