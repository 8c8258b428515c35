"""manage.py export_suppressions FILE: opt-outs, withdrawn consents, list entries and closed accesses, for a restore."""

import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from customers.suppressions.queries import suppressions
from retention.core import clock


class Command(BaseCommand):
    help = (
        "Write all opt-outs, withdrawn consents, list entries in force and closed accesses of this database to a file "
        "(a JSON object a line, mode 600), for apply_suppressions after a restore."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **options: Any) -> None:
        draft = file.with_name(f"{file.name}.part")
        rows = 0
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as output:
            for line in suppressions(today=clock.today()):
                output.write(line + "\n")
                rows += 1
            output.flush()
            os.fsync(output.fileno())
        draft.replace(file)
        self.stdout.write(f"{rows:,} rows in {file}.")
