import re
import subprocess
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from retention.local.servers.backends import archive
from retention.local.servers.backends.postgres import configuration


def archived(folder: Path, segment: Path) -> int:
    command = str(archive.settings(folder)["archive_command"])
    command = command.replace("%%", "\0").replace("%p", str(segment)).replace("%f", segment.name).replace("\0", "%")
    return subprocess.run(["/bin/sh", "-c", command], check=False, capture_output=True).returncode


def test_a_segment_is_kept_once_and_never_replaced_by_another(tmp_path):
    folder, segment = tmp_path / "it's 100% kept", tmp_path / "000000010000000000000001"
    archive.prepare(folder, None)
    assert folder.stat().st_mode & 0o777 == 0o700
    segment.write_bytes(b"first")
    assert (archived(folder, segment), archived(folder, segment)) == (0, 0)
    segment.write_bytes(b"of another server")
    assert archived(folder, segment) != 0
    kept = subprocess.run(["gzip", "-dc", folder / f"{segment.name}.gz"], check=True, capture_output=True)
    assert kept.stdout == b"first"
    assert [file.name for file in folder.iterdir()] == [f"{segment.name}.gz"]


def test_the_server_archives_only_when_told_to(tmp_path, monkeypatch):
    monkeypatch.delenv("WAL_ARCHIVE", raising=False)
    assert archive.archive_folder() is None
    assert "archive_mode" not in configuration(tmp_path)
    text = configuration(tmp_path, archive_dir=Path("/mnt/it's"))
    assert re.search("^archive_timeout = '30s'$", text, re.MULTILINE)
    (command,) = re.findall("^archive_command = '(.*)'$", text, re.MULTILINE)
    assert not command.replace("''", "").count("'"), "quotes in a value are doubled"


def test_a_relative_folder_is_refused(monkeypatch):
    monkeypatch.setenv("WAL_ARCHIVE", "wal")
    with pytest.raises(ImproperlyConfigured, match="WAL_ARCHIVE must be an absolute path"):
        archive.archive_folder()
