from typing import Any

from django.core.management.base import BaseCommand, CommandError

from retention.core.management.migrations import unsafe_statements


class Command(BaseCommand):
    help = "Fail on migrations that would lock large tables for long: squawk reads the SQL of all that are new."
    requires_system_checks: list[str] = []

    def handle(self, **options: Any) -> None:
        findings = unsafe_statements()
        for one in findings:
            self.stdout.write(f"{one.migration}:{one.line} {one.rule}: {one.message} {one.help}".rstrip())
        if findings:
            raise CommandError(f"{len(findings)} statements of migrations are not lock-safe.")
        self.stdout.write("migrations: lock-safe")
