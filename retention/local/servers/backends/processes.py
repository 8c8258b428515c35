"""Starting a server so that it outlives its starter, finding it again, ending it."""

import signal
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import psutil

from retention.local.servers.backends.owner import Owner

LOG_LIMIT = 10_000_000


def spawn(
    command: Sequence[str | Path], *, cwd: Path, log: Path, owner: Owner | None, text: str = ""
) -> subprocess.Popen:
    """Start `command` in a session of its own (Ctrl-C here does not reach it), output to `log`, `text` on its input."""
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(log.with_suffix(".old.log"))
    with log.open("ab") as output:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=cwd,
            start_new_session=True,
            umask=0o077,
            # PGPORT and its kind would change what the server does.
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
            **(owner.as_popen() if owner else {}),
        )
    assert process.stdin
    with suppress(BrokenPipeError), process.stdin as entry:  # it died at once: the caller sees that and shows the log
        entry.write(text.encode())
    return process


def found_in(folder: Path, name: str) -> list[psutil.Process]:
    """Living processes called `name` that work in `folder`, also when that folder has been removed under them."""
    places = {str(folder), f"{folder} (deleted)"}
    found = []
    for process in psutil.process_iter(["name"]):
        try:
            if process.info["name"] == name and process.cwd() in places:
                found.append(process)
        except psutil.Error:
            continue  # ended meanwhile, or another user's
    return found


def stop(processes: Sequence[psutil.Process], *steps: tuple[signal.Signals, float]) -> None:
    """Send each signal in turn and wait its seconds, until all are gone; SIGKILL is always the last."""
    for sign, seconds in (*steps, (signal.SIGKILL, 10.0)):
        for process in _alive(processes):
            try:
                process.send_signal(sign)
            except psutil.NoSuchProcess:
                continue
        end = time.monotonic() + seconds
        while _alive(processes):
            if time.monotonic() > end:
                break
            time.sleep(0.02)
        else:
            return


def _alive(processes: Sequence[psutil.Process]) -> list[psutil.Process]:
    """A zombie counts as gone: its parent has not waited for it yet."""
    alive = []
    for process in processes:
        try:
            if process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
                alive.append(process)
        except psutil.NoSuchProcess:
            continue
    return alive


def tail(log: Path, lines: int = 12) -> str:
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return ""
