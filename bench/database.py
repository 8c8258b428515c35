"""A database of the benchmarks' own beside the operator's, on the same server, with a simulated operator in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from secrets import token_urlsafe

from django.core.management import call_command
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from campaigns.scenarios.services.installation import install_scenarios
from customers.facts.models import Subscriber
from retention.core import clock
from retention.core.accounts.models import Branch
from retention.core.accounts.roles import Role
from retention.core.accounts.services.staff import create_staff
from retention.core.db.locks import LOCK_SPACES
from retention.core.errors import Conflict
from workorders.order_types.services import install_order_types

LOCK = LOCK_SPACES.declare(7399, "the benchmarks of this server")
AGENTS = 50
HISTORY_DAYS = 365
STAFF = (("manager", Role.MANAGER), ("supervisor", Role.SUPERVISOR), ("admin", Role.ADMINISTRATOR))


@contextmanager
def own_database(*, subscribers: int, keep: bool = False) -> Iterator[str]:
    """Inside the block Django's connection is that of `<name>_bench`, which holds at least so many subscribers.

    One that was kept is used again when it is large enough. Dropped at the end unless `keep`. Conflict when another
    benchmark runs.
    """
    operator = connection.settings_dict["NAME"]
    name = f"{operator}_bench"
    guard = connection.copy()
    _lock(guard)
    try:
        _make(guard, name)
        if 0 < Subscriber.objects.count() < subscribers:
            connection.close()
            _drop(guard, name)
            _make(guard, name)
        _fill(subscribers)
        yield name
    finally:
        _use(operator)
        if not keep:
            _drop(guard, name)
        guard.close()


def _lock(guard: BaseDatabaseWrapper) -> None:
    with guard.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            raise Conflict("Another benchmark runs on this server.", code="already_running")


def _make(guard: BaseDatabaseWrapper, name: str) -> None:
    with guard.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if not cursor.fetchone():
            cursor.execute(f"CREATE DATABASE {connection.ops.quote_name(name)}")
    _use(name)
    call_command("migrate", verbosity=0)


def _drop(guard: BaseDatabaseWrapper, name: str) -> None:
    with guard.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {connection.ops.quote_name(name)} WITH (FORCE)")


def _use(name: str) -> None:
    """The settings are shared by the connections of all threads."""
    connection.close()
    connection.settings_dict["NAME"] = name


def _fill(subscribers: int) -> None:
    if not Subscriber.objects.exists():
        until = clock.yesterday()
        call_command("simulate", subscribers=subscribers, days=HISTORY_DAYS, until=until, stdout=StringIO())
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    install_order_types()
    install_scenarios()
    root = Branch.objects.filter(parent=None).order_by("pk").first()
    assert root
    people = [*STAFF, *((f"agent{one}", Role.AGENT) for one in range(AGENTS))]
    for username, role in people:
        # Nobody signs in here: pages are asked for as these people, and no password is kept.
        create_staff(
            username=username,
            role=role,
            branch=root.code,
            groups=("bench",),
            password=token_urlsafe(24),
            now=clock.now(),
        )
