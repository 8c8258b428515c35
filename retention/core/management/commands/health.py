import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from retention.core import clock
from retention.core.health import services as health


class Command(BaseCommand):
    help = "Show readiness (database, broker, migrations) and consumption (worker); exit status 1 when a part fails."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("which", choices=["ready", "consuming"])

    def handle(self, *, which: str, **options: Any) -> None:
        parts = health.readiness() if which == "ready" else health.consumption(now=clock.now())
        for part, state in parts.items():
            self.stdout.write(f"{part:<12}{state}")
        if set(parts.values()) != {"ok"}:
            sys.exit(1)
