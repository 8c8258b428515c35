"""Rules in words, and the numbers a manager may tune. Pure: no database."""

import pytest
from django.utils import translation

from campaigns.audiences.builder.widgets import draw_draft
from campaigns.audiences.rules import OPERATORS, Type, format_rule, parse
from campaigns.audiences.rules.fields import PROFILE_FIELDS
from tests.campaigns.rows import ask, rule


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def say(raw):
    return format_rule(parse(raw, fields=PROFILE_FIELDS))


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (ask("arpu", ">=", 80), "Monthly spend, six-month mean is at least 80 yuan"),
        (ask("bill_change", "<=", -0.3), "Spend, change is at most −30%"),
        (ask("bill_change", "<=", -0.125), "Spend, change is at most −12.5%"),
        (ask("line_type", "in", ["mobile", "fixed"]), "Line type is one of Mobile, Fixed line"),
        (ask("silent", "=", True), "No use at all in 30 days is yes"),
        (ask("zero_call_days", "between", [5, 9]), "Days in a row without a call is between 5 days and 9 days"),
        (ask("satisfaction", "null"), "Last satisfaction answer is not known"),
        (ask("plan_code", "beginsWith", "5G"), "Plan begins with 5G"),
        (ask("plan_code", "!=", "5G"), "Plan is known and is not 5G"),
        (ask("plan_code", "notIn", ["5G", "4G"]), "Plan is known and is none of 5G, 4G"),
        (
            ask("contract_ends_on", "<=", {"days_ago": -60}),
            "Contract ends is on or before 60 days after the business date",
        ),
        (ask("contract_ends_on", "<", {"days_ago": 1}), "Contract ends is before 1 day before the business date"),
        (
            ask("bill_last", "<", "bill_base", valueSource="field", factor=0.7),
            "Spend, last month is below 70% of Spend, mean of the three months before",
        ),
        (
            ask("bill_last", "<", "bill_base", valueSource="field"),
            "Spend, last month is below Spend, mean of the three months before",
        ),
    ],
)
def test_a_condition_is_said_with_its_unit(condition, words):
    assert say(rule(condition)) == words


def test_groups_stand_in_brackets_and_not_stands_before_them():
    either = rule(ask("silent", "=", True), ask("vas_count", "=", 0), combinator="or")
    assert say(rule(ask("arpu", ">", 80), either)).endswith(
        "and (No use at all in 30 days is yes or Value-added services is 0)"
    )
    assert say(rule(ask("vas_count", "=", 0), negated=True)) == "not (Value-added services is 0)"


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (ask("plan_code", "!=", "5G"), "套餐已知且不为5G"),
        (ask("plan_code", "notIn", ["5G", "4G"]), "套餐已知且不属于5G、4G"),
    ],
)
def test_is_not_says_in_chinese_too_that_a_missing_value_does_not_match(condition, words):
    with translation.override("zh-hans"):
        assert say(rule(condition)) == words


@pytest.mark.parametrize(
    ("language", "known", "unknown"), [("en", "is known", "not known"), ("zh-hans", "已知", "未知")]
)
def test_the_builder_says_at_each_negation_what_becomes_of_missing_values(language, known, unknown):
    with translation.override(language):
        labels = {sign for sign, operator in OPERATORS.items() if known in str(operator.label_for(Type.TEXT))}
        assert labels == {"!=", "notIn", "notNull"}
        modes = draw_draft({"combinator": "and", "not": False, "rules": []}, {}).modes
        assert {mode for mode, label in modes if unknown in str(label)} == {"not-and", "not-or"}


def test_a_sentence_follows_the_language_of_the_reader():
    raw = rule(ask("line_type", "=", "mobile"))
    tree = parse(raw, fields=PROFILE_FIELDS)
    told = {}
    for language in ("en", "zh-hans"):
        with translation.override(language):
            told[language] = format_rule(tree)
            assert str(PROFILE_FIELDS["line_type"].label) in told[language]
