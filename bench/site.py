"""A web server and workers of one's own on loopback, for benchmarks and drills: started, killed, started again."""

import random
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from retention import env
from retention.local.launcher.services.processes import end_with_parent

UP_SECONDS = 60


@dataclass
class Site:
    """web and workers: process trees; what they say goes to files in `folder`."""

    environment: Mapping[str, str]
    folder: Path
    port: int = 0
    web: subprocess.Popen | None = None
    workers: subprocess.Popen | None = None

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start_web(self) -> None:
        self.port = self.port or _free_port()
        self.web = self._start("gunicorn", "-c", "python:retention.serving", "retention.asgi:application")
        until = time.monotonic() + UP_SECONDS
        while not self.answers("/livez"):
            if time.monotonic() > until:
                raise TimeoutError("the web server does not answer")
            time.sleep(0.1)

    def start_workers(self) -> None:
        self.workers = self._start(
            "celery", "-A", "retention", "worker", "--concurrency=2", "--loglevel=ERROR", "--without-gossip",
            "--without-mingle", "--beat", f"--schedule={self.folder / 'site-beat'}",
        )  # fmt: skip

    def answers(self, path: str) -> bool:
        try:
            with urllib.request.urlopen(self.base + path, timeout=10) as answer:
                return answer.status == 200
        except OSError:
            return False

    def kill_one(self, dice: random.Random, tree: subprocess.Popen) -> None:
        """SIGKILL one child of a tree; its parent starts another."""
        children = psutil.Process(tree.pid).children()
        if children:
            with suppress(psutil.NoSuchProcess):
                dice.choice(children).kill()

    def memory_mb(self, tree: subprocess.Popen) -> float:
        """Of the largest process of a tree."""
        found = [0]
        for process in psutil.Process(tree.pid).children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                found.append(process.memory_info().rss)
        return max(found) / 2**20

    def end(self) -> None:
        for tree in (self.web, self.workers):
            if tree is not None:
                _end_tree(tree)

    def _start(self, module: str, *arguments: str) -> subprocess.Popen:
        # No night of its own accord: it would take the processor from what is being looked at.
        own = {"BIND": f"127.0.0.1:{self.port}", "WEB_WORKERS": "2", "NIGHTLY_HOUR": "24"}
        with (self.folder / f"site-{module}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-W", "ignore", "-m", module, *arguments],
                env=own | dict(self.environment),
                cwd=env.ROOT,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=end_with_parent,  # noqa: PLW1509  (two system calls; nothing may outlive who started it)
            )


@contextmanager
def open_site(environment: Mapping[str, str], folder: Path, *, workers: bool = True) -> Iterator[Site]:
    """A site with its static files collected; ended when the block is left, however."""
    command = [sys.executable, "-W", "ignore", str(env.ROOT / "manage.py"), "collectstatic", "--noinput"]
    subprocess.run(command, env=dict(environment), cwd=env.ROOT, check=True, capture_output=True)
    site = Site(environment, folder)
    try:
        site.start_web()
        if workers:
            site.start_workers()
        yield site
    finally:
        site.end()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def _end_tree(tree: subprocess.Popen) -> None:
    with suppress(psutil.NoSuchProcess):
        for process in [psutil.Process(tree.pid), *psutil.Process(tree.pid).children(recursive=True)]:
            with suppress(psutil.NoSuchProcess):
                process.kill()
    tree.wait(10)
