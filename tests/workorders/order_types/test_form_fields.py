"""Fields of the call form: typed, shown while an earlier answer asks for them, required when it does."""

import pytest

from retention.core.errors import Invalid
from workorders.order_types import rules

LEAVING = {
    "key": "leaving", "label": "Leaving", "kind": "choice", "required": True,
    "choices": [{"value": "yes", "label": "Yes"}, {"value": "no", "label": "No"}],
}  # fmt: skip
WHY = {
    "key": "why", "label": "Why", "kind": "text", "shown_when": {"field": "leaving", "is": ["yes"]},
    "required_when": {"field": "leaving", "is": ["yes"]},
}  # fmt: skip
USERS = {"key": "users", "label": "Users", "kind": "number", "least": 1, "most": 9}
SINCE = {"key": "since", "label": "Since", "kind": "date"}
VISIT = {"key": "visit", "label": "Visit", "kind": "flag"}
WHEN = {"key": "when", "label": "When", "kind": "date", "required_when": {"field": "visit", "is": ["yes"]}}


def check(fields, given, **options):
    return rules.read({}, fields).check_answers(given, **({"complete": True} | options))


def wrong(fields, given, **options):
    with pytest.raises(Invalid) as error:
        check(fields, given, **options)
    return [(one["field"], one["code"]) for one in error.value.details]


def test_a_question_is_asked_only_while_the_answer_before_asks_for_it():
    assert check([LEAVING, WHY], {"leaving": "no", "why": "left in the form"}) == {"leaving": "no"}
    assert check([LEAVING, WHY], {"leaving": "yes", "why": "price"}) == {"leaving": "yes", "why": "price"}
    assert wrong([LEAVING, WHY], {"leaving": "yes"}) == [("answer_why", "required")]
    assert check([LEAVING, WHY], {"leaving": "yes"}, complete=False) == {"leaving": "yes"}


def test_a_question_below_one_that_is_not_shown_is_not_asked_either():
    below = {"key": "how", "label": "How", "kind": "text", "required": True,
             "shown_when": {"field": "why", "is": ["price"]}}  # fmt: skip
    assert check([LEAVING, WHY, below], {"leaving": "no", "why": "price", "how": "x"}) == {"leaving": "no"}


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        (USERS, "0", "not_a_number"), (USERS, "10", "not_a_number"), (USERS, "two", "not_a_number"),
        (USERS, "nan", "not_a_number"), (USERS, "inf", "not_a_number"), (SINCE, "30.11.2026", "not_a_day"),
        (SINCE, "2026-02-30", "not_a_day"),
    ],
)  # fmt: skip
def test_numbers_and_days_are_what_they_say(field, value, code):
    assert wrong([field], {field["key"]: value}) == [(f"answer_{field['key']}", code)]


def test_numbers_and_days_that_are_right_are_kept():
    given = {"users": "3", "since": "2026-11-30"}
    assert check([USERS, SINCE], given) == given


def test_a_tick_is_a_condition_too():
    assert wrong([VISIT, WHEN], {"visit": "1"}) == [("answer_when", "required")]
    assert check([VISIT, WHEN], {}) == {"visit": False}


def test_the_end_of_the_contact_is_a_condition():
    when = {"field": "disposition", "is": ["fixed"]}
    cause = {"key": "cause", "label": "Cause", "kind": "text", "required_when": when}
    assert wrong([cause], {}, disposition="fixed") == [("answer_cause", "required")]
    assert check([cause], {}, disposition="callback") == {}


def test_a_stage_asks_only_its_own_questions():
    assert check([LEAVING, USERS], {"users": "4", "leaving": "no"}, asked=["users"]) == {"users": "4"}
