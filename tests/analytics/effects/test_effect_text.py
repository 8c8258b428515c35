"""What the page of a scenario says of two arms, in both languages."""

from django.utils import translation

from analytics.effects.text import format_interval, format_verdict
from analytics.evaluation.rules.arms import Arm
from analytics.evaluation.rules.verdicts import Looks, Verdict, judge


def effect(treated, held_out, share=0.1):
    return judge(Arm(*treated), Arm(*held_out), share=share, looks=Looks.REPEATED)


KEEPS, DRIVES_AWAY = ((900, 45), (100, 15)), ((900, 180), (100, 3))
SILENT = ((260, 20), (29, 4)), ((900, 45), (200, 20))
NOT_SHOWN = ((900, 45), (100, 6))


def test_the_verdict_in_words_in_both_languages():
    with translation.override("en"):
        assert format_verdict(effect(*KEEPS)) == "It keeps lines: of 1,000 treated about 100 stay because of it."
        assert format_verdict(effect(*DRIVES_AWAY)) == (
            "It drives lines away: of 1,000 treated about 170 leave because of it."
        )
        found = effect(*NOT_SHOWN)
        assert format_verdict(found) == (
            f"No effect is shown yet: one this large needs {found.more:,} more lines held out."
        )
    with translation.override("zh-hans"):
        for arms in (KEEPS, DRIVES_AWAY, NOT_SHOWN, *SILENT):
            assert not format_verdict(effect(*arms)).isascii()


def test_the_interval_is_the_one_that_the_verdict_stands_on():
    found = effect(*KEEPS)
    with translation.override("en"):
        assert format_interval(found).startswith("−10.0 pp (−2")
    assert found.bounds[0] < found.estimate.low and found.estimate.high < found.bounds[1] < 0


def test_nothing_is_said_of_arms_that_may_not_be_compared():
    for arms in SILENT:
        assert format_interval(effect(*arms)) == ""


def test_a_difference_that_one_look_shows_is_not_yet_one_that_many_show():
    arms = Arm(900, 180), Arm(100, 8)
    assert judge(*arms, share=0.1, looks=Looks.ONCE).verdict == Verdict.HARMS
    assert judge(*arms, share=0.1, looks=Looks.REPEATED).verdict == Verdict.NOT_SHOWN
