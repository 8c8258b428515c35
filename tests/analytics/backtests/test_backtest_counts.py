"""Every figure of a back-test against a count by hand; see tests.analytics.backtests.base for the operator."""

from datetime import timedelta
from decimal import Decimal

import pytest
from scipy.stats import binomtest

from analytics.backtests.queries.replay import backtest
from analytics.backtests.rules import Verdict, judge, wilson
from campaigns.audiences.rules import parse
from campaigns.segments.models import SegmentMonth
from customers.facts.models import Subscriber
from retention.core.db import partitioned_tables
from retention.core.errors import Invalid
from tests.analytics.backtests.base import AUGUST, JULY, OCTOBER, RULE, SEPTEMBER, make_operator, make_snapshot
from tests.campaigns.rows import SPEND_FELL, ask, rule
from tests.factories import TODAY, make_custom_field, make_risk_score, make_subscriber, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator():
    return make_operator()


def replay(wanted=RULE, *, user=None, as_of=TODAY, **given):
    return backtest(tree=parse(wanted), as_of=as_of, user=user or make_user(role="administrator"), **given)


def by_month(found):
    return {month.on: month for month in found.months}


def test_the_last_six_month_ends_and_why_two_say_nothing(operator):
    found = replay()
    assert [str(month.on) for month in found.months] == [
        "2026-05-31", "2026-06-30", "2026-07-31", "2026-08-31", "2026-09-30", "2026-10-31",
    ]  # fmt: skip
    assert [month.why for month in found.months] == ["There is no snapshot of that day."] * 2 + [""] * 4
    assert [month.hits for month in found.months] == [None, None, 5, 2, 1, 1]
    assert found.hits_a_month == 9 / 4


def test_who_left_within_each_window_and_what_is_not_yet_known(operator):
    months = by_month(replay())
    assert [months[JULY].left(days) for days in (30, 60, 90)] == [1, 2, 3]
    assert [months[JULY].gone(days) for days in (30, 60, 90)] == [2, 3, 4]  # with the one in arrears
    assert [months[AUGUST].left(days) for days in (30, 60, 90)] == [1, 1, None]
    assert [months[SEPTEMBER].left(days) for days in (30, 60, 90)] == [0, None, None]
    assert [months[OCTOBER].left(days) for days in (30, 60, 90)] == [None, None, None]


@pytest.mark.parametrize(
    ("days", "found", "left", "gone", "base", "base_left", "once"),
    [(30, 8, 2, 3, 26, 4, 5), (60, 7, 3, 4, 19, 5, 5), (90, 5, 3, 4, 11, 4, 5)],
)
def test_precision_lift_and_share_of_all_leavers(operator, days, found, left, gone, base, base_left, once):
    window = replay().window(days)
    assert (window.found.lines, window.left, window.gone) == (found, left, gone)
    assert (window.base.lines, window.base.left[days], window.once) == (base, base_left, once)
    assert window.precision == pytest.approx(left / found)
    assert window.lift == pytest.approx((left / found) / (base_left / base))
    assert window.share_caught == pytest.approx(left / base_left)
    expected = binomtest(round(left / found * once), once).proportion_ci(method="wilson")
    assert window.interval == pytest.approx((expected.low, expected.high))
    assert window.verdict == Verdict.TOO_FEW


def test_a_window_ends_with_its_last_day(operator):
    last = OCTOBER + timedelta(days=30)
    assert by_month(replay(as_of=last - timedelta(days=1)))[OCTOBER].left(30) is None
    assert by_month(replay(as_of=last))[OCTOBER].left(30) == 0


def test_the_net_gain_is_what_was_saved_of_those_that_left_less_a_contact_for_each(operator):
    """100 yuan, 45 % margin, 36 months at 10 % a year, leaving at twice 2 % a month, 6 % saved, 4 yuan a contact."""
    months = sum((0.96 / 1.1 ** (1 / 12)) ** month for month in range(36))
    worth = 100 * 0.45 * months * 0.06
    found = replay()
    july, august = 2 * worth - 5 * 4, 1 * worth - 2 * 4
    assert by_month(found)[JULY].gains["contact"] == pytest.approx(july, rel=1e-4)
    assert found.gain("contact") == pytest.approx((july + august) / 2, rel=1e-4)
    assert by_month(found)[SEPTEMBER].gains is None
    # A renewal saves 15 %, costs 4 for the call and 70 for the 35 % who take it.
    renewal = 2 * 100 * 0.45 * months * 0.15 - 5 * (4 + 0.35 * 70)
    assert by_month(found)[JULY].gains["renewal"] == pytest.approx(renewal, rel=1e-4)


