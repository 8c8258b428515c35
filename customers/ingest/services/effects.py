"""What a source changed and what became of it since; undoing it.

Its rows are known by number (`changes`), their keys by its body, which is read again. Whether somebody changed a row
since shows in the transaction that wrote it: the source's, or one that restored what the source had written.
"""

from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from django.db.backends.utils import CursorWrapper

from customers.ingest.models import KeyVersion, LandedChunk, QuarantinedRow, ReplacedRow
from customers.ingest.resources.base import Resource
from customers.ingest.services import quarantine
from customers.ingest.services.changes import COLUMNS, unpack_rows
from customers.ingest.services.landing import parameters
from customers.ingest.services.overtaking import key_sql
from customers.ingest.services.removal import remove_staged, stage_keys
from customers.ingest.services.restoring import restore
from customers.ingest.services.upsert import located, stage_table, statements
from customers.ingest.validators.rows import Checked
from retention.core.db.copy import copy_in
from retention.core.db.temporary_tables import REUSED, TemporaryTable

# Rows of the source that it inserted (no record) or that replaced one or had waited (ReplacedRow).
EFFECTS = TemporaryTable(
    "source_effects",
    {"_pos": "integer", "key": "text", "wrote": "text", "record": "bigint"},
    on_commit=REUSED,
)
RECORDS = ReplacedRow._meta.db_table
CHANGED, RESTATED, REFERENCE_GONE = "changed_since", "restated_since", "reference_gone"


@dataclass(frozen=True)
class TakenBack:
    """Rows removed, restored to what was there before, kept, and waiting rows that were dropped."""

    removed: int
    restored: int
    kept: int
    waiting: int


