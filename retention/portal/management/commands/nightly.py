import json
from datetime import date

from django.core.management.base import BaseCommand, CommandError, CommandParser

from retention import pipeline
from retention.core import clock
from retention.core.errors import DomainError
from retention.core.jobs.queries import step_report


class Command(BaseCommand):
    help = (
        "The whole nightly run, in order, in this process. Running it twice for a date changes nothing; a date before"
        " the newest night rebuilds history only."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--as-of", type=date.fromisoformat, help="the day to close; yesterday when not given")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: object, as_of: date | None, json: bool, **options: object) -> None:
        as_of = as_of or clock.yesterday()
        try:
            report = step_report(pipeline.run_nightly(as_of=as_of))
        except DomainError as error:
            raise CommandError(str(error.message)) from error
        for step in report["steps"]:
            done = f"{step['step']:<12} {step['rows']:>12,} rows {step['seconds']:>8.2f} s"
            self.stdout.write(f"{done} {step['rows_per_second']:>12,} rows/s")
        self.stdout.write(f"{as_of} {report['state']} in {report['seconds']} s")
        for fact, why in report.get("held", {}).items():
            self.stdout.write(f"held: {fact}: {why}")
        if newer := report.get("history_only"):
            self.stdout.write(f"history only: profile, scores, orders and lists stay as the night of {newer} left them")
        if json:
            self.stdout.write(_dump(report))


def _dump(report: dict) -> str:
    return json.dumps(report, ensure_ascii=False, default=str)
