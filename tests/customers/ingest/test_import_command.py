"""manage.py import_facts: what it prints, how it ends, and that a killed import goes on where it was."""

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from customers.facts.models import StatusEvent, UsageDay
from customers.ingest.models import QuarantinedRow
from retention.core import clock
from retention.core.db import locks
from retention.core.jobs.models import Job
from retention.core.jobs.services import JOB_LOCK
from tests.customers.ingest.rows import NOW, make_operator, usage_csv

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> tuple[dict, list[str]]:
    """(the JSON of the last line, the lines before it)."""
    out = StringIO()
    with clock.freeze(NOW):
        call_command("import_facts", *arguments, stdout=out, skip_checks=True)
    *said, last = out.getvalue().strip().split("\n")
    return json.loads(last), said


def test_the_last_line_is_the_result_and_bad_rows_do_not_fail_the_command(operator: None, tmp_path: Path) -> None:
    file = usage_csv(tmp_path / "u.csv", "S1,2026-11-01,1,1,1,1,1,1", "S2,2026-02-30,1,1,1,1,1,1")
    result, said = run("usage-days", str(file))
    assert list(result) == [
        "resource", "received", "applied", "unchanged", "waiting", "rejected", "seconds", "notes", "errors",
    ]  # fmt: skip
    assert (result["resource"], result["received"], result["applied"], result["rejected"]) == ("usage-days", 2, 1, 1)
    assert result["errors"] == [
        {
            "row": 2,
            "field": "day",
            "code": "no_such_date",
            "message": "Row 2: day is '2026-02-30', a date or time that does not exist.",
        }
    ]
    assert said[0] == result["errors"][0]["message"]
    assert said[-1].startswith("usage-days: 2 received, 1 applied, 0 unchanged, 0 waiting, 1 rejected in ")


def test_json_prints_nothing_else(operator: None, tmp_path: Path) -> None:
    assert run("usage-days", str(usage_csv(tmp_path / "u.csv", "S1,x,1,1,1,1,1,1")), "--json")[1] == []


def test_at_most_twenty_errors_are_shown_and_all_are_kept(operator: None, tmp_path: Path) -> None:
    file = usage_csv(tmp_path / "u.csv", *(f"S1,2026-11-01,x{n},1,1,1,1,1" for n in range(30)))
    result, _ = run("usage-days", str(file))
    assert (len(result["errors"]), result["rejected"], QuarantinedRow.objects.count()) == (20, 30, 30)


@pytest.mark.parametrize(
    ("resource", "content", "sentence"),
    [
        ("usage", b"a\n1\n", "There is no resource 'usage'. The resources are: branches, plans"),
        ("usage-days", None, "cannot be read: No such file"),
        ("usage-days", b"", "The file is empty."),
        ("usage-days", b"subscriber_no,day,colour\n", "usage-days has no column 'colour'."),
        ("usage-days", b"subscriber_no,day\n", "usage-days needs column 'voice_out_s', 'voice_in_s'"),
    ],
)
def test_what_cannot_begin_is_one_sentence(
    operator: None, tmp_path: Path, resource: str, content: bytes | None, sentence: str
) -> None:
    file = tmp_path / "file.csv"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(CommandError, match=sentence.replace("(", r"\(")):
        run(resource, str(file))


