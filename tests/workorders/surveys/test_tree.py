"""The path through a questionnaire, the check of its answers, and the score."""

import pytest
from hypothesis import given, settings

from retention.core.errors import Invalid
from tests.workorders.surveys.trees import givens, say, single, trees, when
from workorders.surveys.answers import check
from workorders.surveys.tree import read
from workorders.surveys.variables import fill


def keys(blocks, **answers):
    return [step.block.key for step in read({"blocks": blocks}).path(answers)]


def test_without_conditions_every_row_is_on_the_path():
    assert keys([say("hello"), single("real"), say("bye")]) == ["hello", "real", "bye"]


def test_an_answer_jumps_and_what_lies_between_is_not_asked():
    blocks = [
        single("real", {"value": "yes", "label": "Yes"}, {"value": "no", "label": "No", "goto": "bye"}),
        single("content"),
        say("bye"),
    ]
    assert keys(blocks) == keys(blocks, real="yes") == ["real", "content", "bye"]
    assert keys(blocks, real="no") == ["real", "bye"]
    assert keys(blocks, real="nonsense") == ["real", "content", "bye"]


def test_end_ends_and_the_rows_own_jump_counts_without_one_of_the_answer():
    blocks = [single("a", {"value": "x", "label": "X", "goto": "end"}, "y", goto="c"), say("b"), say("c")]
    assert keys(blocks, a="x") == ["a"]
    assert keys(blocks, a="y") == keys(blocks) == ["a", "c"]


def test_a_condition_reads_only_answers_that_are_on_the_path():
    blocks = [
        single("solved"),
        single("why", shown_when=when("solved", "no")),
        say("sorry", shown_when=when("why", "yes")),
    ]
    assert keys(blocks, solved="no", why="yes") == ["solved", "why", "sorry"]
    assert keys(blocks, solved="yes", why="yes") == ["solved"]


@pytest.mark.parametrize(
    ("test", "values", "answer", "shown"),
    [
        ("any_of", ["a", "b"], "c,b", True),
        ("any_of", ["a"], "c,b", False),
        ("none_of", ["a"], "c,b", True),
        ("none_of", ["b"], "c,b", False),
        ("none_of", ["b"], "", False),
        ("answered", [], "c", True),
        ("answered", [], "", False),
        ("unanswered", [], "", True),
        ("unanswered", [], "c", False),
    ],
)
def test_conditions_on_several_values(test, values, answer, shown):
    asked = {"key": "q", "kind": "multiple", "text": "?"}
    assert (keys([asked, say("s", shown_when=when("q", *values, test=test))], q=answer) == ["q", "s"]) == shown


@pytest.mark.parametrize(
    ("answer", "limit", "at_least", "at_most"),
    [
        ("3", "3", True, True),
        ("10", "9", True, False),
        ("-2.5", "-2", False, True),
        ("2026-12-01", "2026-11-30", True, False),
        ("many", "3", False, False),
        ("3", "many", False, False),
        ("٣", "3", False, False),
    ],
)
def test_numbers_and_days_are_compared_as_such(answer, limit, at_least, at_most):
    asked = {"key": "q", "kind": "text", "text": "?"}
    for test, wanted in (("at_least", at_least), ("at_most", at_most)):
        found = keys([asked, say("s", shown_when=when("q", limit, test=test))], q=answer)
        assert (found == ["q", "s"]) == wanted, test


@settings(max_examples=300, deadline=None)
@given(stored=trees(), answers=givens())
def test_a_path_keeps_the_order_and_what_is_off_it_changes_nothing(stored, answers):
    tree = read(stored)
    path = tree.path(answers)
    places = [next(at for at, one in enumerate(tree.blocks) if one is step.block) for step in path]
    assert places == sorted(set(places))
    asked = {step.block.key for step in path}
    assert tree.path({key: text for key, text in answers.items() if key in asked}) == path


SCORED = {
    "blocks": [
        single("real", {"value": "yes", "label": "Yes", "score": 2}, {"value": "no", "label": "No", "goto": "end"},
               required_when=[]),
        {"key": "network", "kind": "scale", "text": "Network?", "lowest": 1, "highest": 5, "weight": 1},
        {"key": "wishes", "kind": "multiple", "text": "Wishes?", "choices": [
            {"value": "price", "label": "Price", "score": 1}, {"value": "shop", "label": "Shop", "score": -1}]},
        {"key": "people", "kind": "number", "text": "How many?", "lowest": 1, "highest": 9},
        {"key": "since", "kind": "date", "text": "Since?"},
        {"key": "words", "kind": "text", "text": "Else?", "required_when": when("network", "1", "2")},
    ]
}  # fmt: skip


def test_the_answers_on_the_path_are_kept_and_scored():
    given = {"real": "yes", "network": "4", "wishes": "price,shop", "people": "3", "since": "2026-01-31", "x": "y"}
    result = check(read(SCORED), given, complete=True)
    assert result.kept == {name: given[name] for name in ("real", "network", "wishes", "people", "since")}
    assert [(one.question, one.value, one.score) for one in result.answers] == [
        ("real", "yes", 2), ("network", "4", 4), ("wishes", "price", 1), ("wishes", "shop", -1),
        ("people", "3", None), ("since", "2026-01-31", None),
    ]  # fmt: skip
    assert (result.score, result.possible) == (6, 2 + 5 + 1)


def test_a_skipped_branch_is_neither_kept_nor_scored():
    result = check(read(SCORED), {"real": "no", "network": "4", "words": "w"}, complete=True)
    assert (result.kept, result.score, result.possible) == ({"real": "no"}, 0, 2)


@pytest.mark.parametrize(
    ("given", "field", "code"),
    [
        ({}, "real", "required"),
        ({"real": "maybe"}, "real", "not_a_choice"),
        ({"real": "yes", "network": "6"}, "network", "not_a_choice"),
        ({"real": "yes", "wishes": "price,price"}, "wishes", "not_a_choice"),
        ({"real": "yes", "wishes": ","}, "wishes", "not_a_choice"),
        ({"real": "yes", "people": "10"}, "people", "not_a_number"),
        ({"real": "yes", "people": "many"}, "people", "not_a_number"),
        ({"real": "yes", "since": "2026-02-30"}, "since", "not_a_date"),
        ({"real": "yes", "network": "2"}, "words", "required"),
        ({"real": "yes", "words": "w" * 2001}, "words", "too_long"),
    ],
)
def test_a_wrong_answer_is_named_at_its_question(given, field, code):
    with pytest.raises(Invalid) as error:
        check(read(SCORED), given, complete=True)
    assert [(one["field"], one["code"]) for one in error.value.details] == [(f"answer_{field}", code)]


def test_of_a_contact_that_goes_on_nothing_is_required():
    assert check(read(SCORED), {"network": "2"}, complete=False).kept == {"network": "2"}


def test_what_is_no_tree_is_refused():
    for stored in ({"blocks": [{"key": "a"}]}, {"blocks": [{"key": "a", "kind": "song"}]}, {"blocks": ["a"]}):
        with pytest.raises(Invalid):
            read(stored)


def test_variables_are_filled_and_what_is_not_known_stays():
    assert fill("Good day {customer}, {plan} {plan}?", {"customer": "Li", "plan": ""}) == "Good day Li, {plan} {plan}?"
    assert fill("{x} {}", {"customer": "{x}"}) == "{x} {}"
