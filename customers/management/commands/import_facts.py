"""manage.py import_facts RESOURCE FILE: one resource's facts from a file, as the billing API would take them."""

import json
import time
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from customers.ingest.resources import RESOURCES, resource_named
from customers.ingest.services.files import import_job, load_file
from customers.ingest.services.mapping.document import read_mapping
from customers.ingest.services.progress import LoadResult
from retention.core import clock
from retention.core.errors import DomainError
from retention.core.jobs.models import Job
from retention.core.jobs.services import running


class Command(BaseCommand):
    help = (
        "Load facts from a CSV, NDJSON, JSON array or Parquet file (gzip allowed). Good rows land, bad rows are kept "
        "with their reason; the same file again changes nothing, and an interrupted import goes on where it was. "
        f"Resources: {', '.join(RESOURCES)}."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("resource")
        parser.add_argument("file", type=Path)
        parser.add_argument("--mapping", type=Path, help="TOML file that makes the resource's columns of this file's")
        parser.add_argument("--given-day", type=date.fromisoformat, help="replaces given_day of the mapping")
        parser.add_argument("--declare", action="store_true", help="declare unknown custom fields (attributes)")
        parser.add_argument("--json", action="store_true", help="only the result, as one line of JSON")

    def handle(self, *, resource: str, file: Path, json: bool, **options: Any) -> None:
        began = time.monotonic()
        try:
            result = self._load(resource, file, **options)
        except DomainError as error:
            raise CommandError(str(error.message)) from None
        summary = _summary(result, time.monotonic() - began)
        if not json:
            self._tell(result, summary["seconds"])
        self.stdout.write(_line(summary))
        if result.error:
            raise CommandError(result.error)

    def _load(
        self, resource: str, file: Path, *, mapping: Path | None, given_day: date | None, declare: bool, **_: object
    ) -> LoadResult:
        resource_named(resource)
        how = read_mapping(mapping, given_day=given_day) if mapping else None
        job = import_job(resource, file, how, today=clock.today())
        with running(job):
            result = load_file(resource, file, mapping=how, declare=declare, job=job)
            if result.error:
                job.state, job.error = Job.State.FAILED, result.error
            elif result.rejected:
                job.state = Job.State.GAPS
        return result

    def _tell(self, result: LoadResult, seconds: float) -> None:
        for note in result.notes:
            self.stdout.write(note)
        for error in result.errors:
            self.stdout.write(str(error["message"]))
        counts = ", ".join(f"{count:,} {name}" for name, count in result.counts().items())
        self.stdout.write(f"{result.resource}: {counts} in {seconds} s.")


def _summary(result: LoadResult, seconds: float) -> dict:
    return {
        "resource": result.resource,
        **result.counts(),
        "seconds": round(seconds, 2),
        "notes": [*result.notes, *([result.error] if result.error else [])],
        "errors": result.errors,
    }


def _line(summary: dict) -> str:
    return json.dumps(summary, ensure_ascii=False)
