from datetime import timedelta

import pytest

from customers.risk.models import RiskScore
from customers.risk.text.explanations import business_reasons, change_between, holding_reasons
from customers.risk.text.themes import BASE_THEME
from tests.customers.page360.test_customer_360 import page
from tests.factories import TODAY, make_profile, make_risk_score, make_subscriber

THEMES = {"rival": 0.9, "price": 0.6, "usage": 0.46, "network": 0.04, "contract": -0.5, BASE_THEME: -3.0}
REASONS = [
    {"factor": "port_inquiries_60d", "contribution": 0.7, "value": 2},
    {"factor": "discount_lost", "contribution": 0.5, "value": 20},
]


def score(**given) -> RiskScore:
    values = {"themes": THEMES, "reasons": REASONS, "model_version": "m1", "cohort": "over_12", "probability": 0.2}
    return RiskScore(**values | given)


def reasons(one: RiskScore, **more):
    return business_reasons(one, **{"for_agent": False, "custom": {}} | more)


def test_reasons_are_named_by_their_share_of_what_raises_strongest_first():
    found = reasons(score())
    assert [one.theme.key for one in found] == ["rival", "price", "usage"]
    assert [one.share for one in found] == pytest.approx([0.45, 0.3, 0.23])
    assert found[0].evidence == ["asked 2 times about porting the number out"]
    assert found[2].evidence == [] and "less" in str(found[2].meaning)


def test_an_agent_is_given_only_what_may_be_said_with_the_same_shares():
    found = reasons(score(), for_agent=True)
    assert [one.theme.key for one in found] == ["price", "usage"]
    assert found[0].share == pytest.approx(0.3)
    assert found[0].evidence == ["a discount of 20 yuan has ended"]


def test_what_holds_a_line_is_told_when_it_matters():
    holding = holding_reasons(score(themes=THEMES | {"payment": -0.05, "profile": -0.3}), for_agent=False)
    assert [one.theme.key for one in holding] == ["contract", "profile"]
    assert (holding[0].share, holding[0].raises) == (0, False)
    assert "holds the line" in str(holding[0].meaning)


def test_an_agent_is_told_of_what_holds_only_what_may_be_said():
    holding = holding_reasons(score(themes=THEMES | {"profile": -0.3}), for_agent=True)
    assert [one.theme.key for one in holding] == ["contract"]


def test_scores_from_before_themes_were_kept_are_summed_from_their_factors():
    assert [one.theme.key for one in reasons(score(themes={}))] == ["rival", "price"]


def test_the_moves_add_up_to_the_change_in_log_odds():
    then = score(themes={"usage": 0.1, "price": 0.6, "handset": 0.2, "profile": 0.001, BASE_THEME: -3.0})
    change = change_between(then, score(), for_agent=False)
    assert change.moves[0].label == "Contact with competitors"
    assert change.moves[0].text == "odds of leaving × 2.46"
    assert sum(move.log_odds for move in change.moves) == pytest.approx(sum(THEMES.values()) + 2.099, abs=0.005)
    assert "Price and plan" not in [move.label for move in change.moves]


def test_an_agent_sees_what_may_not_be_said_only_as_other_reasons():
    then = score(themes={"usage": 0.1, BASE_THEME: -3.0})
    change = change_between(then, score(), for_agent=True)
    assert "Contact with competitors" not in [move.label for move in change.moves]
    assert change.moves[-1].label == "Other reasons"
    assert sum(move.log_odds for move in change.moves) == pytest.approx(0.9 + 0.6 + 0.36 + 0.04 - 0.5, abs=0.005)


def test_scores_of_another_version_are_not_compared_and_it_is_said():
    change = change_between(score(model_version="m0"), score(), for_agent=False)
    assert not change.moves
    assert "Another version" in change.why_not


def test_a_change_of_the_tenure_group_is_said_and_its_level_is_a_move():
    change = change_between(score(cohort="6_to_12", themes=THEMES | {BASE_THEME: -2.5}), score(), for_agent=False)
    assert "6 to 12 months" in change.remark
    assert [(move.label, move.log_odds) for move in change.moves] == [("Another starting level", -0.5)]


def test_scores_without_themes_are_not_compared():
    assert "not kept" in change_between(score(themes={}), score(), for_agent=False).why_not


def test_the_page_of_a_line_tells_what_raised_its_score_since_a_month_ago(db, mia, client, branches):
    line = make_subscriber(branch=branches.outlet)
    make_profile(subscriber=line)
    make_risk_score(subscriber=line, themes=THEMES, reasons=REASONS)
    make_risk_score(
        subscriber=line, as_of=TODAY - timedelta(days=30), probability=0.2, themes={"price": 0.1, BASE_THEME: -3}
    )
    client.force_login(mia)
    text = page(client, line).text
    assert "The churn probability went from 20.0% to 42.0%." in text
    assert "odds of leaving × 2.46" in text
    assert "A discount of 20 yuan has ended" in text
    assert "Go through the last bill together" in text
