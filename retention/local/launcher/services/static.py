"""Collecting the static files only when they have changed: compressing them again costs seconds at every start."""

import hashlib
from pathlib import Path

import django
from django.core.management import call_command


def collect(source: Path, target: Path) -> bool:
    """Collect into `target` unless `source` and Django are as they were the last time; True when collected."""
    stamp = target / ".collected"
    print_ = fingerprint(source)
    if stamp.exists() and stamp.read_text() == print_:
        return False
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    target.mkdir(parents=True, exist_ok=True)
    stamp.write_text(print_)
    return True


def fingerprint(source: Path) -> str:
    """A digest of every file's path, size and time under `source`, and of Django's version (it brings the admin's)."""
    digest = hashlib.sha256(django.get_version().encode())
    for file in sorted(source.rglob("*")):
        status = file.stat()
        digest.update(f"{file.relative_to(source)} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()
