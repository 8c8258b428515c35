"""JSON read and written without losing a digit: orjson makes floats of long numbers and forgets what they were."""

import json
import re
from collections.abc import Iterator
from typing import Any

import orjson

# A double names every number of so many digits that another double has been written as.
DOUBLE_DIGITS = 17
LONG_INTEGER = 20  # digits; shorter ones fit into 64 bits
MAX_DEPTH = 250  # orjson's own limit
# Digits and points become "0", exponents "e": a search for runs costs a fraction of a regular expression's time.
_OUTLINE = bytes(48 if chr(code) in "0123456789." else 101 if chr(code) in "eE" else 32 for code in range(256))
_LONG_RUN, _EXPONENT = b"0" * (DOUBLE_DIGITS + 2), b"0e"
_NUMBER = re.compile(rb"(?<![^:,\[\s-])[\d.]+")
_EXPONENT_NUMBER = re.compile(rb"(?:^|[:,\[\s-])[\d.]+$")
_WHOLE = re.compile(r"(-?\d+)\.0+")


class NumberText(str):
    """A number as it was written, where a float would lose digits or hide that it has an exponent."""


def keeps_digits(data: bytes) -> bool:
    """Whether orjson reads every number of this JSON (or of these lines) as it was written."""
    outline = data.translate(_OUTLINE)
    return not (
        any(_is_too_long(data, at) for at in _places(outline, _LONG_RUN))
        or any(_EXPONENT_NUMBER.search(data[max(at - DOUBLE_DIGITS, 0) : at + 1]) for at in _places(outline, _EXPONENT))
    )


def _places(outline: bytes, part: bytes) -> Iterator[int]:
    at = outline.find(part)
    while at >= 0:
        yield at
        at = outline.find(part, at + len(part))


def _is_too_long(data: bytes, at: int) -> bool:
    number = _NUMBER.match(data, at)
    return number is not None and _exceeds_double(number[0].decode())


def _exceeds_double(number: str) -> bool:
    """Of digits with or without a point."""
    whole, point, decimals = number.partition(".")
    if not point:
        return len(whole) >= LONG_INTEGER
    return len((whole + decimals.rstrip("0")).lstrip("0")) > DOUBLE_DIGITS


def loads(data: bytes) -> Any:
    """The value; whole numbers of any length as int, others that a float would not keep as NumberText.

    ValueError when it is not JSON.
    """
    if keeps_digits(data):
        return orjson.loads(data)
    try:
        value = json.loads(data.decode(), parse_float=_number, parse_constant=_refuse)
        json.dumps(value, ensure_ascii=False).encode()  # half a surrogate pair is no text
    except RecursionError:
        raise ValueError("it is nested too deep") from None
    return value


def dumps(value: Any) -> str:
    """The JSON of a value that `loads` made, its numbers as they were written. ValueError when nested too deep."""
    try:
        return orjson.dumps(value, option=orjson.OPT_PASSTHROUGH_SUBCLASS).decode()
    except TypeError:  # nested too deep for orjson, a whole number beyond 64 bits, or a NumberText
        pass
    return _written(value, MAX_DEPTH)


def _written(value: Any, depth: int) -> str:
    if not depth:
        raise ValueError("it is nested too deep")
    if isinstance(value, NumberText):
        return value
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(name)}:{_written(one, depth - 1)}" for name, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(_written(one, depth - 1) for one in value) + "]"
    return json.dumps(value)


def _number(text: str) -> object:
    if whole := _WHOLE.fullmatch(text):
        return int(whole[1])
    return NumberText(text) if "e" in text.lower() or _exceeds_double(text.lstrip("-")) else float(text)


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")
