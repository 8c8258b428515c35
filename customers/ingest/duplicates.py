"""Rows of one chunk that name the same key."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from customers.ingest.validation import Checked

OLDEST = -(2**63)


@dataclass(frozen=True)
class Repeat:
    """A row that does not land because another of its key does. `says_the_same`: nothing is lost by that."""

    position: int
    first_row: int
    says_the_same: bool


def repeated_keys(checked: "Checked", *, last_wins: bool) -> Iterator[Repeat]:
    """The rows to leave out. The highest version lands; without versions the first, or with `last_wins` the last."""
    positions = checked.positions()
    keys = pa.table([checked.values[name] for name in checked.resource.key], names=list(checked.resource.key))
    keys = keys.append_column("_pos", pa.array(np.arange(keys.num_rows)))
    if len(positions) < keys.num_rows:
        keys = keys.take(pa.array(positions))
    groups = keys.group_by(list(checked.resource.key)).aggregate([([], "count_all"), ("_pos", "list")])
    if groups.num_rows == keys.num_rows:
        return
    shared = groups.filter(pc.greater(groups["count_all"], 1))["_pos_list"].to_pylist()
    wanted = sorted(position for same_key in shared for position in same_key)
    rows = pa.table(checked.values).take(pa.array(wanted)).to_pylist()
    said = dict(zip(wanted, rows, strict=True))
    for same_key in shared:
        yield from _of_one_key(checked, sorted(same_key), said, last_wins)


def _of_one_key(checked: "Checked", positions: list[int], said: dict[int, dict], last_wins: bool) -> Iterator[Repeat]:
    landing, *others = positions
    for position in others:
        first_row = int(checked.chunk.rows[landing])
        old, new = _version(said[landing]), _version(said[position])
        newer = new > old or (last_wins and new == old)
        if newer:
            yield Repeat(landing, int(checked.chunk.rows[position]), says_the_same=True)
            landing = position
        else:
            same = new < old or said[position] == said[landing]
            yield Repeat(position, first_row, says_the_same=same)


def _version(row: dict) -> int:
    return OLDEST if row["source_version"] is None else row["source_version"]