def test_orders_a_day_after_cool_down_and_limit(operator):
    """a5 is found each month; 40 days of rest skip every second one. The first month, the whole stock, is left out."""
    assert [month.due for month in replay(cooldown_days=30).judged] == [5, 2, 1, 1]
    found = replay(cooldown_days=40)
    assert [month.due for month in found.judged] == [5, 0, 1, 0]
    assert found.orders_a_day == pytest.approx((0 / 31 + 1 / 30 + 0 / 31) / 3)
    assert replay(cooldown_days=40, cap=0).orders_a_day == 0


def test_the_models_best_lines_of_the_same_size(operator):
    for name, probability in {"b1": 0.9, "a1": 0.8, "a2": 0.7, "b2": 0.6, "a5": 0.5, "a3": 0.2}.items():
        make_risk_score(subscriber=getattr(operator, name), as_of=JULY, probability=probability)
    found = replay()
    assert by_month(found)[JULY].top.lines == 5
    assert by_month(found)[JULY].top.left == {30: 2, 60: 3, 90: 3}
    assert found.window(90).top_precision == pytest.approx(3 / 5)
    assert found.window(60).top_precision is None  # August has no scores


@pytest.mark.parametrize("tier", ["high", "low"])
def test_the_models_best_lines_are_of_the_lines_compared_with_warned_or_not(operator, tier):
    """The broadband line has the highest score and leaves, and yet is none of the five."""
    other = make_subscriber(
        branch=operator.here, line_type="broadband", status="terminated", termination_reason="voluntary",
        terminated_on=JULY + timedelta(days=5),
    )  # fmt: skip
    make_snapshot(other, JULY)
    make_risk_score(subscriber=other, as_of=JULY, probability=0.95, tier="critical")
    for name, probability in {"a1": 0.9, "b1": 0.8, "a2": 0.7, "b2": 0.6, "a5": 0.5, "a3": 0.2}.items():
        make_risk_score(subscriber=getattr(operator, name), as_of=JULY, probability=probability, tier=tier)
    top = by_month(replay(rule(ask("line_type", "=", "mobile"), SPEND_FELL)))[JULY].top
    assert (top.lines, top.left) == (5, {30: 2, 60: 3, 90: 3})


def test_a_rule_on_the_risk_reads_the_scores_of_that_night(operator):
    for name, probability in {"a1": 0.8, "b1": 0.3, "b2": 0.1}.items():
        make_risk_score(subscriber=getattr(operator, name), as_of=JULY, probability=probability)
    found = by_month(replay(rule(ask("risk_probability", ">=", 0.3))))
    assert (found[JULY].found.lines, found[JULY].left(30)) == (2, 2)
    assert found[AUGUST].why == "There are no scores of that night."
    assert found[AUGUST].left(30) is None


def test_a_rule_on_the_segment_reads_the_places_of_that_month_end(operator):
    partitioned_tables.ensure_partitions("campaigns_segmentmonth", [JULY])
    line = operator.a1
    SegmentMonth.objects.create(
        subscriber=line, branch=line.branch, month=JULY, segment="mobile.high.middle.unbound", spend=Decimal(100)
    )
    found = by_month(replay(rule(ask("segment", "=", "mobile.high.middle.unbound"))))
    assert (found[JULY].found.lines, found[JULY].left(30)) == (1, 1)
    assert found[SEPTEMBER].why == "The places in the segmentation of that day were not kept."


