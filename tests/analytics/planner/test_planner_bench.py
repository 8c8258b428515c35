"""The audiences of `bench planner` are rules of the product, and ranks are compared as the figure says."""

import pytest

from bench.planner import AUDIENCES, FEWEST_CAMPAIGNS, TREATMENTS, Planned, rank_correlation
from campaigns.audiences.rules import parse


@pytest.mark.django_db
def test_there_are_enough_audiences_and_all_are_rules():
    assert len(AUDIENCES) >= FEWEST_CAMPAIGNS
    assert len({str(one) for one in AUDIENCES.values()}) == len(AUDIENCES)
    assert all(parse(one).rules for one in AUDIENCES.values())
    assert set(TREATMENTS.values()) == {"contact", "offer"}


def test_a_planner_that_turns_the_order_round_is_found_out():
    campaigns = [Planned(str(one), "contact", 200, float(one), float(one) ** 3) for one in range(20)]
    assert rank_correlation(campaigns) == pytest.approx(1)
    turned = [Planned(one.audience, one.treatment, one.lines, -one.expected, one.true) for one in campaigns]
    assert rank_correlation(turned) == pytest.approx(-1)
