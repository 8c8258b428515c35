"""What columns' functions take is inspected once, and is what django-tables2 finds."""

from functools import partial
from typing import Any

import django_tables2 as tables
import pytest
from django_tables2 import utils

from retention.core.ui.tables import signatures
from retention.core.ui.tables.base import BaseTable


class Lengths(BaseTable):
    word = tables.Column()

    def value_word(self, value: str) -> int:
        return len(value)

    def render_word(self, value: str, record: dict, **rest: Any) -> str:
        return f"{value} {len(rest)}"


class Shown:
    def plain(self, value: str) -> str:
        return value

    @staticmethod
    def fixed(value: str, record: object) -> str:
        return value

    def __call__(self, value: str, **rest: object) -> str:
        return value


@pytest.mark.parametrize(
    "function",
    [
        Shown().plain,
        Shown.plain,
        Shown.fixed,
        Shown(),
        lambda value, table: value,
        partial(Shown.fixed, record=1),
        Shown,
    ],
)
def test_the_same_is_found_as_by_inspection(function):
    assert [signatures.signature(function) for _twice in range(2)] == [signatures.inspected(function)] * 2


def test_a_method_and_its_function_are_told_apart():
    assert signatures.signature(Shown.plain) == (("self", "value"), None)
    assert signatures.signature(Shown().plain) == (("value",), None)


def test_a_long_list_inspects_a_column_once(monkeypatch):
    asked = []

    signatures._known.pop(Lengths.value_word, None)
    real = signatures.inspected
    monkeypatch.setattr(signatures, "inspected", lambda function: (asked.append(function), real(function))[1])
    sheet = Lengths([{"word": "a" * size} for size in range(1, 50)]).sheet(name="words")
    assert [row[0] for row in sheet.rows] == list(range(1, 50))
    assert len(asked) == 1 and utils.signature is signatures.signature
