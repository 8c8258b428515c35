"""Start and stop of the local installation: database servers, migrations, static files, web server and workers."""

import fcntl
import hashlib
import json
import os
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import FrameType

import django
from django.core.management import call_command
from django.db import connections

from retention.core import clock
from retention.core.jobs.models import Job
from retention.core.jobs.services import FINISHED_STATES
from retention.local.launcher.services.processes import LONGEST_PAUSE, Child, end, end_leftovers, supervise
from retention.local.servers import services as servers
from retention.local.servers.addresses import Addresses
from retention.local.servers.backends.owner import EmbeddedError


def collect_static(source: Path, target: Path) -> bool:
    """Collect into `target` unless `source` and Django are as they were the last time; True when collected."""
    stamp = target / ".collected"
    print_ = static_fingerprint(source)
    if stamp.exists() and stamp.read_text() == print_:
        return False
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    target.mkdir(parents=True, exist_ok=True)
    stamp.write_text(print_)
    return True


def static_fingerprint(source: Path) -> str:
    """A digest of every file's path, size and time under `source`, and of Django's version (it brings the admin's)."""
    digest = hashlib.sha256(django.get_version().encode())
    for file in sorted(source.rglob("*")):
        status = file.stat()
        digest.update(f"{file.relative_to(source)} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


FIRST_ANSWER_SECONDS = 60
END_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
NIGHTLY = "nightly"
TEND_SECONDS = 2.0
APPLICATION = "retention.asgi:application"
WORKER_OPTIONS = ["--loglevel=WARNING", "--without-gossip", "--without-mingle"]


class LaunchError(Exception):
    """The launch cannot continue; the text gives the cause and the remedy."""


class Ended(BaseException):
    """Ctrl-C, TERM or a closed terminal."""


@dataclass
class Launch:
    base: Path
    place: Addresses
    static_root: Path
    port: int
    subscribers: int
    began: float = field(default_factory=time.monotonic)
    children: list[Child] = field(default_factory=list)
    tend_at: float = 0.0
    tend_pause: float = TEND_SECONDS

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    @property
    def record(self) -> Path:
        return self.place.var_dir / "launch.json"

    @property
    def own_servers(self) -> Path:
        """Present while the embedded servers run only because a launch started them; `services up` removes it."""
        return self.place.var_dir / servers.LAUNCH_MARKER

    def say(self, text: str) -> None:
        with suppress(OSError):  # the terminal may be gone
            print(f"[{time.monotonic() - self.began:6.1f} s] {text}", flush=True)

    def run(self) -> None:
        """Start everything and block until a signal to end. LaunchError when a step fails."""
        for sign in END_SIGNALS:
            signal.signal(sign, _raise_ended)
        with self._alone():
            try:
                self._prepare()
                self._serve()
            except Ended:
                self.say("ending what was started")
            finally:
                self._end_all()
        self.say("ended")

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """An exclusive file lock: one launch per folder. A killed holder releases it."""
        self.place.var_dir.mkdir(parents=True, exist_ok=True)
        with (self.place.var_dir / "launch.lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                other = self._read_record()
                raise LaunchError(
                    f"Already running from this folder: {other.get('url', 'just starting')} "
                    f"(process {other.get('pid', 'unknown')}). End that one first, with Ctrl-C where it runs."
                ) from None
            if ended := end_leftovers(self._read_record().get("children", [])):
                self.say(f"ended {ended} processes that an earlier launch left behind")
            self._write_record()
            try:
                yield
            finally:
                self.record.unlink(missing_ok=True)

    def _prepare(self) -> None:
        if not _is_free(self.port):
            raise LaunchError(f"Port {self.port} is taken by another program. Choose another: make run PORT=8001")
        if started := servers.up(self.place):
            self.own_servers.touch()
            self.say(f"{' and '.join(started)} started, data in {self.place.var_dir}")
        call_command("migrate", interactive=False, verbosity=0)
        self.say("database ready")
        if collect_static(self.base / "static", self.static_root):
            self.say("static files collected")
        if self.subscribers:
            self._step("load_demo", "--subscribers", str(self.subscribers))
            self.say("demo operator ready")
        self._catch_up(clock.yesterday())
        connections.close_all()

    def _catch_up(self, as_of: date) -> None:
        """Run last night's work unless done. A failure is printed and left to the worker: the pages work without it."""
        if Job.objects.filter(kind=NIGHTLY, business_date=as_of, state__in=FINISHED_STATES).exists():
            return
        try:
            self._step(NIGHTLY, "--as-of", as_of.isoformat())
            self.say(f"nightly run of {as_of} done")
        except LaunchError as error:
            self.say(f"nightly run of {as_of}: {error} The worker will try again.")

    def _step(self, *command: str) -> None:
        """Run a management command to its end in a separate process: its memory is freed and it can be ended."""
        self.say(f"manage.py {' '.join(command)}")
        child = Child(command[0], [sys.executable, str(self.base / "manage.py"), *command], self._environment())
        self.children = [child]
        child.start()
        assert child.process
        status = child.process.wait()
        self.children = []
        if status:
            raise LaunchError(f"'manage.py {' '.join(command)}' ended with status {status}.")

    def _serve(self) -> None:
        self.children = self._services()
        for child in self.children:
            child.start()
        self._write_record()
        self._wait_for_first_answer()
        self.say(f"open {self.url}")
        if self.subscribers:
            self.say("sign in as manager, supervisor, agent1 .. agent8, analyst or admin; password demo-only-password")
        self.say(f"logs are in {self.place.var_dir / 'log'}; Ctrl-C ends everything")
        supervise(self.children, self.say, self._write_record, self._tend_servers)

    def _tend_servers(self) -> None:
        """Start the embedded servers again when one was killed: no data is lost, they recover as after a power cut."""
        if time.monotonic() < self.tend_at:
            return
        try:
            if back := servers.up(self.place):
                self.own_servers.touch()
                self.say(f"{' and '.join(back)} had ended; started again")
            self.tend_pause = TEND_SECONDS
        except EmbeddedError as error:
            self.say(f"{error}\nTrying again in {self.tend_pause:.0f} s.")
            self.tend_pause = min(self.tend_pause * 2, LONGEST_PAUSE)
        self.tend_at = time.monotonic() + self.tend_pause

    def _services(self) -> list[Child]:
        log = self.place.var_dir / "log"
        log.mkdir(parents=True, exist_ok=True)
        metrics = self.place.var_dir / "metrics"
        shared = self._environment()
        web = shared | {"BIND": f"127.0.0.1:{self.port}", "PROMETHEUS_MULTIPROC_DIR": str(metrics)}
        celery = [sys.executable, "-m", "celery", "-A", "retention"]
        worker = [*celery, "worker", *WORKER_OPTIONS]
        return [
            Child(
                "web",
                [sys.executable, "-m", "gunicorn", "-c", "python:retention.serving", APPLICATION],
                web,
                log / "web.log",
            ),
            Child("worker", [*worker, "--concurrency=2", "--queues=celery"], shared, log / "worker.log"),
            Child("long", [*worker, "--concurrency=1", "--queues=long"], shared, log / "long.log"),
            Child("beat", [*celery, "beat", "--loglevel=WARNING", "--pidfile="], shared, log / "beat.log"),
        ]

    def _environment(self) -> dict[str, str]:
        # TERM ends the worker within seconds; an unfinished task is run again by the next worker.
        return os.environ | {"RETENTION_LOCAL": "1", "PYTHONUNBUFFERED": "1", "REMAP_SIGTERM": "SIGQUIT"}

    def _wait_for_first_answer(self) -> None:
        end_at = time.monotonic() + FIRST_ANSWER_SECONDS
        while time.monotonic() < end_at:
            with suppress(urllib.error.URLError, OSError), urllib.request.urlopen(f"{self.url}livez", timeout=5):  # noqa: S310
                return
            if self.children[0].ended:
                break
            time.sleep(0.2)
        self.say(f"the web server does not answer yet; see {self.children[0].log}")

    def _end_all(self) -> None:
        with suppress(Ended):  # a second Ctrl-C: stop waiting
            end(self.children)
        for sign in END_SIGNALS:
            signal.signal(sign, signal.SIG_IGN)
        for child in self.children:
            child.signal(signal.SIGKILL)
        if self.own_servers.exists():
            servers.down(self.place)
            self.own_servers.unlink(missing_ok=True)

    def _read_record(self) -> dict:
        try:
            return json.loads(self.record.read_text())
        except (FileNotFoundError, ValueError):
            return {}

    def _write_record(self) -> None:
        identities = [child.identity for child in self.children if child.process and not child.ended]
        draft = self.record.with_suffix(".new")
        draft.write_text(json.dumps({"pid": os.getpid(), "url": self.url, "children": identities}))
        draft.replace(self.record)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _raise_ended(number: int, frame: FrameType | None) -> None:
    raise Ended
