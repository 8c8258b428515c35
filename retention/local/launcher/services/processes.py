"""Child processes that end with the launcher: on Ctrl-C, on TERM, and even when the launcher is killed."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from retention.local.servers.backends.processes import tail

END_SECONDS = 20.0
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
STEADY_SECONDS = 60.0
SET_PARENT_DEATH_SIGNAL = 1  # prctl(2), Linux


def end_with_parent() -> None:
    """Ask the system to send TERM to this process when its parent dies. No effect outside Linux."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)


@dataclass
class Child:
    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path | None = None
    process: subprocess.Popen | None = None
    started: float = 0.0
    pause: float = FIRST_PAUSE
    start_at: float = field(default=0.0)

    def start(self) -> None:
        """Start in a process group of its own: Ctrl-C reaches the launcher alone, which ends the groups in order."""
        output = self.log.open("ab") if self.log else None
        try:
            self.process = subprocess.Popen(
                self.command,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT if output else None,
                start_new_session=True,
                preexec_fn=end_with_parent,  # noqa: PLW1509  (no threads here; two system calls)
            )
        finally:
            if output:
                output.close()
        self.started = time.monotonic()

    def signal(self, sign: signal.Signals) -> None:
        if self.process:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, sign)

    @property
    def ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    @property
    def identity(self) -> list[float]:
        """[process id, start time]: distinguishes it from a later process with the same id."""
        assert self.process
        return [self.process.pid, psutil.Process(self.process.pid).create_time()]


def supervise(
    children: Sequence[Child],
    say: Callable[[str], None],
    started: Callable[[], None],
    tend: Callable[[], None] = lambda: None,
) -> None:
    """Restart, after a growing pause, each child that ends by itself; returns only by an exception.

    started: called after each start. tend: called in every round, for what is no child.
    """
    while True:
        tend()
        for child in children:
            if child.process is None and time.monotonic() >= child.start_at:
                child.start()
                started()
            elif child.ended:
                _note_end(child, say)
        time.sleep(0.5)


def _note_end(child: Child, say: Callable[[str], None]) -> None:
    assert child.process
    child.signal(signal.SIGKILL)  # the rest of its process group
    if time.monotonic() - child.started > STEADY_SECONDS:
        child.pause = FIRST_PAUSE
    say(f"{child.name} ended with status {child.process.returncode}; starting it again in {child.pause:.0f} s")
    if child.log:
        say(f"the end of {child.log}:\n{tail(child.log, lines=4)}")
    child.process, child.start_at = None, time.monotonic() + child.pause
    child.pause = min(child.pause * 2, LONGEST_PAUSE)


def end(children: Sequence[Child]) -> None:
    """End all process groups: TERM, END_SECONDS to finish, then KILL."""
    for child in children:
        child.signal(signal.SIGTERM)
    deadline = time.monotonic() + END_SECONDS
    for child in children:
        if child.process:
            with suppress(subprocess.TimeoutExpired):
                child.process.wait(max(0.0, deadline - time.monotonic()))
            child.signal(signal.SIGKILL)
            child.process.wait()


def end_leftovers(identities: Sequence[Sequence[float]]) -> int:
    """Kill the groups that a killed launcher left, known by Child.identity; returns how many there were.

    Returns once they have ended, because until then a killed web server still holds its port.
    """
    groups = set()
    for pid, began in identities:
        with suppress(psutil.NoSuchProcess, ProcessLookupError):
            if abs(psutil.Process(int(pid)).create_time() - began) < 1:
                os.killpg(int(pid), signal.SIGKILL)
                groups.add(int(pid))
    deadline = time.monotonic() + END_SECONDS
    while any(_runs_in(groups, process) for process in psutil.process_iter()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return len(groups)


def _runs_in(groups: Set[int], process: psutil.Process) -> bool:
    with suppress(psutil.Error, ProcessLookupError):
        return os.getpgid(process.pid) in groups and process.status() != psutil.STATUS_ZOMBIE
    return False
