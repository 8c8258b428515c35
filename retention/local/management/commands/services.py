import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from retention.local.servers import services as servers
from retention.local.servers.addresses import addresses
from retention.local.servers.backends.owner import EmbeddedError


class Command(BaseCommand):
    help = "Start, end or show the embedded PostgreSQL and Valkey. Needs no database."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["up", "down", "status"])
        parser.add_argument("--json", action="store_true", help="end with one line of JSON")

    def handle(self, *, action: str, json: bool, **options: Any) -> None:
        place = addresses(settings.VAR_DIR)
        try:
            if action == "up":
                servers.up(place)
                (place.var_dir / servers.LAUNCH_MARKER).unlink(missing_ok=True)
            elif action == "down":
                servers.down(place)
        except EmbeddedError as error:
            raise CommandError(str(error)) from error
        self._show(servers.urls(place), servers.running(place), as_json=json)

    def _show(self, urls: dict[str, str], running: dict[str, bool], *, as_json: bool) -> None:
        states = {name: "up" if answers else "down" for name, answers in running.items()}
        if as_json:
            shown = {"database_url": urls["postgres"], "redis_url": urls["valkey"], **states}
            self.stdout.write(json.dumps(shown))
            return
        for name, state in states.items():
            self.stdout.write(f"{name:<9}{state:<6}{urls[name]}")
