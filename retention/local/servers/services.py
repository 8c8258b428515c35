"""Both embedded servers together: start, stop, status. One process at a time changes them."""

import fcntl
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from retention.local.servers.addresses import Addresses
from retention.local.servers.backends import postgres, valkey
from retention.local.servers.backends.owner import EmbeddedError

SERVERS = {"postgres": postgres, "valkey": valkey}
NEEDED_BYTES = 64 << 20  # PostgreSQL writes a log segment of 16 MB before it answers
LAUNCH_MARKER = "started-by-launch"  # a file in var: the servers run only for `manage.py launch` and end with it
URL_VARIABLES = {"postgres": "DATABASE_URL", "valkey": "REDIS_URL"}


def urls(place: Addresses, environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """{server: the address in use}: the configured one, else that of the embedded server."""
    own = {"postgres": lambda: place.database_url, "valkey": lambda: place.redis_url}
    return {name: environment.get(URL_VARIABLES[name]) or own[name]() for name in SERVERS}


def wanted(environment: Mapping[str, str] = os.environ) -> list[str]:
    """The servers without a configured address: these run embedded."""
    return [name for name, variable in URL_VARIABLES.items() if not environment.get(variable)]


def running(place: Addresses, environment: Mapping[str, str] = os.environ) -> dict[str, bool]:
    """{server: whether it answers}, configured ones included."""
    return {name: SERVERS[name].answers(url) for name, url in urls(place, environment).items()}


def up(place: Addresses, *, durable: bool = True) -> list[str]:
    """Start the wanted servers that do not answer; returns once they do, with the names of those that were started."""
    if not _missing(place):
        return []
    with _lock(place):
        missing = _missing(place)
        for name in missing:
            _start(place, name, durable=durable)
    return missing


def _start(place: Addresses, name: str, *, durable: bool) -> None:
    """Start a server. EmbeddedError when it does not start; a disk without space is named as the cause."""
    try:
        SERVERS[name].start(place, durable=durable)
    except (EmbeddedError, OSError) as error:
        free = shutil.disk_usage(place.var_dir).free
        if free < NEEDED_BYTES:
            full = f"the disk of {place.var_dir} is full ({free >> 20} MB free)"
            raise EmbeddedError(f"{name} cannot start: {full}. Make room and try again.") from error
        raise


def down(place: Addresses) -> None:
    """End the embedded servers; no error when they do not run. Configured servers are not touched."""
    with _lock(place):
        for name in SERVERS:
            SERVERS[name].stop(place)


def _missing(place: Addresses) -> list[str]:
    here = urls(place, {})
    return [name for name in wanted() if not SERVERS[name].answers(here[name])]


@contextmanager
def _lock(place: Addresses) -> Iterator[None]:
    """Wait for the file lock of `var`. A killed holder releases it."""
    place.var_dir.mkdir(parents=True, exist_ok=True)
    with (place.var_dir / "services.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
