"""Is every visible string translated? Reads the catalogues with polib, so that only extracting needs gettext itself."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import polib
from django.conf import settings

# %(name)s, %s, {name} and {}: what the translation must hold as the original does.
PLACE = re.compile(r"%\(\w+\)[sdif]|%[sd]|\{\w*\}")

Key = tuple[str, str]  # (context, English text)


def catalogues(folder: Path, locales: list[str]) -> Iterator[Path]:
    """Every .po file of these locales; Django's own domain is expected for each."""
    for locale in locales:
        messages = folder / locale / "LC_MESSAGES"
        yield messages / "django.po"
        yield from sorted(set(messages.glob("*.po")) - {messages / "django.po"})


def problems(file: Path) -> list[str]:
    """What is wrong with one catalogue and its compiled form, a sentence each."""
    if not file.exists():
        return [f"{file.name} is missing: run makemessages, translate, then check_translations --compile."]
    catalogue = polib.pofile(str(file))
    found = [f"not translated: {entry.msgid!r}" for entry in catalogue.untranslated_entries()]
    found += [f"fuzzy: {entry.msgid!r}" for entry in catalogue.fuzzy_entries()]
    found += [
        f"another placeholder: {entry.msgid!r}" for entry in catalogue.translated_entries() if not _same_places(entry)
    ]
    if not _is_compiled(file, catalogue):
        found.append("the compiled catalogue (.mo) is missing or older: run check_translations --compile.")
    return found


def compile_catalogue(file: Path) -> None:
    polib.pofile(str(file)).save_as_mofile(str(file.with_suffix(".mo")))


def can_extract() -> bool:
    return shutil.which("xgettext") is not None


def differences(base: Path, file: Path, locale: str) -> list[str]:
    """Strings that the sources have and the catalogue lacks, and the other way round. Needs xgettext."""
    if not file.exists():
        return []
    wanted, there = _extracted(base, file.stem, locale), _keys(file)
    found = [f"not in the catalogue: {text!r}" for _, text in sorted(wanted - there)]
    return found + [f"no longer used: {text!r}" for _, text in sorted(there - wanted)]


def _extracted(base: Path, domain: str, locale: str) -> set[Key]:
    """The keys that makemessages finds, run on a copy: it writes where it reads."""
    with tempfile.TemporaryDirectory() as copy:
        for source in (*settings.OWN_PACKAGES, "templates", "static/js"):
            if (base / source).is_dir():
                shutil.copytree(base / source, Path(copy, source), ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
        Path(copy, "locale").mkdir()
        command = [sys.executable, "-m", "django", "makemessages", "--locale", locale, "--domain", domain]
        environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        subprocess.run(command, cwd=copy, env=environment, check=True, stdout=subprocess.DEVNULL)
        return _keys(Path(copy, "locale", locale, "LC_MESSAGES", f"{domain}.po"))


def _keys(file: Path) -> set[Key]:
    return {(entry.msgctxt or "", entry.msgid) for entry in polib.pofile(str(file)) if not entry.obsolete}


def _same_places(entry: polib.POEntry) -> bool:
    """Each translated form holds the places of the singular or of the plural original."""
    originals = {frozenset(PLACE.findall(text)) for text in (entry.msgid, entry.msgid_plural) if text}
    texts = entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]
    return all(frozenset(PLACE.findall(text)) in originals for text in texts)


def _is_compiled(file: Path, catalogue: polib.POFile) -> bool:
    binary = file.with_suffix(".mo")
    if not binary.exists():
        return False
    return _translations(polib.mofile(str(binary))) == _translations(catalogue)


def _translations(entries: polib.POFile | polib.MOFile) -> dict[Key, object]:
    return {
        (entry.msgctxt or "", entry.msgid): entry.msgstr
        or {int(form): text for form, text in entry.msgstr_plural.items()}
        for entry in entries.translated_entries()
    }
