"""What is a rule and what is not. Pure: no database."""

import copy

import pytest

from campaigns.audiences.rules import parse
from campaigns.audiences.rules.fields import PROFILE_FIELDS
from campaigns.audiences.rules.parser import as_json
from retention.core.errors import Invalid
from tests.campaigns.rows import ask, rule

GOOD = rule(
    ask("arpu", ">=", 80, name="mid_value"),
    rule(ask("line_type", "in", ["mobile", "fixed"]), ask("silent", "=", True), combinator="or"),
    ask("bill_last", "<", "bill_base", valueSource="field", factor=0.7),
    ask("calls_out_recent", "<=", 0.7, valueSource="baseline", least_base=20, least_change=5),
    ask("contract_ends_on", "nextDays", 60),
)


def checked(raw):
    return parse(raw, fields=PROFILE_FIELDS)


def refusal(raw) -> Invalid:
    with pytest.raises(Invalid) as caught:
        checked(raw)
    return caught.value


def test_a_rule_is_kept_as_it_was_written():
    assert as_json(checked(GOOD)) == GOOD


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (ask("arpu", ">=", "80"), 80),
        (ask("bill_change", "<=", "-0.3"), -0.3),
        (ask("tenure_days", ">", 30.0), 30),
        (ask("silent", "=", "yes"), True),
        (ask("plan_code", "in", "5G-59, 5G-99"), ["5G-59", "5G-99"]),
        (ask("arpu", "between", "80,120"), [80, 120]),
        (ask("contract_ends_on", "<=", {"days_ago": "-60"}), {"days_ago": -60}),
    ],
)
def test_values_may_come_as_text_and_are_kept_in_their_type(written, kept):
    assert as_json(checked(rule(written)))["rules"][0]["value"] == kept


@pytest.mark.parametrize(
    "broken",
    [
        ask("no_such_field", "=", 1),
        ask("arpu", "~", 1),
        ask("arpu", "contains", "8"),
        ask("silent", "<", True),
        ask("arpu", ">=", "eighty"),
        ask("arpu", ">=", True),
        ask("arpu", ">=", float("nan")),
        ask("arpu", ">=", 1e300),
        ask("tenure_days", ">", 1.5),
        ask("tenure_days", ">", 3_000_000_000),
        ask("line_type", "=", "spoon"),
        ask("silent", "=", "perhaps"),
        ask("contract_ends_on", "<", "22.11.2026"),
        ask("contract_ends_on", "<", {"days_ago": 10**9}),
        ask("arpu", "between", [1, 2, 3]),
        ask("plan_code", "in", []),
        ask("plan_code", "in", ["x"] * 201),
        ask("plan_code", "=", "a\x00b"),
        ask("arpu", ">=", 1, surprise=1),
        ask("arpu", ">=", 1, valueSource="moon"),
        ask("arpu", ">=", "plan_code", valueSource="field"),
        ask("arpu", ">=", "nowhere", valueSource="field"),
        ask("arpu", "between", "bill_base", valueSource="field"),
        ask("bill_last", "<", "bill_base", valueSource="field", factor="much"),
        ask("bill_last", "<=", 0.7, valueSource="baseline", least_base="much"),
        ask("bill_last", "<=", 0.7, valueSource="baseline", least_base=-1),
        ask("bill_last", "<=", -0.7, valueSource="baseline", least_base=1),
        ask("bill_last", "=", 0.7, valueSource="baseline", least_base=1),
        ask("balance", "<=", 0.7, valueSource="baseline", least_base=1),
        ask("contract_ends_on", "nextDays", 0),
        ask("contract_ends_on", "nextDays", 1.5),
        ask("arpu", "lastDays", 30),
        ask("arpu", ">", 30, days=30),
        {"operator": "=", "value": 1},
        {"field": ["arpu"], "operator": "="},
        {"field": "arpu", "operator": {"a": 1}},
        "arpu >= 80",
        None,
    ],
)
def test_a_wrong_condition_is_refused_by_its_path(broken):
    rules = copy.deepcopy(GOOD)
    rules["rules"].append(broken)
    refused = refusal(rules)
    assert [problem["path"] for problem in refused.details] == ["rules[5]"]
    assert "rules[5]" in refused.message


