"""One person in several rows, where the table does not say so."""

import numpy as np
import pandas as pd

from analytics.churn.services.evaluation.doubts import possible_persons, repeated_rows

RANDOM = np.random.default_rng(4)


def test_a_column_that_may_name_persons_is_pointed_at():
    person = np.tile(np.arange(200), 3)
    label = (RANDOM.random(200) < 0.25).astype(float)[person]
    frame = pd.DataFrame({"line": person.astype(str), "tenure": RANDOM.integers(1, 72, 600)})
    [note] = possible_persons(frame, label)
    assert "rows that share line nearly always have the same outcome" in note


def test_values_that_many_share_and_outcomes_that_differ_are_no_persons():
    label = (RANDOM.random(600) < 0.25).astype(float)
    frame = pd.DataFrame({"tenure": RANDOM.integers(1, 72, 600), "code": np.tile(np.arange(200), 3).astype(str)})
    assert possible_persons(frame, label) == []


def test_a_rare_outcome_proves_no_persons():
    """Of 24 leavers in 24,000 nearly all rows that share anything have one outcome, by chance."""
    label = np.zeros(24_000)
    label[::1000] = 1
    assert possible_persons(pd.DataFrame({"fee": RANDOM.integers(0, 9_000, 24_000)}), label) == []


def test_copies_are_doubted_where_there_are_columns_enough():
    frame = pd.DataFrame({f"c{number}": RANDOM.integers(0, 50, 500) for number in range(9)})
    assert repeated_rows(frame) == []
    copied = pd.concat([frame, frame.iloc[:20]])
    assert "20 rows repeat another row" in repeated_rows(copied)[0]
    assert repeated_rows(copied[["c1", "c2"]]) == []
