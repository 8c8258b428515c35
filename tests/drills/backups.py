"""Base backups and restores of a drill's PostgreSQL, with the commands of docs/backup.md."""

import subprocess
import time
from pathlib import Path

from retention.local.servers.addresses import Addresses
from retention.local.servers.backends import postgres, processes
from retention.local.servers.backends.owner import owner_of
from tests.drills.rig import Operator, own_servers_only


def shell(command: str) -> None:
    done = subprocess.run(["/bin/sh", "-ec", command], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def start(place: Addresses) -> Operator:
    """PostgreSQL alone; it archives when WAL_ARCHIVE is set."""
    place.var_dir.mkdir(parents=True, exist_ok=True)
    with own_servers_only():
        postgres.start(place, durable=True)
    return Operator(place, place.database_url)


def back_up(place: Addresses, target: Path) -> None:
    program = postgres.programs() / "pg_basebackup"
    connection = f"--host={place.socket_dir} --username={postgres.SUPERUSER}"
    shell(f"{program} {connection} --pgdata={target} --format=tar --compress=client-gzip:1 --checkpoint=fast")


def destroy(place: Addresses) -> None:
    """The machine is gone: no shutdown, and nothing of its disk remains."""
    while found := processes.found_in(place.postgres_dir, "postgres"):
        processes.stop(found)
    shell(f"rm -rf {place.var_dir}")


def restore(place: Addresses, backup: Path, archive: Path, *, until: str = "") -> tuple[Operator, float]:
    """The server of the restored state, and the seconds until it takes writes. until: a point in time, else the end."""
    began = time.monotonic()
    target = f"recovery_target_time = '{until}'" if until else ""
    data = place.postgres_dir
    shell(
        f"""
        mkdir -p {data} && chmod 700 {data} && cd {data}
        gzip -dc {backup}/base.tar.gz | tar -x
        gzip -dc {backup}/pg_wal.tar.gz | tar -x -C pg_wal
        cat >> postgresql.auto.conf <<'END'
restore_command = 'gzip -dc {archive}/%f.gz > %p'
recovery_target_action = 'promote'
{target}
END
        touch recovery.signal
        """
    )
    if owner := owner_of(place.postgres_dir.parent):
        shell(f"chown -R {owner.uid}:{owner.gid} {data}")
    restored = start(place)
    while restored.ask("SELECT pg_is_in_recovery()")[0][0]:
        time.sleep(0.05)
    return restored, time.monotonic() - began
