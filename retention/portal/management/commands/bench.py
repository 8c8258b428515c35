"""manage.py bench: speed of the product's work on this machine, beside plain tools on the same rows."""

import json
from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from bench import BENCHMARKS, table
from bench.database import own_database
from retention.core import clock
from retention.core.errors import DomainError

DEFAULT_SUBSCRIBERS = 20_000


class Command(BaseCommand):
    help = (
        "Measure one benchmark, or all of them (then bench/latest.json is written). Works on a database of its own "
        "beside the operator's, which is dropped at the end."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", nargs="?", choices=[*BENCHMARKS], help="all of them when not given")
        parser.add_argument("--subscribers", type=int, default=DEFAULT_SUBSCRIBERS)
        parser.add_argument("--keep", action="store_true", help="keep the database for the next benchmark")
        parser.add_argument("--json", action="store_true", help="end with the figures as one line of JSON")

    def handle(self, *, name: str | None, subscribers: int, keep: bool, json: bool, **options: object) -> None:
        if subscribers < 1:
            raise CommandError("--subscribers must be at least 1.")
        found = {}
        try:
            with own_database(subscribers=subscribers, keep=keep):
                for one in [name] if name else BENCHMARKS:
                    found[one] = BENCHMARKS[one](subscribers)
                    self.stdout.write("\n".join([table.line(one, found[one]), *table.details(found[one])]))
        except DomainError as error:
            raise CommandError(str(error.message)) from error
        report = {"at": clock.now().isoformat(timespec="seconds"), "subscribers": subscribers, "benchmarks": found}
        if name is None:
            (Path(settings.BASE_DIR) / "bench" / "latest.json").write_text(_dump(report, indent=2) + "\n")
        if json:
            self.stdout.write(
                _dump(report if name is None else {"benchmark": name, "subscribers": subscribers} | found[name])
            )


def _dump(report: dict, indent: int | None = None) -> str:
    return json.dumps(report, ensure_ascii=False, default=str, indent=indent)
