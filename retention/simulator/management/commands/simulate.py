import argparse
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from customers.ingest.services.loading import load_table
from retention.core import clock
from retention.simulator.parameters import DEFAULT_SEED, Spec
from retention.simulator.schema import Piece
from retention.simulator.services import simulate_operator

SOURCE = "simulator"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is not a date such as 2026-01-31") from None


class Command(BaseCommand):
    help = "Write the history of a synthetic operator, whose causes of churn are known, through the ingest."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--subscribers", type=int, required=True, help="how many, those who left on the way included"
        )
        parser.add_argument("--days", type=int, required=True, help="length of the history")
        parser.add_argument("--daily-days", type=int, default=35, help="the last so many days have daily usage")
        parser.add_argument("--until", type=_day, help="last day of the history; yesterday when not given")
        parser.add_argument("--seed", type=int, default=DEFAULT_SEED, help="the same seed gives the same operator")
        parser.add_argument("--truth", type=Path, help="folder for true causes and responses (Parquet)")

    def handle(
        self,
        *,
        subscribers: int,
        days: int,
        daily_days: int,
        until: date | None,
        seed: int,
        truth: Path | None,
        **options: Any,
    ) -> None:
        try:
            spec = Spec(subscribers, days, until or clock.yesterday(), daily_days, seed)
        except ValueError as error:
            raise CommandError(str(error)) from error
        if spec.until > clock.today():
            raise CommandError(f"--until {spec.until} lies in the future.")
        begun = time.monotonic()
        counts = self._load(simulate_operator(spec, truth))
        self.stdout.write(f"{sum(counts.values()):,} rows in {time.monotonic() - begun:.1f} s, seed {seed}.")

    def _load(self, pieces: Iterator[Piece]) -> dict[str, int]:
        """Load every table, printing a line per resource. A bad row is an error of the simulator and stops the load."""
        counts: dict[str, int] = {}
        applied = 0
        current = ""
        for resource, piece in pieces:
            if resource != current:
                self._report(current, counts.get(current, 0), applied)
                current, applied = resource, 0
            result = load_table(resource, piece, source=SOURCE, first_row=counts.get(resource, 0) + 1)
            counts[resource] = counts.get(resource, 0) + result.received
            applied += result.applied
            if result.rejected or result.waiting:
                raise CommandError(
                    f"{resource}: {result.rejected} rows rejected and {result.waiting} waiting, "
                    f"the first ones: {result.errors[:3]}"
                )
        self._report(current, counts.get(current, 0), applied)
        return counts

    def _report(self, resource: str, received: int, applied: int) -> None:
        if resource:
            self.stdout.write(f"{resource:<22} {received:>12,} rows, {applied:,} new or changed")
