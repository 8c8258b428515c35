"""PostgreSQL or Valkey dies under the product: a sentence and no traceback, and running again completes the work."""

import subprocess
import time
from datetime import date

import pytest

from retention import env
from retention.local.servers.backends import processes
from tests.drills.invariants import check_night
from tests.drills.rig import Operator, last_json, start_servers

pytestmark = pytest.mark.drill


def last_day(drill: Operator) -> date:
    return drill.ask("SELECT max(day) FROM customers_usageday")[0][0]


def kill_postgres(drill: Operator) -> None:
    """As a power cut does it: all of its processes at once, nothing is shut down, latecomers included."""
    while found := processes.found_in(drill.place.postgres_dir, "postgres"):
        processes.stop(found)


def stop_valkey(drill: Operator) -> None:
    processes.stop(processes.found_in(drill.place.valkey_dir, "valkey-server"))


def test_a_night_whose_database_dies_says_so_and_is_completed_by_the_next_run(drill: Operator):
    as_of = last_day(drill)
    night = subprocess.Popen(
        drill.command("nightly", "--as-of", as_of), env=drill.environment, cwd=env.ROOT,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    while not drill.number("SELECT count(*) FROM core_jobstep WHERE name = 'profile' AND started_at IS NOT NULL"):
        assert night.poll() is None, night.communicate()
        time.sleep(0.02)
    kill_postgres(drill)
    _, errors = night.communicate(timeout=120)
    assert night.returncode == 1
    assert "Traceback" not in errors, errors
    assert "database" in errors

    start_servers(drill.place)
    assert drill.run("nightly", "--as-of", as_of).returncode == 0
    check_night(drill, as_of)


def test_a_command_without_a_database_says_so(drill: Operator):
    kill_postgres(drill)
    for command in (("nightly",), ("import_facts", "plans", "/dev/null")):
        done = drill.run(*command)
        assert done.returncode == 1
        assert "Traceback" not in done.stderr, done.stderr
        assert "database" in done.stderr


def test_without_valkey_the_night_runs_and_every_page_answers(drill: Operator):
    as_of = last_day(drill)
    stop_valkey(drill)
    done = drill.run("nightly", "--as-of", as_of)
    assert done.returncode == 0, done.stderr
    check_night(drill, as_of)

    visited = drill.script("visit_pages.py")
    assert visited.returncode == 0, visited.stderr
    answers = last_json(visited.stdout)
    expected = {page: 302 if page.endswith("/login/") else 503 if page.endswith("/readyz") else 200 for page in answers}
    assert answers == expected
