import numpy as np
import pandas as pd
import pytest


@pytest.fixture(scope="module")
def truth(operator) -> pd.DataFrame:
    return pd.concat(pd.read_parquet(path) for path in sorted((operator.truth / "months").glob("*.parquet")))


def test_there_is_a_truth_for_each_month_end_and_for_the_last_day(operator):
    names = sorted(path.stem for path in (operator.truth / "months").glob("*.parquet"))
    assert names[-1] == "2026-05-17"
    assert names[:2] == ["2025-05-31", "2025-06-30"] and len(names) == 13


def test_true_chances_are_those_by_which_people_leave(truth):
    chance, left = truth.probability_alone, truth.leaves_30_alone
    error = np.sqrt((chance * (1 - chance)).sum())
    assert abs(left.sum() - chance.sum()) < 4 * error
    bands = pd.cut(chance, [0, 0.02, 0.05, 0.2, 1])
    told = pd.DataFrame({"chance": chance, "left": left}).groupby(bands, observed=True).mean()
    assert told.left.is_monotonic_increasing
    assert np.allclose(told.chance, told.left, rtol=0.35)


def test_leaving_by_chance_agrees_with_the_simulated_life(operator, truth):
    lines = pd.read_parquet(operator.truth / "subscribers.parquet").set_index("subscriber_no")
    left_on = pd.to_datetime(lines.left_on).reindex(truth.subscriber_no).to_numpy()
    ahead = (left_on - pd.to_datetime(truth.as_of).to_numpy()) / np.timedelta64(1, "D")
    assert ((ahead > 0) & (ahead <= 30) == truth.leaves_30_alone.to_numpy()).all()
    assert not (ahead <= 0).any()


def test_offers_save_some_and_contact_wakes_some(truth):
    risky = truth[truth.probability_alone >= truth.probability_alone.quantile(0.95)]
    saved = (risky.probability_alone - risky.probability_offer).mean()
    assert 0.02 < saved < 0.10
    contact_effect = (truth.probability_contact - truth.probability_alone).to_numpy()
    assert 0.02 < (contact_effect > 0.01).mean() < 0.15
    assert (contact_effect < -0.01).any()


def test_outcomes_differ_from_being_left_alone_only_where_chances_do(truth):
    same = truth.probability_contact == truth.probability_alone
    assert (truth.leaves_30_contact[same] == truth.leaves_30_alone[same]).all()
    better = truth.probability_offer <= truth.probability_alone
    assert not (truth.leaves_30_offer & ~truth.leaves_30_alone)[better].any()


def test_movers_cannot_be_saved(truth):
    movers = truth[(truth.leaning == "mover") & (truth.probability_alone > 0)]
    assert len(movers)
    assert (movers.probability_offer >= movers.probability_alone).all()


def test_no_fact_tells_the_truth(operator):
    for table in operator.tables.values():
        assert not {"cause", "sleeping_dog", "leaning", "probability_alone"} & set(table.column_names)
