"""What keeps a questionnaire from being published."""

import pytest
from hypothesis import given, settings

from tests.workorders.surveys.trees import say, single, trees, when
from workorders.surveys.problems import problems
from workorders.surveys.tree import read


def found(*blocks):
    return [(one.row, one.field, one.code) for one in problems(read({"blocks": list(blocks)}))]


def test_a_sound_tree_has_none():
    assert found(
        say("hello", text="Good day {customer}"),
        single("solved", {"value": "yes", "label": "Yes", "goto": "bye"}, "no"),
        single("why", "price", "network", required_when=[]),
        say("sorry", shown_when=when("why", "network")),
        say("bye"),
    ) == []  # fmt: skip


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        ([say("a")], (None, "blocks", "no_question")),
        ([single("a"), single("a")], (1, "key", "doubled_key")),
        ([single("Big Key")], (0, "key", "bad_key")),
        ([single("end")], (0, "key", "bad_key")),
        ([single("a", text=" ")], (0, "text", "no_text")),
        ([single("a", text="Hello {name}")], (0, "text", "unknown_variable")),
        ([single("a", "only")], (0, "choices", "few_choices")),
        ([single("a", "x", "x")], (0, "choices", "doubled_value")),
        ([single("a", "x", "y,z")], (0, "choices", "bad_value")),
        ([single("a", "x", {"value": "y", "label": ""})], (0, "choices", "no_label")),
        ([single("a"), say("b", choices=[{"value": "x", "label": "X"}])], (1, "choices", "no_choices")),
        ([{"key": "a", "kind": "scale", "text": "?"}], (0, "lowest", "no_range")),
        ([{"key": "a", "kind": "scale", "text": "?", "lowest": 5, "highest": 1}], (0, "lowest", "bad_range")),
        ([{"key": "a", "kind": "scale", "text": "?", "lowest": 0, "highest": 100}], (0, "highest", "long_scale")),
        ([single("a", goto="b")], (0, "goto", "goto_nowhere")),
        ([single("a"), say("b", goto="a")], (1, "goto", "goto_back")),
        ([single("a", goto="a")], (0, "goto", "goto_back")),
        ([single("a", "x", {"value": "y", "label": "Y", "goto": "z"})], (0, "choices", "goto_nowhere")),
        ([single("a", goto="end"), say("b")], (1, "key", "unreachable")),
        ([single("a", shown_when=when("z", "x"))], (0, "shown_when", "unknown_question")),
        ([say("a"), single("b", shown_when=when("a", "x"))], (1, "shown_when", "unknown_question")),
        ([single("a", required_when=when("b", "yes")), single("b")], (0, "required_when", "later_question")),
        ([single("a"), say("b", shown_when=when("a", "maybe"))], (1, "shown_when", "unknown_value")),
        ([single("a"), say("b", shown_when=when("a"))], (1, "shown_when", "no_value")),
        ([single("a"), say("b", shown_when=when("a", "x", test="at_most"))], (1, "shown_when", "not_a_number")),
    ],
)
def test_each_fault_is_named_at_its_row(blocks, expected):
    assert expected in found(*blocks)


def test_what_every_required_answer_jumps_past_is_not_reached():
    jumps = [{"value": "x", "label": "X", "goto": "c"}, {"value": "y", "label": "Y", "goto": "end"}]
    assert (1, "key", "unreachable") in found(single("a", *jumps, required_when=[]), say("b"), say("c"))
    assert found(single("a", *jumps), say("b"), say("c")) == []


@settings(max_examples=300, deadline=None)
@given(stored=trees())
def test_any_stored_tree_can_be_checked_and_every_problem_names_a_row(stored):
    tree = read(stored)
    for one in problems(tree):
        assert one.message
        assert one.row is None or one.row < len(tree.blocks)