@dataclass
class Effects:
    resource: Resource
    checked: Checked
    source: str
    accepted: int
    intact: set[int] = field(default_factory=set)
    kept: dict[int, str] = field(default_factory=dict)

    def locate(self, cursor: CursorWrapper) -> None:
        """Find which rows stand as the source left them (`intact`); what others changed since is theirs (`kept`)."""
        self._stage_keys(cursor, np.arange(len(self.checked.good)))
        EFFECTS.create(cursor)
        self._collect(cursor)
        cursor.execute(
            f"SELECT e._pos, t.xmin::text = e.wrote OR EXISTS (SELECT FROM {RECORDS} a WHERE a.resource = %(resource)s"
            " AND a.key = e.key AND a.was_by = e.wrote AND a.restored_by = t.xmin::text)"
            f" FROM {located(self.resource)} JOIN {EFFECTS} e ON e._pos = s._pos",
            parameters(self.checked) | {"resource": self.resource.name},
        )
        for position, is_intact in cursor.fetchall():
            if is_intact:
                self.intact.add(position)
            else:
                self.kept[position] = CHANGED
        # What replaced a row of this source is taken back to what was there before the source.
        cursor.execute(
            f"UPDATE {RECORDS} r SET was = m.was, was_by = COALESCE(m.was_by, '')"
            f" FROM {EFFECTS} e LEFT JOIN {RECORDS} m ON m.id = e.record"
            " WHERE r.resource = %s AND r.key = e.key AND r.was_by = e.wrote AND e._pos = ANY(%s)",
            [self.resource.name, list(self.kept)],
        )

    def leave_to(self, cursor: CursorWrapper, later: Checked, *, source: str) -> None:
        """Rows that a later source says as well stay, as rows of that source."""
        if not self.intact:
            return
        stage_table(self.resource).create(cursor)
        copy_in(cursor, self.resource.stage, later.staged())
        cursor.execute(
            f"SELECT e._pos, s._pos FROM ({statements(self.resource, partial=later.is_partial).same}) same"
            f' JOIN "{self.resource.stage}" s USING (_pos) JOIN {EFFECTS} e ON e.key = {key_sql(self.resource)}',
            parameters(later),
        )
        found = {own: theirs for own, theirs in cursor.fetchall() if own in self.intact}
        cursor.execute(
            f"INSERT INTO {RECORDS} ({COLUMNS})"
            " SELECT %(source)s, p.row_no, %(resource)s, e.key, e.wrote, m.was, COALESCE(m.was_by, ''), ''"
            " FROM unnest(%(positions)s::int[], %(numbers)s::bigint[]) p(_pos, row_no)"
            f" JOIN {EFFECTS} e USING (_pos) LEFT JOIN {RECORDS} m ON m.id = e.record",
            {
                "source": source,
                "resource": self.resource.name,
                "positions": list(found),
                "numbers": [int(later.chunk.rows[theirs]) for theirs in found.values()],
            },
        )
        self.intact -= found.keys()
        self.kept |= dict.fromkeys(found, RESTATED)

    def undo(self, cursor: CursorWrapper, *, now: datetime) -> TakenBack:
        """Remove and restore the intact rows, drop the waiting ones, name those that stay.

        Conflict `facts_attached` when others refer to a row that would be removed.
        """
        cursor.execute(
            f"SELECT e._pos, r.id, r.was IS NOT NULL FROM {EFFECTS} e LEFT JOIN {RECORDS} r ON r.id = e.record"
            " WHERE e._pos = ANY(%s)",
            [list(self.intact)],
        )
        rows = cursor.fetchall()
        replaced = {record: position for position, record, was_there in rows if was_there}
        gone = restore(cursor, self.resource, list(replaced), now=now) if replaced else []
        self.kept |= {replaced[record]: REFERENCE_GONE for record in gone}
        new = np.array([position for position, _record, was_there in rows if not was_there], dtype=np.int64)
        self._stage_keys(cursor, new)
        removed = remove_staged(cursor, self.checked) if len(new) else 0
        self._forget(cursor)
        waiting = QuarantinedRow.objects.waiting().filter(source=self.source).delete()[0]
        quarantine.keep(self.checked, self.kept, source=self.source, now=now)
        return TakenBack(removed, len(replaced) - len(gone), len(self.kept), waiting)

    def _stage_keys(self, cursor: CursorWrapper, positions: np.ndarray) -> None:
        self.checked.good[:] = False
        self.checked.good[positions] = True
        stage_keys(cursor, self.checked, positions)

    def _collect(self, cursor: CursorWrapper) -> None:
        key = key_sql(self.resource)
        for chunk in LandedChunk.objects.filter(source=self.source):
            cursor.execute(
                f"INSERT INTO {EFFECTS} SELECT s._pos, {key}, %s, NULL"
                f' FROM unnest(%s::int[]) p(_pos) JOIN "{self.resource.stage}" s USING (_pos)',
                [chunk.wrote, self._positions(unpack_rows(bytes(chunk.inserted)))],
            )
        records = list(ReplacedRow.objects.filter(source=self.source).values_list("row_no", "pk"))
        cursor.execute(
            f"INSERT INTO {EFFECTS} SELECT s._pos, r.key, r.wrote, r.id"
            f" FROM unnest(%s::int[], %s::bigint[]) p(_pos, id) JOIN {RECORDS} r USING (id)"
            f' JOIN "{self.resource.stage}" s USING (_pos)',
            [self._positions(np.array([row for row, _pk in records], dtype=np.int64)), [pk for _row, pk in records]],
        )

    def _positions(self, numbers: np.ndarray) -> list[int]:
        """Places in the chunk of these row numbers, which ascend there."""
        return np.searchsorted(self.checked.chunk.rows, numbers).tolist()

    def _forget(self, cursor: CursorWrapper) -> None:
        """The source counts as never accepted: older deliveries may land these keys."""
        cursor.execute(
            f"DELETE FROM {KeyVersion._meta.db_table} v USING {EFFECTS} e"
            " WHERE v.resource = %s AND v.key = e.key AND v.accepted = %s",
            [self.resource.name, self.accepted],
        )
        LandedChunk.objects.filter(source=self.source).delete()
