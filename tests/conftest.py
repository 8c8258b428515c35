"""Servers, people and places that every test may ask for.

Tests run on the embedded PostgreSQL and Valkey with a data folder of their own (var/test), started here and ended after
the last of the pytest runs that use them; DATABASE_URL and REDIS_URL replace them. Nothing is sent to a worker unless a
test starts one: the broker of the test process is its own memory.
"""

import fcntl
import os
from collections.abc import Iterator
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from django.apps import AppConfig
from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate
from django.dispatch import receiver
from django.test import TransactionTestCase
from django.utils import timezone, translation

from retention import env
from retention.celery import app as celery
from retention.local.servers import services as servers
from retention.local.servers.addresses import addresses
from tests import emptying
from tests.browser import chromium, started_chromium

# Fixtures that live elsewhere; imported here only, since each import of one for a session starts another browser.
__all__ = ["chromium", "started_chromium"]
TransactionTestCase._fixture_teardown = emptying.empty
STARTED = "started-by-tests"
LONG = tuple(env.ROOT / "tests" / folder for folder in ("drills", "e2e", "retention"))


def pytest_configure(config: pytest.Config) -> None:
    # For the processes that tests start: the same servers, the same demo mode.
    os.environ["RETENTION_VAR"] = str(settings.VAR_DIR)
    celery.conf.broker_url = "memory://"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    worker = getattr(config, "workerinput", {}).get("workerid", "")
    settings.CACHES["default"]["KEY_PREFIX"] = f"tests{worker}"
    if not worker:
        config.stash[USE] = _use_servers()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files whose tests take longest: at the end no process waits for another."""
    items.sort(key=lambda item: not any(item.path.is_relative_to(folder) for folder in LONG))


def pytest_unconfigure(config: pytest.Config) -> None:
    use = config.stash.get(USE, None)
    if use is not None:
        _leave_servers(use)


USE = pytest.StashKey[object]()


def _use_servers() -> object:
    """Start the servers unless they run; the shared lock says for as long as this run lives that they are in use."""
    place = addresses(settings.VAR_DIR)
    place.var_dir.mkdir(parents=True, exist_ok=True)
    use = (place.var_dir / "tests.lock").open("w")
    fcntl.flock(use, fcntl.LOCK_SH)
    if servers.up(place, durable=False):
        (place.var_dir / STARTED).touch()
    if servers.urls(place)["valkey"] != settings.REDIS_URL:
        raise pytest.UsageError("Valkey had to move to another port; run the tests again.")
    return use


def _leave_servers(use: object) -> None:
    place = addresses(settings.VAR_DIR)
    try:
        fcntl.flock(use, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return  # another run goes on
    if (place.var_dir / STARTED).exists():
        servers.down(place)
        (place.var_dir / STARTED).unlink()


@receiver(connection_created)
def let_the_trail_be_emptied(connection: BaseDatabaseWrapper, **kwargs: object) -> None:
    """Tests with transactions of their own empty all tables after themselves, the audit trail too."""
    with connection.cursor() as cursor:
        cursor.execute("SET retention.audit_purge = 'on'")


@receiver(post_migrate)
def know_the_server_again(sender: AppConfig, **kwargs: object) -> None:
    """Emptied tables lack the row that allows sending; Django tells of emptying as of migrating."""
    if sender.label == "core":
        from retention.core.restores.services import know_server

        know_server(now=timezone.now())


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """A page asked for in Chinese must not leave its language to the next test."""
    with translation.override("en"):
        yield


@pytest.fixture
def eager_tasks() -> Iterator[None]:
    """Celery tasks run at once, in this process, and their errors are raised here."""
    before = celery.conf.task_always_eager, celery.conf.task_eager_propagates
    celery.conf.task_always_eager = celery.conf.task_eager_propagates = True
    yield
    celery.conf.task_always_eager, celery.conf.task_eager_propagates = before


@pytest.fixture
def child_environment(db: None) -> dict[str, str]:
    """The environment for a process that must see this test's database (its own transaction stays invisible to it)."""
    from django.db import connection

    url = urlsplit(settings.DATABASE_URL)._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    return dict(os.environ, DATABASE_URL=url, REDIS_URL=settings.REDIS_URL)


@pytest.fixture
def branches(db: None) -> SimpleNamespace:
    """A province with two cities; the first city has a district with an outlet. `.other` is the second city."""
    from tests.factories import make_branch

    province = make_branch(code="P1", name="North Province")
    city = make_branch(code="P1-C1", name="Harbour City", parent=province)
    district = make_branch(code="P1-C1-D1", name="Old Town", parent=city)
    return SimpleNamespace(
        province=province,
        city=city,
        district=district,
        outlet=make_branch(code="P1-C1-D1-O1", name="Market Street", parent=district),
        other=make_branch(code="P1-C2", name="Hill City", parent=province),
    )


@pytest.fixture
def team(branches: SimpleNamespace):
    """The retention group of Ana and Sam."""
    from tests.factories import make_team

    return make_team(code="T1", name="First group", branch=branches.city)


@pytest.fixture
def ana(branches: SimpleNamespace, team):
    """An agent in Harbour City."""
    from tests.factories import make_user

    return make_user(username="ana", role="agent", branch=branches.city, teams=(team,))


@pytest.fixture
def sam(branches: SimpleNamespace, team):
    """Ana's supervisor."""
    from tests.factories import make_user

    return make_user(username="sam", role="supervisor", branch=branches.city, teams=(team,))


@pytest.fixture
def mia(branches: SimpleNamespace):
    """The retention manager of the whole province."""
    from tests.factories import make_user

    return make_user(username="mia", role="manager", branch=branches.province)


@pytest.fixture
def ada(branches: SimpleNamespace):
    """The administrator."""
    from tests.factories import make_user

    return make_user(username="ada", role="administrator", branch=branches.province)


@pytest.fixture
def lin(branches: SimpleNamespace):
    """An analyst of the province."""
    from tests.factories import make_user

    return make_user(username="lin", role="analyst", branch=branches.province)


@pytest.fixture
def otto(branches: SimpleNamespace):
    """An agent of another city: what Ana sees must not exist for him."""
    from tests.factories import make_user

    return make_user(username="otto", role="agent", branch=branches.other)


@pytest.fixture
def manager(client, mia):
    """A browser in which Mia is signed in."""
    client.force_login(mia)
    return client


@pytest.fixture
def standing_clock():
    """The clock stands at NOW."""
    from retention.core import clock
    from tests.factories import NOW

    with clock.freeze(NOW):
        yield
