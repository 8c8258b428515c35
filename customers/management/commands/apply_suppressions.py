"""manage.py apply_suppressions FILE: what export_suppressions wrote, into a restored database; then sending goes on."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from customers.suppressions.services import Applied, allow_without_suppressions, apply_suppressions
from retention.core import clock
from retention.core.errors import DomainError
from retention.core.restores.queries import is_restored


class Command(BaseCommand):
    help = (
        "After a restore: apply the opt-outs, withdrawn consents, list entries and closed accesses that are newer. "
        "Until then nothing is sent and no order is opened. Good rows land, the others are named and keep "
        "sending held; the same file again changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, nargs="?")
        parser.add_argument("--accept-rejected", action="store_true", help="send again although rows were rejected")
        parser.add_argument(
            "--nothing-newer", metavar="REASON", help="send again without a file; the reason is audited"
        )
        parser.add_argument("--json", action="store_true", dest="as_json", help="the result as one line of JSON")

    def handle(self, *, file: Path | None, nothing_newer: str | None, **options: Any) -> None:
        if (file is None) == (nothing_newer is None):
            raise CommandError("Give the file that export_suppressions wrote, or --nothing-newer with the reason.")
        try:
            if file is None:
                allow_without_suppressions(reason=nothing_newer or "", now=clock.now())
            else:
                self._apply(file, **options)
        except DomainError as error:
            raise CommandError(str(error.message)) from error

    def _apply(self, file: Path, *, accept_rejected: bool, as_json: bool, **options: Any) -> None:
        try:
            lines = file.read_text(encoding="utf-8", errors="replace").split("\n")
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        found = apply_suppressions(
            lines=[line for line in lines if line.strip()], now=clock.now(), accept_rejected=accept_rejected
        )
        self._tell(found, as_json=as_json)
        if found.rejected and not accept_rejected:
            held = "Sending stays held." if is_restored() else "Sending was not held."
            raise CommandError(f"{found.rejected:,} of {found.rows:,} rows were rejected. {held}")

    def _tell(self, found: Applied, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(vars(found), ensure_ascii=False))
            return
        for problem in found.rejections:
            self.stdout.write(f"row {problem['row']}: {problem['field']} {problem['code']}")
        counts = ", ".join(f"{count:,} {kind}" for kind, count in found.applied.items())
        self.stdout.write(f"{found.rows:,} rows: {counts} applied, {found.rejected:,} rejected.")
