"""The machine of the database is lost: the archive brings back all but seconds, and a restore to an earlier point sends
nothing before the opt-outs of after it are applied.

DRILL_ARCHIVE_SECONDS=30 closes segments as seldom as in service; DRILL_MEGABYTES=1000 restores a larger database.
"""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import psycopg2
import pytest
from django.conf import settings

from retention.local.servers.addresses import addresses
from retention.local.servers.backends import postgres
from tests.drills.backups import back_up, destroy, restore, start
from tests.drills.rig import Operator, last_json
from tests.receiver import Receiver

pytestmark = pytest.mark.drill
ARCHIVE_SECONDS = float(os.environ.get("DRILL_ARCHIVE_SECONDS", "5"))
MEGABYTES = int(os.environ.get("DRILL_MEGABYTES", "20"))
LOSS_ALLOWED, SECONDS_ALLOWED = 60, 600
KILOBYTE_ROWS = """
CREATE TABLE drill_ballast AS
SELECT n, (SELECT string_agg(md5(n::text || k), '') FROM generate_series(1, 32) k) AS text
FROM generate_series(1, %s) n
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix="drills-restore-", dir=settings.VAR_DIR))
    yield made
    for name in ("lost", "latest", "earlier"):
        postgres.stop(addresses(made / name))
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.down()


def told(done) -> dict:
    assert done.returncode == 0, done.stderr
    return last_json(done.stdout)


def write_until_it_dies(operator: Operator, *, seconds: float) -> datetime:
    """A commit every 20 ms. Returns when the last one was acknowledged."""
    connection = psycopg2.connect(operator.url)
    connection.autocommit = True
    until = time.monotonic() + seconds
    with connection.cursor() as cursor:
        while time.monotonic() < until:
            cursor.execute("INSERT INTO drill_stamp VALUES (clock_timestamp()) RETURNING at")
            (last,) = cursor.fetchone()
            time.sleep(0.02)
    connection.close()
    return last


def test_seconds_are_lost_and_nothing_is_sent_before_the_opt_outs_of_later(folder, receiver, monkeypatch):
    backup, archive = folder / "base", folder / "wal"
    # Kept apart from the backup: without it the webhook's signing secret could not be read again.
    monkeypatch.setenv("SECRET_KEY", "the key of the lost machine")
    monkeypatch.setenv("WAL_ARCHIVE", str(archive))
    monkeypatch.setenv("WAL_ARCHIVE_SECONDS", str(int(ARCHIVE_SECONDS)))
    lost = start(addresses(folder / "lost"))
    numbers = told(lost.script("restored_operator.py", "make", receiver.url))["numbers"]
    listed, withdrawn, opted_out, _ = numbers
    lost.ask("CREATE TABLE drill_stamp (at timestamptz)")
    lost.ask(KILOBYTE_ROWS, MEGABYTES * 1024)
    began = time.monotonic()
    back_up(lost.place, backup)
    backed_up = time.monotonic() - began
    size = lost.number("SELECT pg_database_size(current_database())")

    time.sleep(0.1)
    moment = str(lost.ask("SELECT clock_timestamp()")[0][0])
    told(lost.script("restored_operator.py", "refuse", listed, withdrawn, opted_out))
    last = write_until_it_dies(lost, seconds=1.5 * ARCHIVE_SECONDS)
    destroy(lost.place)
    monkeypatch.delenv("WAL_ARCHIVE")

    # The end of the archive: what the loss of the machine costs, and the opt-outs for the earlier point.
    latest, seconds = restore(addresses(folder / "latest"), backup, archive)
    loss = (last - latest.ask("SELECT max(at) FROM drill_stamp")[0][0]).total_seconds()
    suppressions = folder / "suppressions.jsonl"
    assert latest.run("export_suppressions", suppressions).returncode == 0

    earlier, _ = restore(addresses(folder / "earlier"), backup, archive, until=moment)
    assert earlier.number("SELECT count(*) FROM drill_stamp") == 0
    assert told(earlier.script("restored_operator.py", "attempt", *numbers)) == {
        "restored": True, "sent": 0, "reasons": ["restored"] * 4, "opted_out": [],
    }  # fmt: skip
    assert receiver.received == []

    applied = told(earlier.run("apply_suppressions", suppressions, "--json"))
    assert applied["applied"] | {"opt_out": 1, "consent": 1, "list": 1} == applied["applied"]
    assert applied["rejected"] == 0
    assert told(earlier.script("restored_operator.py", "attempt", *numbers)) == {
        "restored": False, "sent": 1, "reasons": ["do_not_disturb", "consent_refused", None, None],
        "opted_out": [opted_out],
    }  # fmt: skip
    assert len(receiver.received) == 1

    megabytes = size / 2**20
    sys.stdout.write(
        f"\n{megabytes:.0f} MB, base backup {backed_up:.1f} s, restore {seconds:.1f} s "
        f"({megabytes / seconds:.0f} MB/s), lost {loss:.1f} s with segments closed every {ARCHIVE_SECONDS:.0f} s\n"
    )
    assert loss <= LOSS_ALLOWED
    assert seconds <= SECONDS_ALLOWED
