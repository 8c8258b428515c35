"""The steps that a mapping applies to a column's values, in the order written, and what an unusable mapping raises."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, TypeGuard

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from customers.ingest.field_types.base import EXACT_FLOATS, number_text
from retention.core.errors import Invalid


class BadMapping(Invalid):
    """The mapping file contains an invalid instruction; the message names its place."""

    code = "bad_mapping"


NUMBER_PATTERN = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$"


def numbers_of(column: pa.Array) -> pa.Array:
    """float64, null for what is no number. Full-width digits are digits, as in the fields of a resource."""
    if not pc.all(pc.string_is_ascii(column)).as_py():
        column = pc.utf8_normalize(column, form="NFKC")
    plain = pc.match_substring_regex(column, NUMBER_PATTERN)
    return pc.if_else(plain, column, pa.scalar(None, pa.string())).cast(pa.float64())


def among(column: pa.Array, values: Sequence[object]) -> pa.Array:
    """Where the text is one of these values of a mapping; numbers are compared as numbers. False for a blank."""
    texts = pa.array([_scalar(value) or "" for value in values], pa.string())
    found = pc.is_in(column, value_set=texts)
    flags = [_scalar(value) for value in values if isinstance(value, bool)]
    if flags:
        found = pc.or_(found, pc.is_in(pc.utf8_lower(column), value_set=pa.array(flags, pa.string())))
    # Greater ones do not all have a float of their own: those are compared as they are written.
    numbers = [float(value) for value in values if is_number(value) and abs(value) < EXACT_FLOATS]
    if not numbers:
        return found
    numbers += [-number for number in numbers if number == 0]  # Arrow tells 0.0 from -0.0
    return pc.or_(found, pc.is_in(numbers_of(column), value_set=pa.array(numbers, pa.float64())))


def is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def keep_others(column: pa.Array, new: pa.Array) -> pa.Array:
    """`new`, and the old text where there is no new value: the resource's check then rejects it."""
    return pc.coalesce(new, column)


Step = Callable[[pa.Array, object, date | None], pa.Array]
GIVEN_DAY = "given_day"


def _number_step(compute: Callable[[pa.Array, float], pa.Array]) -> Step:
    def step(column: pa.Array, setting: Any, given: date | None) -> pa.Array:
        return keep_others(column, number_text(compute(numbers_of(column), float(setting))))

    return step


def _modulo(numbers: pa.Array, by: float) -> pa.Array:
    return pc.subtract(numbers, pc.multiply(pc.floor(pc.divide(numbers, by)), by))


def _map(column: pa.Array, table: object, given: date | None) -> pa.Array:
    if not isinstance(table, dict):
        raise BadMapping("`map` must be a table of old and new values.")
    found = pc.index_in(column, value_set=pa.array([str(key) for key in table], pa.string()))
    new = pa.array([_scalar(value) for value in table.values()], pa.string()).take(found)
    blank = pc.and_(pc.is_valid(found), pc.is_null(new))
    return pc.if_else(blank, pa.scalar(None, pa.string()), keep_others(column, new))


