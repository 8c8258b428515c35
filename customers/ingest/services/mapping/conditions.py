"""`where`: which rows. {column = "Yes"}, {column = ["a", "b"]}, {column = {at_least = 3, blank = false}}; all hold.

A number of the mapping is compared as a number (0 is also "0.0"), a text as text ("0" is not), true also as
"TRUE". A blank is no value:
`is_not` keeps it, every other test but `blank` leaves it out.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from customers.ingest.services.mapping.steps import BadMapping, among, is_number, numbers_of

Test = Callable[[pa.Array], np.ndarray]


def _among(column: pa.Array, value: object) -> np.ndarray:
    return np.asarray(among(column, value if isinstance(value, list) else [value]))


def _compared(column: pa.Array, compare: Callable, value: Any) -> np.ndarray:
    return np.asarray(pc.fill_null(compare(numbers_of(column), float(value)), False))


TESTS: dict[str, Callable[[pa.Array, object], np.ndarray]] = {
    "is": _among,
    "is_not": lambda column, value: ~_among(column, value),
    "blank": lambda column, value: np.asarray(pc.is_null(column)) == bool(value),
    "above": lambda column, value: _compared(column, pc.greater, value),
    "at_least": lambda column, value: _compared(column, pc.greater_equal, value),
    "below": lambda column, value: _compared(column, pc.less, value),
    "at_most": lambda column, value: _compared(column, pc.less_equal, value),
}


def check_condition(where: object, place: str) -> dict[str, dict[str, object]]:
    """The condition with every test by name; BadMapping when it holds an unknown one."""
    if not isinstance(where, dict):
        raise BadMapping(f"{place}: `where` must be a table of columns.")
    tests = {column: test if isinstance(test, dict) else {"is": test} for column, test in where.items()}
    for column, test in tests.items():
        if unknown := test.keys() - TESTS.keys():
            raise BadMapping(f"{place}: `where.{column}` knows {', '.join(TESTS)}; not '{sorted(unknown)[0]}'.")
        for name, value in test.items():
            if wanted := _lacks(name, value):
                raise BadMapping(f"{place}: '{name}' of `where.{column}` needs {wanted}, not {value!r}.")
    return tests


def _lacks(test: str, value: object) -> str:
    """What the test needs in place of the value; "" when that is good."""
    if test in {"is", "is_not"}:
        values = value if isinstance(value, list) else [value]
        return "a value or a list of values" if any(isinstance(one, list | dict) for one in values) else ""
    if test == "blank":
        return "" if isinstance(value, bool) else "true or false"
    return "" if is_number(value) and math.isfinite(value) else "a number"


def holds(where: dict[str, dict[str, object]], columns: dict[str, pa.Array], rows: int) -> np.ndarray:
    """The rows for which every test holds."""
    kept = np.ones(rows, dtype=bool)
    for column, tests in where.items():
        for name, value in tests.items():
            kept &= TESTS[name](columns[column], value)
    return kept
