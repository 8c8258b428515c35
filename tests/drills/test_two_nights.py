"""Two nights at once, as two people or two schedulers start them."""

import re
import subprocess
from datetime import timedelta

import pytest

from retention import env
from tests.drills.invariants import check_night, fingerprint
from tests.drills.rig import Operator
from tests.drills.test_killed_nightly import last_day

pytestmark = pytest.mark.drill


def start(drill: Operator, as_of: object) -> subprocess.Popen:
    return subprocess.Popen(
        drill.command("nightly", "--as-of", as_of), env=drill.environment, cwd=env.ROOT, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def test_of_two_nights_at_once_one_runs_and_the_other_is_refused(drill: Operator):
    newest = last_day(drill)
    nights = {newest: start(drill, newest), newest - timedelta(days=1): start(drill, newest - timedelta(days=1))}
    ended = {night: (*process.communicate(timeout=600), process.returncode) for night, process in nights.items()}
    [ran] = [night for night, (_out, _err, status) in ended.items() if status == 0]
    [refused] = [night for night in ended if night != ran]
    # The one that runs is named as soon as its row says so (tests/retention/test_one_night), a moment after the lock.
    assert re.search(f"(The night of {ran}|A night or a scoring) is already running in another", ended[refused][1])
    assert drill.ask("SELECT DISTINCT business_date FROM core_job WHERE kind = 'nightly'") == [(ran,)]
    check_night(drill, ran)

    assert drill.run("nightly", "--as-of", newest).returncode == 0
    check_night(drill, newest)


def test_an_older_night_takes_nothing_of_the_newest_one_away(drill: Operator):
    newest = last_day(drill)
    assert drill.run("nightly", "--as-of", newest).returncode == 0
    before = fingerprint(drill)

    older = drill.run("nightly", "--as-of", newest - timedelta(days=3))

    assert older.returncode == 0 and f"as the night of {newest} left them" in older.stdout
    after = fingerprint(drill)
    assert {what for what in before if before[what] != after[what]} <= {"indicators"}
    check_night(drill, newest)
