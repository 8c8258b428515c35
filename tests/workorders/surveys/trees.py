"""Trees and answers to test with."""

from typing import Any

from hypothesis import strategies as st

KEYS = [f"q{place}" for place in range(7)]
VALUES = ["a", "b", "c"]
TEXTS = st.sampled_from(
    ["", "a", "b", "a,c", "b,,a", ",", "3", "-2.5", "7", "1e3", "2026-11-30", "2027-01-01", "是", "٣"]
)


def say(key: str, **given: Any) -> dict[str, Any]:
    return {"key": key, "kind": "say", "text": f"Say {key}"} | given


def single(key: str, *values: str | dict[str, Any], **given: Any) -> dict[str, Any]:
    choices = [{"value": one, "label": one.title()} if isinstance(one, str) else one for one in values or ("yes", "no")]
    return {"key": key, "kind": "single", "text": f"Ask {key}", "choices": choices} | given


def when(question: str, *values: str, test: str = "any_of") -> list[dict[str, Any]]:
    return [{"question": question, "test": test, "values": list(values)}]


def trees() -> st.SearchStrategy[dict[str, Any]]:
    """Any tree that can be stored, also those that are not fit to be published."""
    clause = st.fixed_dictionaries(
        {
            "question": st.sampled_from(KEYS),
            "test": st.sampled_from(["any_of", "none_of", "at_least", "at_most", "answered", "unanswered"]),
            "values": st.lists(st.sampled_from([*VALUES, "3", "-2", "2026-12-31", "x"]), max_size=2),
        }
    )
    condition = st.lists(clause, max_size=2)
    goto = st.sampled_from(["", "", "", "end", "nowhere", *KEYS])
    choice = st.fixed_dictionaries({"value": st.sampled_from(VALUES), "label": st.just("L"), "goto": goto})
    block = st.fixed_dictionaries(
        {
            "key": st.sampled_from(KEYS),
            "kind": st.sampled_from(["say", "single", "multiple", "scale", "number", "date", "text"]),
            "text": st.just("T"),
        },
        optional={
            "choices": st.lists(choice, max_size=3),
            "goto": goto,
            "shown_when": condition,
            "required_when": st.none() | condition,
        },
    )
    return st.fixed_dictionaries({"blocks": st.lists(block, max_size=9)})


def givens() -> st.SearchStrategy[dict[str, str]]:
    return st.dictionaries(st.sampled_from(KEYS), TEXTS)
