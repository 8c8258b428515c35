"""The builder's form: what is drawn can be read back, and every button does what it says. Pure: no database."""

import pytest
from django.http import QueryDict

from campaigns.audiences.builder.forms import BLANK_RULE, read_draft, reshape_draft
from campaigns.audiences.builder.widgets import draw_draft, field_options
from campaigns.audiences.rules import parse
from campaigns.audiences.rules.fields import PROFILE_FIELDS, RuleField, Type
from campaigns.audiences.rules.parser import as_json
from tests.campaigns.rows import ask, rule

FIELDS = PROFILE_FIELDS | {"attributes.score": RuleField("attributes.score", "Score", Type.DECIMAL, "Own fields")}

CONDITION_INPUTS = ("field", "operator", "name", "source", "other", "factor", "least_base", "least_change", "days")


def sent(draft) -> QueryDict:
    """The form as a browser would send it."""
    data = QueryDict(mutable=True)
    for name, value in inputs(draw_draft(draft, FIELDS)):
        data.appendlist(name, value)
    return data


def inputs(box):
    """(name, value) of every input the templates draw for a box."""
    yield "part", box.id
    if box.is_group:
        yield f"{box.id}.mode", box.mode
        for rule_box in box.rules:
            yield from inputs(rule_box)
        return
    yield from ((f"{box.id}.{name}", getattr(box, name)) for name in CONDITION_INPUTS)
    for value in box.values:
        for text in value.values if value.kind == "checks" else [value.value]:
            yield value.name, text
        yield f"{value.name}.when", value.when or "day"


def stored(draft):
    return as_json(parse(draft, fields=FIELDS))


@pytest.mark.parametrize(
    "condition",
    [
        ask("arpu", ">=", 80, name="mid_value"),
        ask("arpu", "between", [0.5, 120]),
        ask("bill_change", "<=", -0.3),
        ask("bill_change", "between", [-0.125, 0]),
        ask("zero_call_days", "in", [5, 6]),
        ask("risk_tier", "in", ["high", "critical"]),
        ask("plan_code", "notIn", ["5G-59", "5G-99"]),
        ask("plan_code", "=", "007"),
        ask("plan_code", "beginsWith", "1.0"),
        ask("line_type", "!=", "mobile"),
        ask("silent", "=", False),
        ask("satisfaction", "null"),
        ask("contract_ends_on", "=", "2026-12-31"),
        ask("contract_ends_on", "<=", {"days_ago": -60}),
        ask("contract_ends_on", "between", [{"days_ago": 0}, {"days_ago": -60}]),
        ask("bill_last", "<", "bill_base", valueSource="field", factor=0.7),
        ask("attributes.score", ">", 1.25),
        ask("calls_out_recent", "<=", 0.7, valueSource="baseline", least_base=20),
        ask("bill_last", ">", 1.5, valueSource="baseline", least_base=50, least_change=10.5),
        ask("last_call_on", "lastDays", 30),
        ask("contract_ends_on", "nextDays", 60),
    ],
)
def test_a_condition_that_is_drawn_is_read_back_as_it_was(condition):
    raw = rule(condition)
    assert stored(read_draft(sent(raw), FIELDS)) == stored(raw)


@pytest.mark.parametrize("combinator", ["and", "or"])
@pytest.mark.parametrize("negated", [True, False])
def test_groups_in_groups_are_read_back_as_they_were(combinator, negated):
    inner = rule(ask("arpu", ">", 1), rule(ask("vas_count", "=", 0)), combinator=combinator, negated=negated)
    raw = rule(ask("silent", "=", True), inner, ask("arpu", "<", 9))
    assert stored(read_draft(sent(raw), FIELDS)) == stored(raw)


def test_an_empty_form_is_one_blank_condition():
    assert read_draft(QueryDict(), FIELDS) == BLANK_RULE
    assert read_draft(sent(BLANK_RULE), FIELDS) == BLANK_RULE


def test_a_condition_is_added_to_the_group_whose_button_was_pressed():
    draft, look_at = reshape_draft(rule(ask("arpu", ">", 1), rule(ask("arpu", "<", 9))), "add:r-1")
    assert look_at == "r-1-1"
    assert draft["rules"][1]["rules"][1]["field"] == ""


def test_a_new_group_begins_with_two_blank_conditions():
    draft, look_at = reshape_draft(rule(ask("arpu", ">", 1)), "group:r")
    assert (look_at, draft["rules"][1]["combinator"], len(draft["rules"][1]["rules"])) == ("r-1-0", "or", 2)


def test_removing_the_last_part_of_a_group_removes_the_group():
    raw = rule(ask("arpu", ">", 1), rule(rule(ask("arpu", "<", 9))))
    draft, _look_at = reshape_draft(raw, "remove:r-1-0-0")
    assert draft["rules"] == [ask("arpu", ">", 1)]
    assert len(raw["rules"]) == 2


def test_the_outermost_group_keeps_a_blank_condition():
    assert reshape_draft(rule(ask("arpu", ">", 1)), "remove:r-0")[0] == BLANK_RULE