def test_a_field_that_came_later_makes_a_month_say_nothing_instead_of_nobody(operator):
    make_snapshot(make_subscriber(branch=operator.here), OCTOBER, bill_change=0.1, data_change=-0.9)
    found = by_month(replay(rule(ask("data_change", "<=", -0.5), SPEND_FELL, combinator="or")))
    assert found[JULY].why == "No line has a value of “Data use, change” on that day."
    assert found[OCTOBER].hits == 2


def test_an_own_field_is_read_from_the_snapshot(operator):
    make_custom_field(key="club", kind="flag")
    make_snapshot(make_subscriber(branch=operator.here), OCTOBER, attributes={"club": "true"})
    found = by_month(replay(rule(ask("attributes.club", "=", True))))
    assert found[OCTOBER].hits == 1
    assert found[JULY].why == "No line has a value of “Club” on that day."


def test_days_of_a_rule_count_from_the_month_end(operator):
    ends = OCTOBER + timedelta(days=10)
    make_snapshot(make_subscriber(branch=operator.here), OCTOBER, contract_ends_on=ends)
    make_snapshot(make_subscriber(branch=operator.here), SEPTEMBER, contract_ends_on=ends)
    wanted = rule(ask("contract_ends_on", "<=", {"days_ago": -30}), ask("contract_ends_on", ">=", {"days_ago": 0}))
    found = by_month(replay(wanted))
    assert (found[OCTOBER].found.lines, found[SEPTEMBER].found.lines) == (1, 0)


def test_an_empty_set_has_no_shares(operator):
    found = replay(rule(ask("arpu", ">", 10_000)))
    window = found.headline
    assert (found.hits_a_month, window.left, window.precision, window.lift, window.verdict) == (0, 0, None, None, None)
    assert window.share_caught == 0
    assert found.gain("contact") == 0


def test_the_base_keeps_to_the_line_types_of_the_rule(operator):
    make_snapshot(make_subscriber(branch=operator.here, line_type="broadband"), JULY)
    mobile = replay(rule(ask("line_type", "=", "mobile"), SPEND_FELL))
    assert mobile.line_types == ("mobile",)
    assert by_month(mobile)[JULY].base.lines == 11
    assert by_month(replay())[JULY].base.lines == 12


def test_a_manager_counts_the_own_branches_only(branches):
    operator = make_operator(branches.outlet, branches.other)
    city = make_user(role="manager", branch=branches.city)
    july = by_month(replay(user=city))[JULY]
    assert (july.hits, july.base.lines, july.base.left[30]) == (5, 10, 1)
    other = by_month(replay(user=make_user(role="manager", branch=branches.other)))[JULY]
    assert (other.hits, other.base.lines, other.base.left[30]) == (0, 1, 1)
    within = by_month(replay(user=city, branch=operator.elsewhere))[JULY]
    assert (within.hits, within.base.lines) == (0, 0)


def test_a_snapshot_of_a_sample_is_scaled_up(operator):
    """11 lines live in July; 11 more that the snapshot does not hold."""
    for _ in range(11):
        make_subscriber(branch=operator.here, terminated_on=AUGUST, status="terminated")
    found = replay()
    july = by_month(found)[JULY]
    assert (july.share, july.found.lines, july.hits) == (0.5, 5, 10)
    assert found.window(90).share_caught == pytest.approx(3 / 0.5 / 4)
    assert Subscriber.objects.count() == 22


def test_a_rule_on_a_withdrawn_field_is_refused_by_name():
    with pytest.raises(Invalid) as refused:
        replay(rule(ask("attributes.gone", ">", 5)))
    assert "attributes.gone" in str(refused.value.message)


@pytest.mark.parametrize(
    ("interval", "base", "verdict"),
    [
        ((0.03, 0.05), 0.02, Verdict.BETTER), ((0.005, 0.01), 0.02, Verdict.WORSE),
        ((0.018, 0.022), 0.02, Verdict.SAME), ((0.01, 0.04), 0.02, Verdict.TOO_FEW),
    ],
)  # fmt: skip
def test_a_lift_is_only_said_where_the_interval_leaves_the_base(interval, base, verdict):
    assert judge(interval, base) == verdict


def test_wilsons_interval_of_ten_in_a_hundred():
    assert wilson(0.1, 100) == pytest.approx((0.0552, 0.1744), abs=1e-4)