def test_the_message_names_path_field_and_what_is_wrong():
    assert (
        refusal(rule(rule(ask("tenure_days", ">", "x")))).message
        == "rules[0].rules[0] (tenure_days): a number is needed"
    )
    assert "no_such" in refusal(rule(ask("no_such", "=", 1))).message


def test_every_mistake_is_told_at_once():
    refused = refusal(rule(ask("arpu", ">", "x"), ask("nope", "=", 1), rule(ask("silent", "=", "perhaps"))))
    assert [(one["path"], one["field"]) for one in refused.details] == [
        ("rules[0]", "arpu"),
        ("rules[1]", "nope"),
        ("rules[2].rules[0]", "silent"),
    ]


@pytest.mark.parametrize(
    "broken",
    [
        None,
        [],
        {"rules": "all"},
        {"rules": []},
        rule(ask("arpu", ">", 1), combinator="xor"),
        {"not": "no", "rules": [ask("arpu", ">", 1)]},
        {"nott": True, "rules": [ask("arpu", ">", 1)]},
        rule(rule()),
    ],
)
def test_a_wrong_group_is_refused(broken):
    assert refusal(broken).code == "invalid_rule"


def test_groups_nest_four_deep_and_no_deeper():
    nested = rule(ask("arpu", ">", 1))
    for _level in range(3):
        nested = rule(nested)
    assert checked(nested)
    assert "nested" in refusal(rule(nested)).message


def test_a_rule_holds_fifty_conditions_and_no_more():
    assert checked(rule(*[ask("arpu", ">", 1)] * 50))
    assert refusal(rule(*[ask("arpu", ">", 1)] * 51)).details[0]["code"] == "too_many"
    assert len(refusal(rule(*[ask("nope", ">", 1)] * 100_000)).details) < 60


def test_a_field_with_values_of_its_own_cannot_be_searched_by_parts():
    assert refusal(rule(ask("line_type", "contains", "mob")))
    assert checked(rule(ask("plan_code", "contains", "5G")))


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (ask("risk_probability", ">=", 1.5), "150% cannot be: Churn probability is between 0% and 100%"),
        (ask("bill_change", "<=", -1.2), "−120% cannot be: Spend, change is between −100% and 999%"),
        (ask("zero_call_days", ">=", -3), "−3 days cannot be: Days in a row without a call is never below 0 days"),
        (ask("plan_fee", "<", -1), "−1 yuan cannot be: Plan fee is never below 0 yuan"),
        (ask("risk_decile", "in", [1, 11]), "11 cannot be: Risk decile is between 1 and 10"),
        (ask("month_days_left", "between", [0, 45]),
         "45 days cannot be: Days until the month ends is between 0 days and 30 days"),
        (ask("contract_ends_on", "<", "3026-01-01"), "a day between 1900-01-01 and 2100-12-31 is needed"),
        (
            ask("calls_out_recent", "<=", 0.7, valueSource="baseline"),
            "a percentage needs a floor: how large the baseline or the change is at least",
        ),
    ],
)  # fmt: skip
def test_a_number_that_the_field_never_has_is_refused_when_written_and_kept_when_stored(asked, why):
    with pytest.raises(Invalid) as caught:
        parse(rule(asked), fields=PROFILE_FIELDS, typed=True)
    assert [(one["path"], one["field"], one["message"]) for one in caught.value.details] == [
        ("rules[0]", asked["field"], why)
    ]
    assert checked(rule(asked))


def test_what_may_be_below_zero_is_no_mistake():
    for one in (ask("balance", "<", -5), ask("expected_gain", "<=", -1), ask("bill_change", ">=", 2)):
        assert parse(rule(one), fields=PROFILE_FIELDS, typed=True)


def test_a_withdrawn_own_field_is_named_in_words():
    assert refusal(rule(ask("attributes.club", "=", 1))).details[0]["message"] == (
        "the own field “club” has been withdrawn"
    )


def test_every_baseline_of_the_catalogue_is_a_number_in_the_same_unit():
    with_one = [field for field in PROFILE_FIELDS.values() if field.baseline]
    assert {"bill_last", "calls_out_recent", "contacts_recent"} <= {field.key for field in with_one}
    for field in with_one:
        base = PROFILE_FIELDS[field.baseline]
        assert (base.type, str(base.unit)) == (field.type, str(field.unit))
        assert field.is_number
