"""The result of a load, and its progress kept with the job in the same transaction as the rows."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from customers.ingest.services.outcomes import RowOutcome
from customers.ingest.validators.rows import Checked, count_bad_rows
from retention.core.jobs.models import Job

MAX_REPORTED_ERRORS = 20
COUNTS = ("received", "applied", "unchanged", "waiting", "rejected")


@dataclass
class LoadResult:
    """Result of a load. received = applied + unchanged + waiting + rejected (unless held: then nothing was applied).

    notes: sentences about the source (its encoding). error: why it could not be read to its end, else "".
    errors: the first problems, as {"row", "field", "code", "message"}. months: partition months that got rows.
    accepted: the source's place in the order of acceptance; None when each chunk is accepted as it lands.
    records: what the source changes is kept, so that it can be taken back.
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
    accepted: int | None = None
    records: bool = False

    def add(self, checked: Checked, *, applied: int) -> None:
        rejected, waiting = count_bad_rows(checked.problems), len(checked.waiting)
        received = len(checked.chunk.rows) + len(checked.chunk.defects)
        self.received += received
        self.rejected += rejected
        self.waiting += waiting
        self.applied += applied
        self.unchanged += 0 if self.held else received - rejected - waiting - applied
        self.last_row = max(self.last_row, checked.chunk.last)
        self.errors += [p.as_dict() for p in checked.problems[: MAX_REPORTED_ERRORS - len(self.errors)]]

    def settle(self, outcomes: Iterable[RowOutcome]) -> None:
        """Count rows of this source that waited until a later row of it took their place."""
        own = sum(1 for outcome in outcomes if outcome.source == self.source)
        self.waiting -= own
        self.unchanged += own

    def counts(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in COUNTS}


class Progress(Protocol):
    def save(self, result: LoadResult) -> None:
        """Inside a chunk's transaction."""

    def committed(self, result: LoadResult) -> None:
        """After it."""

    def restored(self, result: LoadResult) -> LoadResult:
        """The result with the counts of an earlier, interrupted attempt."""


class NoProgress:
    def save(self, result: LoadResult) -> None: ...

    def committed(self, result: LoadResult) -> None: ...

    def restored(self, result: LoadResult) -> LoadResult:
        return result


class JobProgress:
    """Keeps the counts in `job.counts`. The caller holds the job (retention.core.jobs.services.running)."""

    def __init__(self, job: Job) -> None:
        self._job = job

    def save(self, result: LoadResult) -> None:
        Job.objects.filter(pk=self._job.pk).update(counts=_as_json(result))

    def committed(self, result: LoadResult) -> None:
        # Not earlier: the job is saved whole when a chunk fails, and must not claim its rows then.
        self._job.counts = _as_json(result)

    def restored(self, result: LoadResult) -> LoadResult:
        kept = self._job.counts
        for name in (*COUNTS, "last_row"):
            setattr(result, name, kept.get(name, 0))
        result.errors = list(kept.get("errors", []))
        result.accepted = kept.get("accepted")
        result.months = {date.fromisoformat(month) for month in kept.get("months", [])}
        return result


def _as_json(result: LoadResult) -> dict:
    return result.counts() | {
        "last_row": result.last_row,
        "accepted": result.accepted,
        "errors": result.errors,
        "months": sorted(month.isoformat() for month in result.months),
    }
