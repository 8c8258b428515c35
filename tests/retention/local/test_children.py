"""The launcher's children end with it, however it ends."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from retention import env
from retention.local.launcher.services.processes import Child, end, end_leftovers, supervise

SLEEP = "import time; time.sleep(60)"
# A child with a child of its own, as a web server has its workers; the first number is the grandchild's.
FAMILY = (
    f"import subprocess, sys, time; print(subprocess.Popen([sys.executable, '-c', '{SLEEP}']).pid, flush=True); {SLEEP}"
)
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); {SLEEP}"


def child(code: str, log: Path) -> Child:
    return Child("one", [sys.executable, "-c", code], dict(os.environ), log)


def wait_until(happened: Callable[[], object], seconds: float = 30) -> None:
    limit = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < limit
        time.sleep(0.02)


def is_gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def grandchild(log: Path) -> int:
    wait_until(lambda: log.read_text().strip().isdigit())
    return int(log.read_text())


def test_ending_reaches_the_childrens_children(tmp_path: Path):
    one = child(FAMILY, tmp_path / "log")
    one.start()
    below = grandchild(tmp_path / "log")
    end([one])
    assert one.ended
    wait_until(lambda: is_gone(below))


def test_a_child_that_ignores_term_is_killed_in_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("retention.local.launcher.services.processes.END_SECONDS", 0.5)
    one = child(STUBBORN, tmp_path / "log")
    one.start()
    wait_until(lambda: "ready" in (tmp_path / "log").read_text())
    end([one])
    assert one.process.returncode == -signal.SIGKILL


def test_a_child_that_dies_is_started_again_and_the_end_of_its_log_is_shown(tmp_path: Path):
    said: list[str] = []
    one = child("print('out of memory', flush=True); raise SystemExit(3)", tmp_path / "log")
    one.start()

    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        supervise([one], said.append, started=stop)
    assert "ended with status 3" in said[0]
    assert "out of memory" in said[1]
    end([one])


def test_children_of_a_killed_launcher_end_by_themselves(tmp_path: Path):
    code = (
        "import os, sys, time; from pathlib import Path\n"
        "from retention.local.launcher.services.processes import Child\n"
        f"one = Child('one', [sys.executable, '-c', {SLEEP!r}], dict(os.environ)); one.start()\n"
        "print(one.process.pid, flush=True); time.sleep(60)"
    )
    launcher = subprocess.Popen([sys.executable, "-c", code], cwd=env.ROOT, stdout=subprocess.PIPE, text=True)
    pid = int(launcher.stdout.readline())
    assert not is_gone(pid)
    launcher.kill()
    launcher.communicate()
    wait_until(lambda: is_gone(pid))


def test_leftovers_are_known_by_number_and_birth(tmp_path: Path):
    one = child(FAMILY, tmp_path / "log")
    one.start()
    below = grandchild(tmp_path / "log")
    pid, began = one.identity
    reaper = threading.Thread(target=one.process.wait)
    reaper.start()
    assert end_leftovers([[pid, began - 100]]) == 0, "a later process of the same number is a stranger"
    assert not is_gone(below)
    assert end_leftovers([[pid, began]]) == 1
    assert is_gone(below), "what it held, such as a port, is free when the call returns"
    reaper.join()
    assert end_leftovers([[pid, began]]) == 0
