"""What a drill holds in its hands: a copy of the small operator, run and asked from outside."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
from psycopg2 import sql

from retention import env
from retention.local.servers import services as servers
from retention.local.servers.addresses import Addresses

SCRIPTS = Path(__file__).parent / "scripts"
TEMPLATE, COPY = "drill_base", "drill"
OWN = ("DATABASE_URL", "REDIS_URL", "RETENTION_VAR")


@dataclass(frozen=True)
class Operator:
    """A copy of the small operator and the servers it stands on."""

    place: Addresses
    url: str

    @property
    def environment(self) -> dict[str, str]:
        own = {
            "DATABASE_URL": self.url, "REDIS_URL": self.place.redis_url, "RETENTION_VAR": str(self.place.var_dir),
            "RETENTION_LOCAL": "1", "DJANGO_SETTINGS_MODULE": "retention.settings", "PYTHONPATH": str(env.ROOT),
        }  # fmt: skip
        return {name: value for name, value in os.environ.items() if name not in OWN} | own

    def ask(self, question: str, *params: object) -> list[tuple]:
        connection = psycopg2.connect(self.url)
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(question, params)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def number(self, question: str, *params: object) -> int:
        return self.ask(question, *params)[0][0] or 0

    def command(self, *arguments: object) -> list[str]:
        return [sys.executable, str(env.ROOT / "manage.py"), *map(str, arguments)]

    def run(self, *arguments: object) -> subprocess.CompletedProcess:
        """A command of manage.py, to its end."""
        return self._finish(self.command(*arguments))

    def script(self, name: str, *arguments: object) -> subprocess.CompletedProcess:
        """A script of tests/drills/scripts, to its end."""
        return self._finish([sys.executable, str(SCRIPTS / name), *map(str, arguments)])

    def _finish(self, command: list[str]) -> subprocess.CompletedProcess:
        return subprocess.run(
            command, env=self.environment, cwd=env.ROOT, capture_output=True, text=True, timeout=600, check=False
        )


def last_json(output: str) -> dict:
    """The last line that is JSON: what `--json` promises."""
    return json.loads([line for line in output.splitlines() if line.startswith("{")][-1])


@contextmanager
def own_servers_only() -> Iterator[None]:
    """Without the addresses of the suite's servers in the environment: what is started or ended is the drill's."""
    given = {name: os.environ.pop(name) for name in OWN if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(given)


def start_servers(place: Addresses) -> None:
    with own_servers_only():
        servers.up(place, durable=False)


def url_of(place: Addresses, name: str) -> str:
    return urlsplit(place.database_url)._replace(path=f"/{name}").geturl()


def copy_operator(base: Addresses) -> Operator:
    """The copy, as the small operator was made: with a trained model and no night run yet."""
    _drop_copy(base)
    as_admin(base, "CREATE DATABASE {} TEMPLATE {}", COPY, TEMPLATE)
    return Operator(base, url_of(base, COPY))


def _drop_copy(base: Addresses) -> None:
    """FORCE may not end a worker of autovacuum, which is the server's own and soon done with so small a database."""
    give_up = time.monotonic() + 60
    while True:
        try:
            return as_admin(base, "DROP DATABASE IF EXISTS {} WITH (FORCE)", COPY)
        except psycopg2.errors.InsufficientPrivilege:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.5)


def as_admin(place: Addresses, statement: str, *names: str) -> None:
    """A statement about whole databases, with its names quoted in."""
    connection = psycopg2.connect(place.database_url)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
    finally:
        connection.close()
