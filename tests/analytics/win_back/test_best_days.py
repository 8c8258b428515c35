"""Which days since leaving are best: rates, intervals, and what is said of them."""

import pytest
from django.utils import translation

from analytics.win_back.rules import BINS, Verdict, judge, win_back_rates
from analytics.win_back.text import format_judgement

SOON, _NEXT, LATER, LATE, *_ = BINS


def test_bins_follow_each_other_without_gaps_until_a_line_is_no_longer_listed():
    from customers.profile.queries.leavers import LEAVER_DAYS

    assert BINS[0].first == 0 and BINS[-1].last == LEAVER_DAYS
    assert all(one.last + 1 == after.first for one, after in zip(BINS, BINS[1:], strict=False))


def test_the_interval_is_that_of_wilson():
    rate = win_back_rates({SOON: (100, 10)})[0]
    assert (rate.rate, rate.low, rate.high) == pytest.approx((0.1, 0.0552, 0.1744), abs=1e-4)
    untried = win_back_rates({})[0]
    assert (untried.orders, untried.rate, untried.low, untried.high) == (0, None, 0.0, 1.0)


def test_nothing_is_said_before_an_order_was_worked_to_its_end():
    found = judge(win_back_rates({}))
    assert found.verdict is Verdict.NOTHING
    assert "not known" in format_judgement(found)


def test_days_that_stand_out_are_named_with_their_rate_and_interval():
    found = judge(win_back_rates({SOON: (400, 20), LATER: (400, 100)}))
    assert (found.verdict, found.best.days, found.more) == (Verdict.BEST, LATER, 0)
    said = format_judgement(found)
    assert said == "Best called 31 to 60 days after leaving: 25% of 400 came back (21.0% to 29.5%)."


def test_where_intervals_overlap_the_missing_outcomes_are_counted_and_no_days_are_named():
    found = judge(win_back_rates({SOON: (40, 4), LATER: (40, 8), LATE: (300, 3)}))
    # 1.96² p (1 - p) / 0.05² less the 40 there are: 139 - 40 at 10 %, 246 - 40 at 20 %. LATE is out of the question.
    assert (found.verdict, found.more, found.where) == (Verdict.TOO_FEW, 99 + 206, (SOON, LATER))
    said = format_judgement(found)
    assert "305 more outcomes are needed" in said and "0 to 14 days, 31 to 60 days" in said


def test_enough_outcomes_without_a_difference_say_so():
    found = judge(win_back_rates({SOON: (900, 90), LATER: (900, 99)}))
    assert (found.verdict, found.best.days, found.more) == (Verdict.ALIKE, LATER, 0)
    assert "no days stand out" in format_judgement(found)
    nobody = judge(win_back_rates({SOON: (900, 0), LATER: (900, 0)}))
    assert "nobody came back" in format_judgement(nobody)


def test_one_bin_alone_is_not_the_best_of_anything():
    found = judge(win_back_rates({SOON: (500, 200)}))
    assert found.verdict is Verdict.TOO_FEW
    assert SOON not in found.where and LATER in found.where


def test_where_all_days_lack_outcomes_they_are_not_listed():
    found = judge(win_back_rates({days: (5, 1) for days in BINS}))
    assert found.where == BINS
    assert format_judgement(found).endswith(f"{found.more:,} more outcomes are needed.")


@pytest.mark.parametrize("counted", [{}, {SOON: (5, 1)}, {SOON: (400, 20), LATER: (400, 100)}, {SOON: (900, 0)}])
def test_it_is_said_in_chinese_too(counted):
    with translation.override("zh-hans"):
        assert not format_judgement(judge(win_back_rates(counted))).isascii()
