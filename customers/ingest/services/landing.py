"""Checked rows into their table: COPY to a staging table, then the statements of `upsert`, in one transaction."""

from collections.abc import Iterable
from datetime import date, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from customers.ingest import text
from customers.ingest.resources.base import Resource
from customers.ingest.services.acceptance import Turn
from customers.ingest.services.overtaking import leave_out_overtaken, record_keys
from customers.ingest.services.upsert import REPLACED, stage_table, statements
from customers.ingest.validators.rows import Checked
from retention.core.db import partitioned_tables
from retention.core.db.copy import copy_in

# A chunk is small beside the tables it goes to, so every join is a look-up by index, row by row. The planner would find
# that too if its statistics were fresh; in the middle of a first load they are empty, and it chooses joins that take
# hours on what is there by then.
INDEX_JOINS_ONLY = "SET LOCAL enable_hashjoin = {0}; SET LOCAL enable_mergejoin = {0}; SET LOCAL enable_seqscan = {0}"


def ensure_partitions(checked: Checked) -> set[date]:
    """Make the months that the good rows need, before the transaction that fills them. Returns those months."""
    days = _days(checked)
    if days is None:
        return set()
    months = set(pc.floor_temporal(days, unit="month").unique().cast(pa.date32()).to_pylist())
    partitioned_tables.ensure_partitions(checked.resource.table, months)
    partitioned_tables.analyze_if_believed_empty(checked.resource.table, months)
    return months


def land(checked: Checked, *, now: datetime, turn: Turn, records: bool = False) -> int:
    """Land the good rows; those whose reference is not there go to `checked.waiting`. Returns how many rows changed.

    records: keep what is replaced in `upsert.REPLACED`, and which rows are new in `checked.inserted`.

    Rows that newer ones overtook are left out (`Checked.overtake`). Afterwards the staging table holds the rows that
    stand: `supersession.supersede_waiting` and `changed_positions` read it until the transaction ends.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("land() needs a transaction: the staging table lives that long")
    if not (checked.good.any() or checked.waiting):
        return 0
    resource = checked.resource
    with connection.cursor() as cursor:
        stage_table(resource).create(cursor)
        if checked.good.any():
            copy_in(cursor, resource.stage, checked.staged())
        if turn.is_overtaken:
            _leave_out_overtaken(cursor, checked, turn)
        if broken := statements(resource, partial=checked.is_partial).broken:
            _reject_broken(cursor, checked, broken)
        if not checked.good.any():
            return 0
        applied = _land_staged(cursor, checked, now, records=records)
        record_keys(cursor, resource, turn)
    return applied


def changed_positions(checked: Checked) -> set[int]:
    """Places in the chunk of the rows that `land` wrote in this transaction."""
    if not checked.good.any():
        return set()
    with connection.cursor() as cursor:
        cursor.execute(statements(checked.resource).changed, parameters(checked))
        return {position for (position,) in cursor.fetchall()}


def _leave_out_overtaken(cursor: CursorWrapper, checked: Checked, turn: Turn) -> None:
    overtaken = leave_out_overtaken(cursor, checked, turn, parameters(checked))
    for position in overtaken:
        checked.overtake(position)
    _unstage(cursor, checked.resource, overtaken)


def _reject_broken(cursor: CursorWrapper, checked: Checked, broken: str) -> None:
    """Reject the rows that, with what they keep of the stored row, break a check of their resource."""
    cursor.execute(INDEX_JOINS_ONLY.format("off"))
    cursor.execute(broken, parameters(checked))
    found = cursor.fetchall()
    cursor.execute(INDEX_JOINS_ONLY.format("DEFAULT"))
    with text.in_english():
        for position, place in found:
            checked.resource.checks[place].reject(checked, position)
    checked.problems.sort(key=lambda problem: problem.row)
    if found:
        _unstage(cursor, checked.resource, (position for position, _place in found))


def _unstage(cursor: CursorWrapper, resource: Resource, positions: Iterable[int]) -> None:
    cursor.execute(f'DELETE FROM "{resource.stage}" WHERE _pos = ANY(%s)', [list(positions)])


def _land_staged(cursor: CursorWrapper, checked: Checked, now: datetime, *, records: bool) -> int:
    resource, staged = checked.resource, int(checked.good.sum())
    sql = statements(resource, partial=checked.is_partial)
    if resource.before:
        resource.before(cursor, now)
    cursor.execute(INDEX_JOINS_ONLY.format("off"))
    cursor.execute(sql.nothing_new, parameters(checked))
    if cursor.fetchone()[0]:  # sent again
        cursor.execute(INDEX_JOINS_ONLY.format("DEFAULT"))
        return 0
    cursor.execute(sql.insert)
    applied = cursor.rowcount
    if records and applied:
        checked.inserted = checked.positions() if applied == staged else np.array(sorted(changed_positions(checked)))
    if applied < staged:
        applied += _land_existing(cursor, checked, staged - applied, now, records=records)
    cursor.execute(INDEX_JOINS_ONLY.format("DEFAULT"))
    if resource.after and applied:
        resource.after(cursor, now)
    return applied


def _land_existing(cursor: CursorWrapper, checked: Checked, left: int, now: datetime, *, records: bool) -> int:
    """The `left` rows that were not inserted: some wait for a reference, some update a row, the rest change nothing."""
    sql = statements(checked.resource, partial=checked.is_partial)
    if sql.missing:
        cursor.execute(sql.missing)
        missing = cursor.fetchall()
        for position, name in missing:
            if position in checked.overtaken_parts:
                checked.overtake(position)
            else:
                checked.wait(position, name)
            left -= 1
        if missing:
            _unstage(cursor, checked.resource, (position for position, _name in missing))
    if not left:  # nothing was there before, so the costly look for what differs is not needed
        return 0
    if records:
        REPLACED.create(cursor)
    cursor.execute(sql.update_keeping if records else sql.update, parameters(checked) | {"now": now})
    return cursor.rowcount


def parameters(checked: Checked) -> dict[str, date]:
    """First and last day of the good rows: so that the database looks only into the partitions concerned."""
    days = _days(checked)
    if days is None:
        return {}
    ends = pc.min_max(days)
    return {"low": ends["min"].as_py(), "high": ends["max"].as_py()}


def _days(checked: Checked) -> pa.Array | None:
    """The partition column of the good rows; None when there is none."""
    column = checked.resource.partition_field
    if column is None or not checked.good.any():
        return None
    values = checked.values[column]
    return values if checked.good.all() else values.filter(pa.array(checked.good))