A, B, C = (ask("arpu", ">", one) for one in (1, 2, 3))


@pytest.mark.parametrize(
    ("before", "action", "after", "look_at"),
    [
        ([A, B], "down:r-0", [B, A], "r-1"),
        ([A, B], "up:r-1", [B, A], "r-0"),
        ([A, B], "up:r-0", [A, B], "r-0"),
        ([A, B], "down:r-1", [A, B], "r-1"),
        # Into the group beside it, and out of it again.
        ([A, rule(B)], "down:r-0", [rule(A, B)], "r-0-0"),
        ([rule(B), A], "up:r-1", [rule(B, A)], "r-0-1"),
        ([rule(A, B), C], "up:r-0-0", [A, rule(B), C], "r-0"),
        ([rule(A, B), C], "down:r-0-1", [rule(A), B, C], "r-1"),
        # The last one out takes its group with it.
        ([rule(A), C], "down:r-0-0", [A, C], "r-0"),
        ([C, rule(A)], "up:r-1-0", [C, A], "r-1"),
        # A group goes past another, not into it: rules would nest ever deeper.
        ([rule(A), rule(B)], "down:r-0", [rule(B), rule(A)], "r-1"),
        ([A, B], "up:r", [A, B], "r"),
    ],
)
def test_a_part_is_moved_and_keeps_the_focus(before, action, after, look_at):
    draft, focus = reshape_draft(rule(*before), action)
    assert (draft["rules"], focus) == (after, look_at)


@pytest.mark.parametrize(
    ("field", "pasted", "read"),
    [
        ("zero_call_days", "5 6\t7;8，9", ["5", "6", "7", "8", "9"]),
        ("plan_code", "5G Enjoy 99; 5G Enjoy 129、4G", ["5G Enjoy 99", "5G Enjoy 129", "4G"]),
    ],
)
def test_a_pasted_list_is_cut_at_commas_and_numbers_at_blanks_as_well(field, pasted, read):
    data = QueryDict(mutable=True)
    data.update({"r.mode": "and", "r-0.field": field, "r-0.operator": "in", "r-0.value": pasted})
    data.setlist("part", ["r", "r-0"])
    assert read_draft(data, FIELDS)["rules"][0]["value"] == read


def test_a_baseline_is_offered_only_where_the_field_has_one_and_the_operator_fits():
    boxes = draw_draft(rule(ask("bill_last", "<=", 1), ask("bill_last", "=", 1), ask("balance", "<=", 1)), FIELDS).rules
    assert [[key for key, _label in box.sources] for box in boxes] == [
        ["value", "field", "baseline"],
        ["value", "field"],
        ["value", "field"],
    ]


@pytest.mark.parametrize(
    "action",
    ["remove:r", "up:r-9", "down:r-x", "remove:r-7", "add:r-0", "add:x", "remove:r-x", "explode:r", "", "count"],
)
def test_a_button_that_is_stale_or_made_up_changes_nothing(action):
    raw = rule(ask("arpu", ">", 1))
    assert reshape_draft(raw, action)[0] == raw


def test_a_newly_chosen_field_gets_an_operator_that_fits():
    data = QueryDict("part=r&r.mode=and&part=r-0&r-0.field=silent&r-0.operator=contains&r-0.value=x")
    assert read_draft(data, FIELDS)["rules"][0]["operator"] == "="
    data = QueryDict("part=r&r.mode=and&part=r-0&r-0.field=arpu&r-0.operator=")
    assert read_draft(data, FIELDS)["rules"][0]["operator"] == ">="


def test_what_was_typed_wrongly_stays_in_its_box():
    data = QueryDict("part=r&r.mode=and&part=r-0&r-0.field=bill_change&r-0.operator=<=&r-0.value=a lot")
    box = draw_draft(read_draft(data, FIELDS), FIELDS, {"rules[0]": "a number is needed"}).rules[0]
    assert (box.values[0].value, box.error) == ("a lot", "a number is needed")


def test_a_kind_of_day_is_kept_before_the_number_is_typed():
    data = QueryDict(
        "part=r&r.mode=and&part=r-0&r-0.field=contract_ends_on&r-0.operator=<=&r-0.value=&r-0.value.when=ahead"
    )
    assert draw_draft(read_draft(data, FIELDS), FIELDS).rules[0].values[0].when == "ahead"


def test_a_form_of_rubbish_is_read_as_something_that_can_be_drawn():
    data = QueryDict("part=r-0-1&part=r&part=x&part=r-0&r.mode=maybe&r-0.field=nope&part=r-0-5&r-0-5.field=arpu")
    assert draw_draft(read_draft(data, FIELDS), FIELDS).rules[0].field == ""


def test_fields_are_offered_by_area_and_numbers_alone_for_comparing():
    every = {key for _area, options in field_options(FIELDS) for key, _label in options}
    numbers = {key for _area, options in field_options(FIELDS, numbers=True) for key, _label in options}
    assert every == set(FIELDS)
    assert "arpu" in numbers
    assert "line_type" not in numbers
