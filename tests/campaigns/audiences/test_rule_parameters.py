import pytest

from campaigns.audiences.rules import parameters, parse, with_parameters
from campaigns.audiences.rules.feeds import needed_feeds
from campaigns.audiences.rules.fields import PROFILE_FIELDS, Type
from retention.core.errors import Invalid
from tests.campaigns.rows import ask, rule

RULE = rule(
    ask("status", "=", "active"),
    ask("arpu", ">=", 80, name="mid_value"),
    rule(ask("bill_change", "<=", -0.3), ask("arpu", ">=", 300), ask("arpu", "between", [1, 2]), combinator="or"),
    ask("bill_last", "<", "bill_base", valueSource="field"),
)


@pytest.mark.django_db
def test_the_single_numbers_of_a_rule_can_be_tuned_by_name():
    assert [(one.name, one.value) for one in parameters(RULE)] == [
        ("mid_value", 80),
        ("bill_change", -0.3),
        ("arpu", 300),
    ]
    tuned = with_parameters(RULE, {"mid_value": "120", "bill_change": -0.4, "unknown": 7})
    assert tuned["rules"][1]["value"] == 120
    assert tuned["rules"][2]["rules"][0]["value"] == -0.4
    assert RULE["rules"][1]["value"] == 80


@pytest.mark.django_db
def test_two_numbers_of_one_field_get_names_of_their_own():
    both = rule(ask("contract_days_left", ">=", 0), ask("contract_days_left", "<=", 60))
    assert [one.name for one in parameters(both)] == ["contract_days_left", "contract_days_left.2"]


@pytest.mark.django_db
def test_a_part_of_the_baseline_is_tuned_as_a_percentage_and_keeps_its_floor():
    raw = rule(ask("bill_last", "<=", 0.7, valueSource="baseline", least_base=50))
    (fall,) = parameters(raw)
    assert (fall.name, fall.value, fall.field.type) == ("bill_last", 0.7, Type.SHARE)
    assert fall.label == "Spend, last month is at most: its own baseline"
    assert with_parameters(raw, {"bill_last": 0.6})["rules"] == [
        ask("bill_last", "<=", 0.6, valueSource="baseline", least_base=50)
    ]


@pytest.mark.django_db
def test_a_tuned_number_is_checked_like_any_other():
    with pytest.raises(Invalid):
        with_parameters(RULE, {"mid_value": "much"})


@pytest.mark.parametrize(
    ("conditions", "facts"),
    [
        ([ask("zero_call_days", ">=", 5)], ["usage-days"]),
        ([ask("bill_change", "<=", -0.3)], ["bills", "payments"]),
        ([ask("bills_unpaid", ">", 0)], ["bills"]),
        ([ask("balance_days", "<", 3)], ["balances", "bills", "payments"]),
        ([ask("risk_tier", "=", "high"), ask("calls_7d", "=", 0)], ["risk", "usage-days"]),
        ([ask("contract_days_left", "<", 60), ask("data_recent", "=", 0)], []),
    ],
)
def test_a_rule_waits_for_the_facts_behind_its_fields(conditions, facts):
    assert needed_feeds(parse(rule(*conditions), fields=PROFILE_FIELDS)) == facts
