"""Killing commands at random moments. DRILL_KILLS says how many kills; DRILL_SEED which moments."""

import os
import random
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from retention import env
from tests.drills.rig import Operator

FEW = 3
LOCK_SECONDS = 60
BUSY = "already running in another process"


def kills_wanted() -> int:
    """Of each command: half of DRILL_KILLS, a few without it."""
    return -(-int(os.environ["DRILL_KILLS"]) // 2) if os.environ.get("DRILL_KILLS") else FEW


@dataclass
class Killer:
    """kind: of the job that the command runs. killed: where the job stood at each kill."""

    operator: Operator
    kind: str
    span: float
    dice: random.Random = field(default_factory=lambda: random.Random(os.environ.get("DRILL_SEED", "7")))
    killed: list[str] = field(default_factory=list)
    busy: int = 0

    def kill(self, *arguments: object, where: Callable[[], str]) -> bool:
        """Start the command and SIGKILL it at a random moment of its work; False when its work was done by then."""
        for _try in range(LOCK_SECONDS * 2):
            process = self._start(*arguments)
            if self._at_work(process):
                return self._end(process, where)
            _, errors = process.communicate()
            if BUSY not in errors:
                assert process.returncode == 0, errors
                return False
            self.busy += 1
            time.sleep(0.5)
        raise AssertionError("the killed process still holds the job")

    def finish(self, *arguments: object) -> subprocess.CompletedProcess:
        """Run the command to its end; waits for the database to notice that the killed one is gone."""
        for _try in range(LOCK_SECONDS * 2):
            done = self.operator.run(*arguments)
            if BUSY not in done.stderr:
                assert done.returncode == 0, done.stderr
                return done
            self.busy += 1
            time.sleep(0.5)
        raise AssertionError("the killed process still holds the job")

    def _start(self, *arguments: object) -> subprocess.Popen:
        self.before = self._attempts()
        return subprocess.Popen(
            self.operator.command(*arguments), env=self.operator.environment, cwd=env.ROOT,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def _at_work(self, process: subprocess.Popen) -> bool:
        while process.poll() is None:
            if self._attempts() > self.before:
                return True
            time.sleep(0.01)
        return False

    def _end(self, process: subprocess.Popen, where: Callable[[], str]) -> bool:
        try:
            _, errors = process.communicate(timeout=self.dice.uniform(0, self.span))
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            if not self.operator.number(
                "SELECT count(*) FROM core_job WHERE kind = %s AND state = 'running'", self.kind
            ):
                return False  # on its way out
            self.killed.append(where())
            return True
        assert process.returncode == 0, errors
        return False

    def _attempts(self) -> int:
        return self.operator.number("SELECT sum(attempts) FROM core_job WHERE kind = %s", self.kind)
