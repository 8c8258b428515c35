"""Where an import stands, kept with its job in the same transaction as the rows."""

from datetime import date
from typing import Protocol

from customers.ingest.result import COUNTS, LoadResult
from retention.core.models import Job


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
    """Keeps the counts in `job.counts`. The caller holds the job (retention.core.jobs.running)."""

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
        result.months = {date.fromisoformat(month) for month in kept.get("months", [])}
        return result


def _as_json(result: LoadResult) -> dict:
    return result.counts() | {
        "last_row": result.last_row,
        "errors": result.errors,
        "months": sorted(month.isoformat() for month in result.months),
    }
