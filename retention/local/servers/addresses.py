"""Addresses of the embedded servers of one `var` folder. Standard library only: settings imports this first."""

import hashlib
import json
import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

ROLE = DATABASE = "retention"
# Below the range that the system uses for outgoing connections (32768 and up).
PORTS = range(20_000, 32_000)
CACHE_SCHEMES = {"redis", "rediss"}


@dataclass(frozen=True)
class Addresses:
    var_dir: Path

    @property
    def postgres_dir(self) -> Path:
        return self.var_dir / "postgres"

    @property
    def valkey_dir(self) -> Path:
        return self.var_dir / "valkey"

    @property
    def socket_dir(self) -> Path:
        """Short and free of spaces whatever the path of `var`: a socket's path may have 107 characters at most."""
        digest = hashlib.sha256(os.fsencode(self.var_dir)).hexdigest()[:12]
        return Path("/tmp") / f"retention-{digest}"  # noqa: S108  (made with mode 700, refused when someone else's)

    @property
    def database_url(self) -> str:
        return f"postgresql://{ROLE}@/{DATABASE}?host={self.socket_dir}"

    @property
    def redis_url(self) -> str:
        """The broker's address. The first call chooses port and password and keeps them in `var`."""
        place = self.valkey_place()
        return f"redis://:{place['password']}@127.0.0.1:{place['port']}/0"

    @staticmethod
    def cache_url(redis_url: str) -> str:
        """The cache's address: the database after the broker's on the same server."""
        parts = urlsplit(redis_url)
        number = parts.path.strip("/") or "0"
        if parts.scheme not in CACHE_SCHEMES or not number.isdigit():
            raise ImproperlyConfigured("REDIS_URL must look like redis://:password@host:6379/0")
        return parts._replace(path=f"/{(int(number) + 1) % 16}").geturl()

    @property
    def secret_key(self) -> str:
        """A signing key for the demo on this machine, made at the first call."""
        file = self.var_dir / "secret_key"
        with _own_folder(self.var_dir):
            if not file.exists():
                _write_once(file, secrets.token_urlsafe(60))
            return file.read_text()

    def valkey_place(self) -> dict:
        """{"var", "port", "password"}. A copy of the folder elsewhere does not inherit its original's place."""
        file = self.var_dir / "valkey.json"
        with _own_folder(self.var_dir):
            place = _read(file)
            if place is not None and place.get("var") != str(self.var_dir):
                file.unlink(missing_ok=True)
                place = None
            if place is None:
                fresh = {"var": str(self.var_dir), "port": _free_port(), "password": secrets.token_urlsafe(24)}
                _write_once(file, json.dumps(fresh))
                place = _read(file) or fresh
            return place

    def move_valkey(self) -> None:
        """Choose another port: another server occupies the remembered one."""
        (self.var_dir / "valkey.json").unlink(missing_ok=True)


def addresses(var_dir: Path) -> Addresses:
    """The addresses that belong to this `var` folder; always the same for the same path."""
    return Addresses(Path(var_dir).resolve())


@contextmanager
def _own_folder(folder: Path) -> Iterator[None]:
    try:
        yield
    except PermissionError as error:
        raise ImproperlyConfigured(
            f"{folder} belongs to another user: run as that user, or set RETENTION_VAR to a folder of your own."
        ) from error


def _read(file: Path) -> dict | None:
    """None when there is no such file, empty when it is damaged."""
    try:
        return json.loads(file.read_text())
    except FileNotFoundError:
        return None
    except ValueError:
        return {}


def _write_once(file: Path, text: str) -> None:
    """Write the file with mode 600 unless another process has just done so. Atomic: readers never get a part of it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("w", dir=file.parent, prefix=f".{file.name}.") as draft:
        draft.write(text)
        draft.flush()
        with suppress(FileExistsError):
            os.link(draft.name, file)


def _free_port() -> int:
    while True:
        port = secrets.choice(PORTS)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
