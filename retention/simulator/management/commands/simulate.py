import argparse
import time
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from retention.core import clock
from retention.core.errors import Invalid
from retention.simulator.loading import load_pieces
from retention.simulator.parameters import DEFAULT_SEED, Spec
from retention.simulator.services import simulate_operator


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
        try:
            rows = load_pieces(simulate_operator(spec, truth), self._report)
        except Invalid as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{rows:,} rows in {time.monotonic() - begun:.1f} s, seed {seed}.")

    def _report(self, resource: str, received: int, applied: int) -> None:
        self.stdout.write(f"{resource:<22} {received:>12,} rows, {applied:,} new or changed")