def _scalar(value: object) -> str | None:
    """A TOML value as the text that a CSV would hold; "" is blank."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) or None


def _only(column: pa.Array, values: object, given: date | None) -> pa.Array:
    return pc.if_else(among(column, list(values)), column, pa.scalar(None, pa.string()))  # type: ignore[call-overload]


def _date_format(column: pa.Array, pattern: object, given: date | None) -> pa.Array:
    """Dates in another notation (strptime) to YYYY-MM-DD; each distinct text is read once."""
    encoded = column.dictionary_encode()
    days = [_day(text, str(pattern)) for text in encoded.dictionary.to_pylist()]
    return pa.array(days, pa.string()).take(encoded.indices)


def _day(text: str, pattern: str) -> str:
    try:
        return datetime.strptime(text, pattern).date().isoformat()  # noqa: DTZ007  (a day, not an instant)
    except ValueError:
        return text


def _time_format(column: pa.Array, pattern: object, given: date | None) -> pa.Array:
    """Times in another notation (strptime) to YYYY-MM-DD HH:MM:SS; `suffix` then adds their offset from UTC."""
    encoded = column.dictionary_encode()
    times = [_time(text, str(pattern)) for text in encoded.dictionary.to_pylist()]
    return pa.array(times, pa.string()).take(encoded.indices)


def _time(text: str, pattern: str) -> str:
    try:
        return datetime.strptime(text, pattern).isoformat(" ", "seconds")  # noqa: DTZ007  (its offset comes next)
    except ValueError:
        return text


def _months_before(column: pa.Array, setting: object, given: date | None) -> pa.Array:
    day = day_of(setting, given)
    months = numbers_of(column)
    counted = np.rint(np.asarray(pc.fill_null(months, 0))).clip(-2400, 2400).astype(int)
    serial = day.year * 12 + day.month - 1 - counted
    first = (serial // 12 - 1970) * 12 + serial % 12
    starts = first.astype("datetime64[M]").astype("datetime64[D]")
    length = ((first + 1).astype("datetime64[M]").astype("datetime64[D]") - starts).astype(int)
    return _days_text(column, months, starts + np.minimum(day.day, length) - 1)


def _days_before(column: pa.Array, setting: object, given: date | None) -> pa.Array:
    days = numbers_of(column)
    counted = np.rint(np.asarray(pc.fill_null(days, 0))).clip(-100_000, 100_000).astype(int)
    return _days_text(column, days, np.datetime64(day_of(setting, given)) - counted)


def _plus_days(column: pa.Array, setting: object, given: date | None) -> pa.Array:
    encoded = column.dictionary_encode()
    moved = []
    for text in encoded.dictionary.to_pylist():
        try:
            moved.append(str(np.datetime64(date.fromisoformat(text)) + int(setting)))  # type: ignore[call-overload]
        except ValueError:
            moved.append(text)
    return pa.array(moved, pa.string()).take(encoded.indices)


def _days_text(column: pa.Array, known: pa.Array, days: np.ndarray) -> pa.Array:
    text = pa.array(days.astype("datetime64[D]")).cast(pa.string())
    return keep_others(column, pc.if_else(pc.is_valid(known), text, pa.scalar(None, pa.string())))


def day_of(setting: object, given: date | None) -> date:
    """A day written in the mapping, or the given day by its name."""
    if setting == GIVEN_DAY:
        if given is None:
            raise BadMapping("The mapping needs a `given_day` (in the file or with --given-day).")
        return given
    if isinstance(setting, date) and not isinstance(setting, datetime):
        return setting
    try:
        return date.fromisoformat(str(setting))
    except ValueError:
        raise BadMapping(f"'{setting}' is not a day.") from None


STEPS: dict[str, Step] = {
    "strip": lambda column, what, given: pc.utf8_trim(column, characters=str(what)),
    "remove": lambda column, what, given: pc.replace_substring(column, pattern=str(what), replacement=""),
    "lower": lambda column, wanted, given: pc.utf8_lower(column) if wanted else column,
    "upper": lambda column, wanted, given: pc.utf8_upper(column) if wanted else column,
    "map": _map,
    "only": _only,
    "multiply": _number_step(pc.multiply),
    "divide": _number_step(pc.divide),
    "modulo": _number_step(_modulo),
    "add": _number_step(pc.add),
    "minimum": _number_step(pc.max_element_wise),
    "maximum": _number_step(pc.min_element_wise),
    "round": _number_step(lambda numbers, digits: pc.round(numbers, ndigits=int(digits))),
    "date_format": _date_format,
    "time_format": _time_format,
    "months_before": _months_before,
    "days_before": _days_before,
    "plus_days": _plus_days,
    "month_of": lambda column, wanted, given: pc.utf8_slice_codeunits(column, 0, 7) if wanted else column,
    "prefix": lambda column, text, given: pc.binary_join_element_wise(str(text), column, ""),
    "suffix": lambda column, text, given: pc.binary_join_element_wise(column, str(text), ""),
    "default": lambda column, value, given: pc.fill_null(column, _scalar(value) or ""),
}
