import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import to_locale

from retention.core.management import translations

SHOWN = 40


class Command(BaseCommand):
    help = "Fail on strings that are not translated, fuzzy, missing from the catalogue or not compiled."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--compile", action="store_true", help="write the compiled catalogues (.mo) first")

    def handle(self, **options: Any) -> None:
        folder = Path(settings.LOCALE_PATHS[0])
        locales = [to_locale(code) for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
        if not translations.can_extract():
            self.stdout.write(
                "skipped: strings missing from the catalogues (xgettext of the package gettext is not there)"
            )
        failed = False
        for file in translations.catalogues(folder, locales):
            if options["compile"] and file.exists():
                translations.compile_catalogue(file)
            failed |= self._report(file, self._problems(file, locale=file.parent.parent.name))
        if failed:
            sys.exit(1)

    def _problems(self, file: Path, *, locale: str) -> list[str]:
        found = translations.problems(file)
        if translations.can_extract():
            found += translations.differences(settings.BASE_DIR, file, locale)
        return found

    def _report(self, file: Path, found: list[str]) -> bool:
        name = file.relative_to(settings.BASE_DIR)
        self.stdout.write(f"{name}: {len(found)} problems" if found else f"{name}: complete")
        for problem in found[:SHOWN]:
            self.stdout.write(f"    {problem}")
        if len(found) > SHOWN:
            self.stdout.write(f"    and {len(found) - SHOWN} more")
        return bool(found)
