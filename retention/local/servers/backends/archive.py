"""Archiving of the embedded PostgreSQL's write-ahead log (WAL_ARCHIVE), for restores to a point in time."""

import shlex
from collections.abc import Mapping
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from retention import env
from retention.local.servers.backends.owner import Owner

# What may be lost with the machine: the time until a segment is closed, and a few seconds for compressing it.
SEGMENT_SECONDS = 30


def archive_folder() -> Path | None:
    """The folder for closed segments; None without WAL_ARCHIVE."""
    folder = env.text("WAL_ARCHIVE")
    if folder and not Path(folder).is_absolute():
        raise ImproperlyConfigured(f"WAL_ARCHIVE must be an absolute path, not {folder!r}")
    return Path(folder) if folder else None


def prepare(folder: Path, owner: Owner | None) -> None:
    """Make the folder, for the server's user alone."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if owner:
        owner.take(folder)
        owner.let_through(folder)


def settings(folder: Path) -> Mapping[str, object]:
    """Of postgresql.conf. A segment of the same name is accepted when it has the same content, and never replaced."""
    file = shlex.quote(str(folder).replace("%", "%%")) + "/%f.gz"
    known = f"test -f {file} && gzip -dc {file} | cmp -s - %p"
    stored = f"test ! -f {file} && gzip -1 < %p > {file}.part && sync {file}.part && mv {file}.part {file}"
    seconds = env.number("WAL_ARCHIVE_SECONDS", SEGMENT_SECONDS)
    return {
        "archive_mode": "on",
        "archive_timeout": f"{seconds}s",
        "archive_command": f"{{ {known}; }} || {{ {stored}; }}",
    }
