"""How the shipped questionnaires are written: one call a row. (English, Chinese) pairs."""

from typing import Any

Words = tuple[str, str]
Row = dict[str, Any]
ALWAYS: list[Row] = []
FIRST_STEP, LAST_STEP = 1, 5


def option(value: str, words: Words, score: int = 0, goto: str = "") -> Row:
    return {"value": value, "label": words[0], "label_zh": words[1], "score": score, "goto": goto}


def say(key: str, words: Words, *, when: list[Row] | None = None, goto: str = "") -> Row:
    return _row(key, "say", words, when) | {"goto": goto}


def single(
    key: str, words: Words, *choices: Row, when: list[Row] | None = None, required: list[Row] | None = None
) -> Row:
    return _row(key, "single", words, when) | {"choices": list(choices), "required_when": required}


def multiple(key: str, words: Words, *choices: Row, when: list[Row] | None = None) -> Row:
    return _row(key, "multiple", words, when) | {"choices": list(choices)}


def scale(key: str, words: Words, *, when: list[Row] | None = None, required: list[Row] | None = None) -> Row:
    """From 1 to 5; each step is a point."""
    steps = {"lowest": FIRST_STEP, "highest": LAST_STEP, "weight": 1, "required_when": required}
    return _row(key, "scale", words, when) | steps


def text(key: str, words: Words, *, when: list[Row] | None = None, required: list[Row] | None = None) -> Row:
    return _row(key, "text", words, when) | {"required_when": required}


def day(key: str, words: Words, *, when: list[Row] | None = None) -> Row:
    return _row(key, "date", words, when)


def number(key: str, words: Words, lowest: int, highest: int, *, when: list[Row] | None = None) -> Row:
    return _row(key, "number", words, when) | {"lowest": lowest, "highest": highest}


def among(question: str, *values: str) -> list[Row]:
    return [{"question": question, "test": "any_of", "values": list(values)}]


def at_most(question: str, value: int) -> list[Row]:
    return [{"question": question, "test": "at_most", "values": [str(value)]}]


def _row(key: str, kind: str, words: Words, when: list[Row] | None) -> Row:
    return {"key": key, "kind": kind, "text": words[0], "text_zh": words[1], "shown_when": when or []}


YES, NO = ("Yes", "是"), ("No", "否")
CLOSING = say(
    "closing",
    (
        "Thank you for your time, {customer}. If anything comes up, call us at any time. Goodbye.",
        "感谢您的配合，{customer}。如有任何问题，欢迎随时致电我们，祝您生活愉快，再见。",
    ),
)
