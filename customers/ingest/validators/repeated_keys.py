"""Rows of one key in one chunk: one of them lands, with the fields that only the others have."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from customers.ingest.resources.base import Resource
from customers.ingest.resources.checks import CheckedChunk

OLDEST = -(2**63)
Row = dict[str, Any]


@dataclass(frozen=True)
class Repeat:
    """A row that does not land because another of its key does. `is_identical`: nothing is lost by that."""

    position: int
    first: int
    is_identical: bool


def repeated_keys(resource: Resource, checked: CheckedChunk, *, last_wins: bool) -> Iterator[Repeat]:
    """The rows to leave out. The highest version lands; without versions the first, or with `last_wins` the last.

    What the landing row leaves out is taken from the newest of the others that has it (`CheckedChunk.taken`). Rows of
    one version that say different things of a field contradict each other: the later one is not identical.
    """
    positions = checked.positions()
    keys = pa.table([checked.values[name] for name in resource.key], names=list(resource.key))
    keys = keys.append_column("_pos", pa.array(np.arange(keys.num_rows)))
    if len(positions) < keys.num_rows:
        keys = keys.take(pa.array(positions))
    groups = keys.group_by(list(resource.key)).aggregate([([], "count_all"), ("_pos", "list")])
    if groups.num_rows == keys.num_rows:
        return
    shared = groups.filter(pc.greater(groups["count_all"], 1))["_pos_list"].to_pylist()
    wanted = sorted(position for same_key in shared for position in same_key)
    rows = pa.table(checked.values).take(pa.array(wanted)).to_pylist()
    given = {position: _without_absent(checked, position, row) for position, row in zip(wanted, rows, strict=True)}
    for same_key in shared:
        yield from _repeats_of_key(checked, sorted(same_key), given, last_wins)
    _fill(checked)


def _without_absent(checked: CheckedChunk, position: int, row: Row) -> Row:
    return {
        name: value for name, value in row.items() if name not in checked.absent or not checked.absent[name][position]
    }


def _repeats_of_key(
    checked: CheckedChunk, positions: list[int], given: dict[int, Row], last_wins: bool
) -> Iterator[Repeat]:
    newest = max(_version(given[position]) for position in positions)
    equals = [position for position in positions if _version(given[position]) == newest]
    landing = equals.pop(-1 if last_wins else 0)
    older = [position for position in positions if position != landing and (last_wins or position not in equals)]
    for position in equals if not last_wins else ():
        said, known = given[position], given[landing]
        agrees = all(said[name] == known[name] for name in said.keys() & known.keys())
        if agrees:
            _take(checked, landing, position, given)
        yield Repeat(position, landing, is_identical=agrees)
    for position in sorted(older, key=lambda one: (_version(given[one]), one), reverse=True):
        _take(checked, landing, position, given)
        yield Repeat(position, landing, is_identical=True)


def _take(checked: CheckedChunk, landing: int, position: int, given: dict[int, Row]) -> None:
    """Give the landing row the fields that it leaves out and the other has."""
    for name, value in given[position].items():
        if name not in given[landing]:
            given[landing][name] = value
            checked.taken.setdefault(landing, {})[name] = position


def _fill(checked: CheckedChunk) -> None:
    """The values that were taken, in their place."""
    by_name: dict[str, dict[int, int]] = {}
    for landing, names in checked.taken.items():
        for name, position in names.items():
            by_name.setdefault(name, {})[landing] = position
    for name, origins in by_name.items():
        places = np.arange(len(checked.good))
        places[list(origins)] = list(origins.values())
        checked.values[name] = checked.values[name].take(pa.array(places))
        checked.absent[name][list(origins)] = False


def _version(row: Row) -> int:
    return OLDEST if row["source_version"] is None else row["source_version"]
