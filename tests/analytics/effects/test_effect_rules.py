"""Verdicts on two arms, by hand."""

import pytest
from django.utils import translation

from analytics.effects.rules import Arm, Verdict, judge
from analytics.effects.text import format_interval, format_verdict


def verdict(treated, held_out, share=0.1):
    return judge(days=60, treated=Arm(*treated), held_out=Arm(*held_out), share=share)


@pytest.mark.parametrize(
    ("treated", "held_out", "share", "expected"),
    [
        ((0, 0), (0, 0), 0.0, Verdict.NO_HOLDOUT),
        ((50, 5), (0, 0), 0.0, Verdict.NO_HOLDOUT),
        ((0, 0), (0, 0), 0.1, Verdict.TOO_EARLY),
        ((260, 20), (29, 4), 0.1, Verdict.TOO_FEW),
        ((300, 2), (30, 2), 0.1, Verdict.TOO_FEW),
        ((900, 45), (200, 20), 0.1, Verdict.UNEVEN),
        ((900, 45), (100, 15), 0.1, Verdict.KEEPS),
        ((900, 180), (100, 8), 0.1, Verdict.DRIVES_AWAY),
        ((900, 45), (100, 6), 0.1, Verdict.NOT_SHOWN),
    ],
)
def test_what_two_arms_show(treated, held_out, share, expected):
    assert verdict(treated, held_out, share).verdict == expected


def test_the_difference_has_the_interval_of_newcombe():
    # Newcombe 1998, method 10, example (a): 56/70 against 48/80 gives 0.0524 to 0.3339.
    effect = verdict((70, 56), (80, 48), 80 / 150)
    assert effect.difference == pytest.approx(0.2)
    assert (effect.low, effect.high) == (pytest.approx(0.0524, abs=5e-5), pytest.approx(0.3339, abs=5e-5))
    assert effect.verdict == Verdict.DRIVES_AWAY


def test_how_many_more_lines_would_show_a_difference_of_this_size():
    effect = verdict((900, 45), (100, 6))
    # (1.960 + 0.842)^2 / (2 asin sqrt .05 - 2 asin sqrt .06)^2 x (1 + 1/9) = 4,521 held out, 100 of them there.
    assert effect.more == pytest.approx(4_421, abs=5)
    assert verdict((900, 90), (100, 10)).more is None  # equal: no number of lines shows it


def test_nothing_is_said_of_arms_that_may_not_be_compared():
    for effect in (verdict((260, 20), (29, 4)), verdict((900, 45), (200, 20))):
        assert (effect.difference, effect.low, effect.high) == (None, None, None)
        assert format_interval(effect) == ""


def test_the_verdict_in_words_in_both_languages():
    effect = verdict((900, 45), (100, 15))
    with translation.override("en"):
        assert format_verdict(effect) == "It keeps lines: of 1,000 treated about 100 stay because of it."
        assert format_interval(effect) == "−10.0 pp (−18.4 pp to −4.1 pp)"
    with translation.override("zh-hans"):
        for arms in (((900, 45), (100, 15)), ((260, 20), (29, 4)), ((900, 45), (100, 6)), ((900, 45), (200, 20))):
            assert not format_verdict(verdict(*arms)).isascii()
