"""The running centre as a drill sees it: web server and workers of its own, started, killed and started again."""

import random
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import psutil

from docs.examples.billing_client import Billing
from retention import env
from tests.drills.rig import Operator, last_json

UP_SECONDS = 60


@dataclass
class Site:
    """web and workers: process trees. settings: environment of both, e.g. BATCH_ROWS_WAITING."""

    operator: Operator
    settings: dict[str, str] = field(default_factory=dict)
    port: int = 0
    web: subprocess.Popen | None = None
    workers: subprocess.Popen | None = None

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start_web(self) -> None:
        self.port = self.port or _free_port()
        self.web = self._start("gunicorn", "-c", "python:retention.serving", "retention.wsgi:application")
        until = time.monotonic() + UP_SECONDS
        while not self.answers("/livez"):
            assert time.monotonic() < until, "the web server does not answer"
            time.sleep(0.1)

    def start_workers(self) -> None:
        self.workers = self._start(
            "celery", "-A", "retention", "worker", "--concurrency=2", "--loglevel=ERROR", "--without-gossip",
            "--without-mingle", "--beat", f"--schedule={self.operator.place.var_dir / 'drill-beat'}",
        )  # fmt: skip

    def answers(self, path: str) -> bool:
        try:
            with urllib.request.urlopen(self.base + path, timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False

    def client(self, *scopes: str) -> Billing:
        made = last_json(
            self.operator.run(
                "create_api_client", f"drill {time.monotonic()}", "--scopes", ",".join(scopes), "--json"
            ).stdout
        )
        self.operator.ask("UPDATE core_apiclient SET rate_per_second = 100000, burst = 100000")
        return Billing(self.base, key=made["key"], patience=60)

    def kill_one(self, dice: random.Random, tree: subprocess.Popen) -> None:
        """SIGKILL one child of a tree; its parent starts another."""
        children = psutil.Process(tree.pid).children()
        if children:
            with suppress(psutil.NoSuchProcess):
                dice.choice(children).kill()

    def end(self) -> None:
        for tree in (self.web, self.workers):
            if tree is not None:
                _end_tree(tree)

    def _start(self, module: str, *arguments: str) -> subprocess.Popen:
        own = self.operator.environment | {"BIND": f"127.0.0.1:{self.port}", "WEB_WORKERS": "2"} | self.settings
        with (self.operator.place.var_dir / f"drill-{module}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-W", "ignore", "-m", module, *arguments],
                env=own,
                cwd=env.ROOT,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )


@contextmanager
def open_site(operator: Operator, *, workers: bool = True, **settings: str) -> Iterator[Site]:
    site = Site(operator, settings)
    assert operator.run("collectstatic", "--noinput", "--verbosity=0").returncode == 0
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
        family = [psutil.Process(tree.pid), *psutil.Process(tree.pid).children(recursive=True)]
        for process in family:
            with suppress(psutil.NoSuchProcess):
                process.kill()
    tree.wait(10)
