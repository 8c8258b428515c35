"""Drills on real servers: started twice, killed, with a stranger's leftovers in the way."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg2
import pytest
import redis

from retention import env
from retention.local.servers import services as servers
from retention.local.servers.addresses import Addresses, addresses
from retention.local.servers.backends import postgres, processes, valkey
from retention.local.servers.backends.owner import EmbeddedError

pytestmark = pytest.mark.drill
BOTH = {"postgres": True, "valkey": True}


@pytest.fixture(autouse=True)
def no_given_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)


@pytest.fixture
def place(own_folder: Path) -> Iterator[Addresses]:
    place = addresses(own_folder / "a folder 'with' $pace")
    yield place
    servers.down(place)
    assert not place.socket_dir.exists()


def found(place: Addresses) -> list:
    return processes.found_in(place.postgres_dir, "postgres") + processes.found_in(place.valkey_dir, "valkey-server")


def kill(place: Addresses) -> None:
    """All at once, as a power cut of the container does, and whatever a dying server had just started."""
    while living := found(place):
        processes.stop(living)


def write(place: Addresses, text: str) -> None:
    connection = psycopg2.connect(place.database_url)
    with connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS kept (text text)")
        cursor.execute("INSERT INTO kept VALUES (%s)", [text])
    connection.close()
    with redis.Redis.from_url(place.redis_url) as client:
        client.rpush("kept", text)


def read(place: Addresses) -> tuple[list[str], list[str]]:
    connection = psycopg2.connect(place.database_url)
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT text FROM kept")
        rows = [row[0] for row in cursor.fetchall()]
    connection.close()
    with redis.Redis.from_url(place.redis_url) as client:
        return rows, [item.decode() for item in client.lrange("kept", 0, -1)]


def test_what_was_written_survives_a_stop_and_a_kill(place: Addresses):
    assert sorted(servers.up(place)) == ["postgres", "valkey"]
    write(place, "before the stop")
    servers.down(place)
    assert not found(place)
    servers.up(place)
    write(place, "before the kill 号码")
    with redis.Redis.from_url(place.redis_url) as client:
        client.execute_command("WAITAOF", 1, 0, 5000)  # up to a second may be lost; this is not about that second
    kill(place)
    assert servers.running(place) == {"postgres": False, "valkey": False}
    servers.up(place)
    assert read(place) == (["before the stop", "before the kill 号码"],) * 2


def test_starting_again_starts_nothing(place: Addresses):
    servers.up(place)
    before = (place.postgres_dir / "postmaster.pid").read_text()
    assert servers.up(place) == []
    assert (place.postgres_dir / "postmaster.pid").read_text() == before


def test_two_starters_at_once_make_one_pair(place: Addresses):
    with ThreadPoolExecutor(4) as pool:
        started = list(pool.map(lambda _: servers.up(place), range(4)))
    assert sorted(name for names in started for name in names) == ["postgres", "valkey"]
    assert len(processes.found_in(place.valkey_dir, "valkey-server")) == 1


def test_leftover_pid_and_socket_files_of_a_living_stranger_are_no_obstacle(place: Addresses):
    servers.up(place)
    kill(place)
    stranger = str(os.getpid())
    (place.postgres_dir / "postmaster.pid").write_text(f"{stranger}\n{place.postgres_dir}\n1\n5432\n")
    (place.socket_dir / ".s.PGSQL.5432.lock").write_text(f"{stranger}\n")
    servers.up(place)
    assert servers.running(place) == BOTH


def test_a_stopped_postmaster_with_a_busy_session_left_over_is_replaced(place: Addresses):
    servers.up(place)
    session = psycopg2.connect(place.database_url)
    busy = threading.Thread(target=_count_until_cut_off, args=[session])
    busy.start()
    os.kill(int((place.postgres_dir / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    servers.up(place)
    busy.join(30)
    assert not busy.is_alive()
    assert servers.running(place) == BOTH


def _count_until_cut_off(session) -> None:
    with pytest.raises(psycopg2.Error), session.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM generate_series(1, 10000000000)")


def test_deleting_the_folder_under_running_servers_begins_anew(place: Addresses):
    servers.up(place)
    write(place, "old")
    shutil.rmtree(place.var_dir)
    servers.up(place)
    write(place, "new")
    assert read(place) == (["new"], ["new"])
    assert len(processes.found_in(place.postgres_dir, "postgres")) < 20  # the old server is gone


def test_a_start_killed_half_way_leaves_no_obstacle(place: Addresses):
    starter = subprocess.Popen([sys.executable, str(env.ROOT / "manage.py"), "services", "up"], env=child(place))
    wait_until(lambda: list(place.var_dir.glob("postgres.new-*")))
    starter.kill()
    starter.wait()
    assert not postgres.answers(place.database_url)
    servers.up(place)
    assert servers.running(place) == BOTH
    assert not list(place.var_dir.glob("postgres.new-*"))


def child(place: Addresses) -> dict[str, str]:
    return os.environ | {"RETENTION_VAR": str(place.var_dir)}


def wait_until(happened: Callable[[], object]) -> None:
    end = time.monotonic() + 120
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.005)


def test_the_command_prints_usable_addresses_as_its_last_line(place: Addresses):
    def services(*arguments: str) -> dict:
        command = [sys.executable, str(env.ROOT / "manage.py"), "services", *arguments, "--json"]
        ran = subprocess.run(command, env=child(place), capture_output=True, text=True, check=True)
        return json.loads(ran.stdout.splitlines()[-1])

    assert {services("status")[name] for name in BOTH} == {"down"}
    shown = services("up")
    assert {shown[name] for name in BOTH} == {"up"}
    psycopg2.connect(shown["database_url"]).close()
    with redis.Redis.from_url(shown["redis_url"]) as client:
        assert client.ping()
    assert {services("down")[name] for name in BOTH} == {"down"}


def test_valkey_moves_when_a_stranger_has_its_port(place: Addresses):
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", place.valkey_place()["port"]))
        stranger.listen()
        place.var_dir.mkdir(parents=True, exist_ok=True)
        valkey.start(place, durable=False)
        assert valkey.answers(place.redis_url)


def test_a_given_server_is_neither_started_nor_hidden(place: Addresses, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    assert servers.up(place) == ["valkey"]
    assert servers.urls(place)["postgres"] == "postgresql://nobody@127.0.0.1:1/nothing"
    assert servers.running(place) == {"postgres": False, "valkey": True}


def test_the_database_sorts_by_code_point_and_knows_the_trusted_extensions(place: Addresses):
    servers.up(place)
    connection = psycopg2.connect(place.database_url)
    with connection, connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION pg_trgm; SHOW server_encoding")
        assert cursor.fetchone() == ("UTF8",)
        cursor.execute("SELECT upper('é'), 'a' < 'B' COLLATE \"default\"")
        assert cursor.fetchone() == ("É", False)
    connection.close()


def test_a_message_says_why_postgres_does_not_start(place: Addresses):
    servers.up(place)
    servers.down(place)
    (place.postgres_dir / "global" / "pg_control").unlink()
    with pytest.raises(EmbeddedError, match="pg_control"):
        postgres.start(place, durable=False)


def test_a_full_disk_is_named(place: Addresses, monkeypatch: pytest.MonkeyPatch):
    def no_space(*args: object, **kwargs: object) -> None:
        raise EmbeddedError("PostgreSQL did not start.")

    monkeypatch.setattr(postgres, "start", no_space)
    monkeypatch.setattr(servers.shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10, 10, 0))
    with pytest.raises(EmbeddedError, match="disk of .* is full"):
        servers.up(place)
