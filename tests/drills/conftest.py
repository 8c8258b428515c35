"""Servers and a small operator for the drills: their own, because they are killed and started again.

One operator is made once and kept as a template database; every drill gets a copy (`drill`).
"""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from retention.local.servers import services as servers
from retention.local.servers.addresses import Addresses, addresses
from tests.drills.rig import TEMPLATE, Operator, as_admin, copy_operator, own_servers_only, start_servers, url_of


@pytest.fixture(scope="session")
def drill_place() -> Iterator[Addresses]:
    # Not under pytest's tmp_path: every pytest that starts takes from others the right to enter that folder, and with
    # it the data from a PostgreSQL that runs as another user.
    settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="drills-", dir=settings.VAR_DIR))
    place = addresses(folder)
    try:
        start_servers(place)
        yield place
    finally:
        with own_servers_only():
            servers.down(place)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def drill_base(drill_place: Addresses) -> Addresses:
    as_admin(drill_place, "CREATE DATABASE {}", TEMPLATE)
    made = Operator(drill_place, url_of(drill_place, TEMPLATE)).script("make_operator.py")
    assert made.returncode == 0, made.stderr
    return drill_place


@pytest.fixture
def drill(drill_base: Addresses) -> Iterator[Operator]:
    """A copy of the small operator, with a trained model and no night run yet."""
    yield copy_operator(drill_base)
    start_servers(drill_base)  # what the drill has stopped
