"""How a load went."""

from dataclasses import dataclass, field
from datetime import date

from customers.ingest.validation import Checked, bad_rows

ERRORS_SHOWN = 20
COUNTS = ("received", "applied", "unchanged", "waiting", "rejected")


@dataclass
class LoadResult:
    """How a load went. received = applied + unchanged + waiting + rejected (unless held: then nothing was applied).

    notes: sentences about the source (its encoding). error: why it could not be read to its end, else "".
    errors: the first problems, as {"row", "field", "code", "message"}. months: partition months that got rows.
    """

    resource: str
    source: str
    received: int = 0
    applied: int = 0
    unchanged: int = 0
    waiting: int = 0
    rejected: int = 0
    last_row: int = 0
    held: bool = False
    error: str = ""
    notes: list[str] = field(default_factory=list)
    errors: list[dict[str, object]] = field(default_factory=list)
    months: set[date] = field(default_factory=set)

    def add(self, checked: Checked, *, applied: int) -> None:
        rejected, waiting = bad_rows(checked.problems), len(checked.waiting)
        received = len(checked.chunk.rows) + len(checked.chunk.defects)
        self.received += received
        self.rejected += rejected
        self.waiting += waiting
        self.applied += applied
        self.unchanged += 0 if self.held else received - rejected - waiting - applied
        self.last_row = max(self.last_row, checked.chunk.last)
        self.errors += [p.as_dict() for p in checked.problems[: ERRORS_SHOWN - len(self.errors)]]

    def counts(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in COUNTS}
