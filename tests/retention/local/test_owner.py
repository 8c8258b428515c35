import os
import subprocess
from pathlib import Path

import pytest

from retention.local.servers.backends import owner
from retention.local.servers.backends.owner import EmbeddedError

root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs servers as somebody else")


@root_only
def test_the_servers_user_alone_is_let_through_a_closed_folder(own_folder: Path):
    closed = own_folder / "closed"
    (closed / "data").mkdir(parents=True)
    closed.chmod(0o700)
    someone, other = owner.Owner(60_123, 60_123, "someone"), owner.Owner(60_124, 60_124, "other")
    someone.let_through(closed / "data")
    assert _can_enter(closed, someone)
    assert not _can_enter(closed, other)
    assert not _can_list(closed, someone)


@root_only
def test_the_groups_permissions_stay_when_the_user_is_let_through(own_folder: Path):
    closed = own_folder / "closed"
    closed.mkdir()
    closed.chmod(0o750)
    os.chown(closed, 0, 60_200)
    owner.Owner(60_123, 60_123, "someone").let_through(closed / "data")
    colleague = owner.Owner(60_199, 60_200, "colleague")
    colleague.let_through(closed)
    assert _can_list(closed, colleague)


@root_only
def test_root_runs_the_servers_as_whoever_has_the_data(own_folder: Path):
    data = own_folder / "postgres"
    data.mkdir()
    os.chown(data, 60_123, 60_123)
    found = owner.owner_of(data)
    assert found is not None
    assert found.uid == 60_123


@root_only
def test_an_ordinary_user_is_told_whose_data_it_is(own_folder: Path, monkeypatch: pytest.MonkeyPatch):
    data = own_folder / "postgres"
    data.mkdir()
    monkeypatch.setattr(os, "geteuid", lambda: 60_123)
    with pytest.raises(EmbeddedError, match=f"{own_folder}.* belongs to root"):
        owner.owner_of(data)


def _can_enter(folder: Path, user: owner.Owner) -> bool:
    return _runs(["/bin/sh", "-c", 'cd "$0"', str(folder)], user)


def _can_list(folder: Path, user: owner.Owner) -> bool:
    return _runs(["/bin/ls", str(folder)], user)


def _runs(command: list[str], user: owner.Owner) -> bool:
    return subprocess.run(command, cwd="/", capture_output=True, check=False, **user.as_popen()).returncode == 0
