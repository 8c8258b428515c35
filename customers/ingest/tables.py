"""Loading a table that is in memory: the simulator's way in."""

from datetime import datetime

import pyarrow as pa

from customers.ingest.chunks import chunks_of
from customers.ingest.columns import check_columns
from customers.ingest.engine import load
from customers.ingest.resources import resource_named
from customers.ingest.result import LoadResult
from customers.ingest.waiting import land_after
from retention.core import clock


def load_table(
    resource: str, table: pa.Table, *, source: str, first_row: int = 1, now: datetime | None = None
) -> LoadResult:
    """Load a table whose columns are named as in the contract, of text or of fitting types.

    source: names the table; its kept bad rows are replaced when a source of that name is loaded again.
    first_row: the row number of its first row, for a source that comes in several tables. now: what counts as future
    (the business clock when not given). Unknown columns raise Invalid; bad rows are rejected and kept.
    """
    described = resource_named(resource)
    check_columns(described, table.column_names)
    now = now or clock.now()
    result = load(described, chunks_of(table, first_row=first_row), source=source, now=now)
    land_after(result, now=now)
    return result
