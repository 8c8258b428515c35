"""Between text and numbers, a column at a time."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

PLAIN = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$"


def numbers_of(column: pa.Array) -> pa.Array:
    """float64, null for what is no number."""
    plain = pc.match_substring_regex(column, PLAIN)
    return pc.if_else(plain, column, pa.scalar(None, pa.string())).cast(pa.float64())


def text_of(numbers: np.ndarray | pa.Array) -> pa.Array:
    """Numbers as text; whole ones without decimals."""
    numbers = pa.array(numbers) if isinstance(numbers, np.ndarray) else numbers
    whole = pc.and_(pc.equal(pc.floor(numbers), numbers), pc.less(pc.abs(numbers), 2.0**53))
    as_whole = pc.if_else(whole, numbers, pa.scalar(None, pa.float64())).cast(pa.int64()).cast(pa.string())
    return pc.coalesce(as_whole, numbers.cast(pa.string()))


def keep_others(column: pa.Array, new: pa.Array) -> pa.Array:
    """`new`, and the old text where there is no new value: the resource's check then says what is wrong with it."""
    return pc.coalesce(new, column)
