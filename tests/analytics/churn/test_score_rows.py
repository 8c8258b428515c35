"""The text that is written for each scored line."""

import json

import numpy as np
import pandas as pd
import pytest

from analytics.churn.services.score_rows import format_fixed, reasons_as_json


def test_numbers_become_text_of_so_many_decimals():
    numbers = np.array([0.0, 0.12345, -0.12345, 9.9999, 10.0, -10.0, 10.5, -1234.56789])
    assert list(format_fixed(numbers, 3)) == [
        "0.000",
        "0.123",
        "-0.123",
        "10.000",
        "10.000",
        "-10.000",
        "10.500",
        "-1234.568",
    ]
    random = np.random.default_rng(1).normal(0, 6, 5_000)
    assert [float(one) for one in format_fixed(random, 4)] == pytest.approx(list(random), abs=5.1e-5)


def test_reasons_say_the_value_of_their_own_factor_and_line():
    frame = pd.DataFrame(
        {"arpu": [12.5, np.nan, 80.0], "channel": ["hall", None, 'on"line'], "in_contract": ["t", "f", "t"]}
    )
    factors = np.array([[0, 1], [1, 0], [2, 1]])
    texts = reasons_as_json(frame, list(frame), factors, np.array([[0.5, 0.25], [0.1, -0.05], [12.0, 0.0]]))
    said = [[tuple(reason.values()) for reason in json.loads(text)] for text in texts]
    assert said == [
        [("arpu", 0.5, 12.5), ("channel", 0.25, "hall")],
        [("channel", 0.1, None), ("arpu", -0.05, None)],
        [("in_contract", 12.0, True), ("channel", 0.0, 'on"line')],
    ]