def test_a_truncated_archive_lands_what_it_has_and_fails(operator: None, tmp_path: Path) -> None:
    from random import Random

    draw = Random(7)
    plain = usage_csv(tmp_path / "u.csv", *(f"S1,2026-11-0{n % 9 + 1},{draw.random()},1,1,1,1,1" for n in range(5_000)))
    file = tmp_path / "u.csv.gz"
    packed = gzip.compress(plain.read_bytes())
    file.write_bytes(packed[: len(packed) // 2])
    out = StringIO()
    with clock.freeze(NOW), pytest.raises(CommandError) as error:
        call_command("import_facts", "usage-days", str(file), stdout=out, skip_checks=True)
    result = json.loads(out.getvalue().strip().split("\n")[-1])
    assert 1_000 < result["received"] < 5_000
    assert str(error.value) == f"The file ends early after row {result['received']}." == result["notes"][-1]
    job = Job.objects.get(kind="import")
    assert (job.state, job.error) == (Job.State.FAILED, str(error.value))


def test_an_import_is_a_job_with_its_counts(operator: None, tmp_path: Path) -> None:
    file = usage_csv(tmp_path / "u.csv", "S1,2026-11-01,1,1,1,1,1,1", "S9,2026-11-01,1,1,1,1,1,1")
    run("usage-days", str(file))
    job = Job.objects.get()
    assert (job.kind, job.state, job.attempts) == ("import", Job.State.DONE, 1)
    assert job.key.startswith("usage-days:u.csv@")
    assert {name: job.counts[name] for name in ("received", "applied", "waiting")} == {
        "received": 2,
        "applied": 1,
        "waiting": 1,
    }
    assert run("usage-days", str(file))[0]["unchanged"] == 1
    assert Job.objects.get().attempts == 2


def test_an_interrupted_import_counts_on_from_its_last_chunk(
    operator: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from customers.ingest.services import file_rows, landing

    monkeypatch.setattr(file_rows, "CHUNK_ROWS", 2)
    lines = [f"S{n % 3 + 1},2026-11-0{n + 1},{'x' if n == 1 else 1},1,1,1,1,1" for n in range(6)]
    file = usage_csv(tmp_path / "u.csv", *lines)
    calls = iter([None, None, RuntimeError("power cut")])

    def failing(checked: object, *, real: object = landing.land, **given: object) -> int:
        if error := next(calls, None):
            raise error
        return real(checked, **given)

    monkeypatch.setattr(landing, "land", failing)
    with pytest.raises(RuntimeError):
        run("usage-days", str(file))
    job = Job.objects.get()
    assert (job.state, job.counts["last_row"], job.counts["received"]) == (Job.State.FAILED, 4, 4)
    result, _ = run("usage-days", str(file))
    assert (result["received"], result["applied"], result["unchanged"], result["rejected"]) == (6, 5, 0, 1)
    assert result["errors"][0]["row"] == 2
    assert UsageDay.objects.count() == 5


@pytest.mark.django_db(transaction=True)
def test_a_killed_import_run_again_ends_with_the_totals_of_an_undisturbed_one(
    tmp_path: Path, child_environment: dict[str, str]
) -> None:
    make_operator(1)
    rows = 160_000
    bad = set(range(0, rows, 1_000))
    lines = [f"E{n},S1,2026-01-01T00:00:00Z,{'' if n in bad else 'seen'}" for n in range(rows)]
    file = usage_csv(tmp_path / "events.csv", *lines, header="event_no,subscriber_no,at,kind")
    command = [sys.executable, "manage.py", "import_facts", "status-events", str(file), "--skip-checks", "--json"]
    kills = 0
    for wait_for in (0, 50_000):  # rows committed when the blow falls
        child = subprocess.Popen(
            command, cwd=settings.BASE_DIR, env=child_environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        while child.poll() is None and _committed() < wait_for:
            time.sleep(0.01)
        if child.poll() is None:
            time.sleep(0.05)
            os.kill(child.pid, signal.SIGKILL)
            kills += child.wait() == -signal.SIGKILL
            locks.wait_for(JOB_LOCK, Job.objects.get(kind="import").pk)  # until its session has noticed
    assert kills == 2
    done = subprocess.run(
        command, cwd=settings.BASE_DIR, env=child_environment, capture_output=True, text=True, check=True
    )
    result = json.loads(done.stdout.strip().split("\n")[-1])
    assert (result["received"], result["applied"], result["rejected"]) == (rows, rows - len(bad), len(bad))
    assert StatusEvent.objects.count() == rows - len(bad)
    assert QuarantinedRow.objects.count() == len(bad)


def _committed() -> int:
    job = Job.objects.filter(kind="import").first()
    return job.counts.get("last_row", 0) if job else -1
