"""All kinds of learner on rolling origins: judged on later months, the best that explains itself is chosen."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from analytics.churn.learners.calibration import probability
from analytics.churn.learners.candidates import EXPLAINED, LearnerKind
from analytics.churn.learners.settings import Settings
from analytics.churn.queries.definitions import Outcome
from analytics.churn.services import model_selection
from retention.core.errors import Invalid

QUICK = Settings(folds=2, depths=(3,), shares=0, max_rows=3_000)


def month(number: int, rows: int = 1_500, *, odd_newcomers: bool = False) -> tuple[date, pd.DataFrame]:
    """Lines whose leaving hangs on two numbers; with odd_newcomers it is the other way round in the first half year."""
    random = np.random.default_rng(number)
    tenure = random.choice([3.0, 9.0, 40.0], rows, p=[0.4, 0.2, 0.4])
    fall, trouble = random.normal(size=(2, rows))
    sign = np.where(odd_newcomers & (tenure < 6), -1.0, 1.0)
    left = (random.random(rows) < probability(1.6 * sign * fall + trouble - 1)).astype(int)
    frame = pd.DataFrame(
        {
            "subscriber_id": np.arange(rows),
            "customer_id": np.arange(rows),
            "left": left,
            "tenure_cohort": np.select([tenure < 6, tenure < 12], ["under_6", "6_to_12"], "over_12"),
            "tenure_months": tenure,
            "fall": fall,
            "trouble": trouble,
        }
    )
    return date(2026, number, 28), frame


def test_every_kind_is_judged_on_later_months_and_the_likeliest_is_chosen():
    result = model_selection.select_learner([month(1), month(2), month(3)], origins=2, settings=QUICK)
    kinds = {row["kind"] for row in result.rows}
    assert kinds == {*LearnerKind.values, model_selection.OWN_MODELS}
    assert {row["origin"] for row in result.rows} == {"2026-02-28", "2026-03-28"}
    assert {row["origins"] for row in result.means} == {2}
    losses = {row["kind"]: row["log_loss"] for row in result.means}
    assert [row["log_loss"] for row in result.means] == sorted(losses.values())
    assert losses[result.chosen] == min(losses[kind.value] for kind in EXPLAINED)
    assert result.chosen != LearnerKind.PRIOR
    assert losses[LearnerKind.PRIOR] == max(losses.values())
    assert result.own == []


def test_a_cohort_with_laws_of_its_own_gets_a_model_of_its_own():
    """Only the line competes as the general model here: trees would find the turn in tenure by themselves."""
    months = [month(number, 3_000, odd_newcomers=True) for number in (1, 2)]
    alone = model_selection._Pooled()
    general = model_selection._Pooled()
    judged = months[-1][1]
    label = judged["left"].to_numpy(float)
    cohort = model_selection.COHORTS.of(judged)
    right = probability(np.where(cohort == 0, -1.6, 1.6) * judged["fall"] + judged["trouble"] - 1).to_numpy()
    wrong = probability(1.6 * judged["fall"] + judged["trouble"] - 1).to_numpy()
    for pooled, said in ((alone, right), (general, wrong)):
        pooled.label.append(label)
        pooled.said.append(said)
        pooled.cohort.append(cohort)
    assert model_selection._where_own_wins(alone, general) == [0]
    assert model_selection._where_own_wins(general, alone) == []


def test_a_month_whose_outcome_reaches_into_the_judged_one_teaches_nobody():
    months = [month(1), month(2), month(3)]
    wide = [Outcome(gap=7, horizon=45)]
    result = model_selection.select_learner(months, origins=2, settings=QUICK, outcomes=wide)
    assert {row["origin"] for row in result.rows} == {"2026-03-28"}  # February has only January, which reaches into it
    with pytest.raises(Invalid, match="overlap"):
        model_selection.select_learner(months, settings=QUICK, outcomes=[Outcome(gap=7, horizon=90)])


def test_one_month_is_no_contest():
    with pytest.raises(Invalid, match="two months"):
        model_selection.select_learner([month(1)], settings=QUICK)
