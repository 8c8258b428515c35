"""JSON is read without losing a digit, and written as it was read."""

import json

import pytest

from retention.core import exact_json
from retention.core.exact_json import NumberText

KEPT = [
    ("18446744073709551616", 18446744073709551616),
    ("123456789012345678901234567890", 123456789012345678901234567890),
    ("1234567890123456789", 1234567890123456789),
    ("-9007199254740993", -9007199254740993),
    ("12345678901234567890.0", 12345678901234567890),
    ("1.5", 1.5),
    ("0.30000000000000004", 0.30000000000000004),
    ("1e5", NumberText("1e5")),
    ("1.0012E+10", NumberText("1.0012E+10")),
    ("99.99999999999999999", NumberText("99.99999999999999999")),
    ("-0.1234567890123456789", NumberText("-0.1234567890123456789")),
    ("1e400", NumberText("1e400")),
]


@pytest.mark.parametrize(("written", "value"), KEPT)
def test_a_number_keeps_its_digits_wherever_it_stands(written: str, value: object) -> None:
    for text in (written, f"[{written}]", f'{{"a":"x", "b": {written}}}', f'{{"a":[1,{written}]}}'):
        read = exact_json.loads(text.encode())
        found = read if text == written else read[0] if text[0] == "[" else read.get("b", read["a"])
        found = found[1] if isinstance(found, list) else found
        assert (found, type(found)) == (value, type(value))


def test_what_was_read_is_written_as_it_stood() -> None:
    text = '{"a":18446744073709551616,"b":[1e400,1.25],"c":{"d":null,"e":"1e5","f":true}}'
    assert exact_json.dumps(exact_json.loads(text.encode())) == text


@pytest.mark.parametrize(
    "text",
    [b'{"a":NaN,"b":1e5}', b'{"a":"\\ud800","b":1e5}', b"[1e5", b"[" * 9_000 + b"1e5" + b"]" * 9_000, b'"\xff 1e5"'],
)
def test_what_is_no_json_is_a_value_error(text: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  (of several kinds)
        exact_json.loads(text)


def test_what_is_nested_too_deep_is_not_written() -> None:
    deep: object = NumberText("1e5")
    for _ in range(300):
        deep = [deep]
    with pytest.raises(ValueError, match="too deep"):
        exact_json.dumps(deep)


@pytest.mark.parametrize("text", ["9f2c41d07be81a55", "12345678901234567890123", "x 7e-5, 1e9", "2026-10-31"])
def test_digits_inside_text_do_not_make_the_slow_way_necessary(text: str) -> None:
    assert exact_json.keeps_digits(json.dumps({"other_hash": text, "n": 1.25}).encode()) == (", 1e9" not in text)
