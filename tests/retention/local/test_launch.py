"""What `make run` says when it cannot, and what it leaves behind when it could."""

import fcntl
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from retention import env
from retention.local.servers.addresses import addresses
from retention.local.servers.backends import processes
from tests.retention.local.conftest import own_place


def launch(var: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    given = {"RETENTION_VAR": str(var), "RETENTION_LOCAL": "1", "DEMO_SUBSCRIBERS": "0"}
    command = [sys.executable, str(env.ROOT / "manage.py"), "launch"]
    return subprocess.run(command, env=os.environ | given | environment, capture_output=True, text=True, check=False)


def test_a_second_launch_from_the_same_folder_says_where_the_first_runs(tmp_path: Path):
    (tmp_path / "launch.json").write_text(json.dumps({"pid": 4711, "url": "http://127.0.0.1:8000/", "children": []}))
    with (tmp_path / "launch.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        second = launch(tmp_path)
    assert second.returncode == 1
    assert "Already running from this folder: http://127.0.0.1:8000/ (process 4711)" in second.stderr


def test_a_taken_port_is_named_before_anything_is_started(tmp_path: Path):
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", 0))
        stranger.listen()
        port = str(stranger.getsockname()[1])
        refused = launch(tmp_path, PORT=port)
    assert refused.returncode == 1
    assert f"Port {port} is taken" in refused.stderr
    assert not (tmp_path / "postgres").exists()


@pytest.mark.parametrize("name", ["PORT", "DEMO_SUBSCRIBERS"])
def test_a_number_that_is_none_is_named(tmp_path: Path, name: str):
    refused = launch(tmp_path, **{name: "many"})
    assert refused.returncode != 0
    assert f"{name} must be a whole number" in refused.stderr


class Centre:
    """The product as `make run` starts it, in a folder of its own."""

    def __init__(self, var: Path) -> None:
        self.var, self.port, self.launcher = var, _free_port(), None

    def up(self) -> subprocess.Popen:
        """Start it unless it runs, and wait for its pages."""
        if self.launcher is None or self.launcher.poll() is not None:
            (self.var / "said").unlink(missing_ok=True)
            self.launcher = self._start()
        self.wait_for_page()
        return self.launcher

    def end(self) -> int:
        self.launcher.terminate()
        return self.launcher.wait(60)

    def wait_for_words(self, words: str) -> None:
        end = time.monotonic() + 60
        while words not in (self.var / "said").read_text():
            assert time.monotonic() < end
            time.sleep(0.2)

    def wait_for_page(self) -> None:
        end = time.monotonic() + 600  # the first start makes all tables, on a slow machine beside other work
        while f"open http://127.0.0.1:{self.port}/" not in (self.var / "said").read_text():
            assert self.launcher.poll() is None, (self.var / "said").read_text()
            assert time.monotonic() < end
            time.sleep(0.2)
        while not _is_ready(self.port):
            assert time.monotonic() < end
            time.sleep(0.2)

    def _start(self) -> subprocess.Popen:
        given = {"RETENTION_VAR": str(self.var), "RETENTION_LOCAL": "1", "DEMO_SUBSCRIBERS": "0"}
        given |= {"PORT": str(self.port), "DATABASE_URL": "", "REDIS_URL": ""}
        with (self.var / "said").open("a") as output:
            command = [sys.executable, str(env.ROOT / "manage.py"), "launch"]
            return subprocess.Popen(command, env=os.environ | given, stdout=output, stderr=output)


@pytest.fixture(scope="module")
def centre() -> Iterator[Centre]:
    """One for all tests that want it running: its first start makes all tables."""
    with own_place() as folder:
        centre = Centre(folder)
        yield centre
        if centre.launcher is not None and centre.launcher.poll() is None:
            centre.end()


@pytest.mark.drill
def test_killed_servers_come_back_and_the_pages_with_them(centre: Centre):
    centre.up()
    place = addresses(centre.var)
    for folder, program in ((place.postgres_dir, "postgres"), (place.valkey_dir, "valkey-server")):
        processes.stop(processes.found_in(folder, program))
        centre.wait_for_words(f"{program.split('-')[0]} had ended; started again")
        centre.wait_for_page()


@pytest.mark.drill
def test_the_centre_survives_its_launchers_death_and_leaves_nothing_running(centre: Centre):
    killed = centre.up()
    killed.kill()
    killed.wait()
    centre.up()
    assert centre.end() == 0
    left = [process for process in psutil.process_iter(["cmdline"]) if str(centre.var) in " ".join(_words(process))]
    assert [process.info["cmdline"] for process in left] == []
    assert not (centre.var / "launch.json").exists()
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", centre.port)) != 0


def _is_ready(port: int) -> bool:
    with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=10) as page:
        return page.status == 200
    return False


def _words(process: psutil.Process) -> list[str]:
    """The command line and what only the environment tells: which folder it works for."""
    try:
        return [*(process.info["cmdline"] or []), process.environ().get("RETENTION_VAR", ""), process.cwd()]
    except psutil.Error:
        return []


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
