"""The tasks that keep the centre running, with none, one or three schedulers and with processes that died."""

import re
import subprocess
import sys
import threading
import time
from datetime import date, datetime
from zoneinfo import ZoneInfo

import psycopg2
import pytest
from celery import current_app
from django.db import connection

from retention import env, pipeline, tasks
from retention.celery import RENAMED_TASKS, answer_to_old_names, packages_with_tasks
from retention.core import clock
from retention.core.jobs import services as jobs
from retention.core.jobs.models import Job
from retention.core.jobs.services import INTERRUPTED, JOB_LOCK, fail_interrupted

MORNING = datetime(2026, 11, 21, 5, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
NIGHT = date(2026, 11, 20)


def nightly(state: str, attempts: int = 1) -> Job:
    job = jobs.get_job(kind=pipeline.KIND, business_date=NIGHT)
    Job.objects.filter(pk=job.pk).update(state=state, attempts=attempts, started_at=MORNING)
    job.refresh_from_db()
    return job


def hold(session: psycopg2.extensions.connection, job: Job) -> None:
    with session.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [JOB_LOCK, job.pk])


@pytest.mark.django_db
def test_a_night_that_was_missed_is_due_whenever_the_scheduler_comes_back():
    assert tasks.nightly_due(MORNING) == NIGHT
    assert tasks.nightly_due(MORNING.replace(hour=23)) == NIGHT


@pytest.mark.django_db
def test_no_night_is_due_before_the_facts_can_be_in(settings):
    settings.NIGHTLY_HOUR = 6
    assert tasks.nightly_due(MORNING) is None


@pytest.mark.django_db
@pytest.mark.parametrize("utc_hour", [17, 23])
def test_the_date_is_the_operators_not_greenwichs(utc_hour: int):
    at = datetime(2026, 11, 20, utc_hour, 30, tzinfo=ZoneInfo("UTC"))  # already the 21st in Shanghai
    assert tasks.nightly_due(at) == NIGHT


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "attempts", "due"),
    [
        (Job.State.DONE, 1, False),
        (Job.State.GAPS, 1, False),
        (Job.State.CANCELLED, 1, False),
        (Job.State.FAILED, 4, True),
        (Job.State.FAILED, 5, False),
        (Job.State.RUNNING, 1, True),
        (Job.State.QUEUED, 0, True),
    ],
)
def test_a_night_is_due_until_it_is_done_or_has_failed_too_often(state: str, attempts: int, due: bool):
    nightly(state, attempts)
    assert tasks.nightly_due(MORNING) == (NIGHT if due else None)


@pytest.mark.django_db
def test_a_night_that_another_process_runs_is_left_to_it(another_process):
    hold(another_process, nightly(Job.State.RUNNING))
    assert tasks.nightly_due(MORNING) is None


@pytest.mark.django_db(transaction=True)
def test_three_schedulers_make_one_run(monkeypatch: pytest.MonkeyPatch):
    ran: list[date] = []

    def arrivals(as_of: date, step: object) -> None:
        ran.append(as_of)
        time.sleep(0.3)

    def poke() -> None:
        with clock.freeze(MORNING):
            tasks.ensure_nightly()
        connection.close()

    monkeypatch.setattr(pipeline, "STEPS", (pipeline.Step("arrivals", arrivals),))
    pokes = [threading.Thread(target=poke) for _ in range(3)]
    for one in pokes:
        one.start()
    for one in pokes:
        one.join()
    poke()
    assert ran == [NIGHT]
    assert Job.objects.get(kind=pipeline.KIND).state == Job.State.DONE


@pytest.mark.django_db
def test_a_night_whose_process_died_is_taken_up_again_at_once(monkeypatch: pytest.MonkeyPatch):
    poked: list[bool] = []
    monkeypatch.setattr(tasks.ensure_nightly, "delay", lambda: poked.append(True))
    job = nightly(Job.State.RUNNING)
    with clock.freeze(MORNING):
        tasks.reconcile()
    job.refresh_from_db()
    assert (job.state, job.error, job.finished_at) == (Job.State.FAILED, INTERRUPTED, MORNING)
    assert poked == [True]


@pytest.mark.django_db
def test_a_job_that_lives_is_not_called_interrupted(another_process):
    job = nightly(Job.State.RUNNING)
    hold(another_process, job)
    tasks.reconcile()
    job.refresh_from_db()
    assert job.state == Job.State.RUNNING


@pytest.mark.django_db
def test_a_job_that_was_started_anew_meanwhile_is_not_called_interrupted():
    stale = nightly(Job.State.RUNNING)
    Job.objects.filter(pk=stale.pk).update(started_at=MORNING.replace(hour=6))
    assert not fail_interrupted(job=stale, now=MORNING)


@pytest.fixture
def as_a_worker_starts() -> None:
    current_app.loader.import_default_modules()


@pytest.mark.usefixtures("as_a_worker_starts")
def test_every_module_of_tasks_is_discovered():
    found = {name for name in current_app.tasks if not name.startswith("celery.")}
    written = {
        f"{package}.tasks.{match[1]}"
        for package in packages_with_tasks()
        for match in re.finditer(
            r"^@shared_task.*?^def (\w+)", (env.ROOT / package.replace(".", "/") / "tasks.py").read_text(), re.M | re.S
        )
    }
    assert written and written <= found


@pytest.mark.usefixtures("as_a_worker_starts")
def test_tasks_answer_to_the_names_of_the_release_before():
    answer_to_old_names()
    for old, new in RENAMED_TASKS.items():
        assert current_app.tasks[old] is current_app.tasks[new]
        assert current_app.tasks[new].name == new


@pytest.mark.drill
@pytest.mark.django_db
def test_a_real_worker_consumes_heartbeats(child_environment: dict[str, str]):
    def health() -> int:
        return subprocess.run(
            [sys.executable, str(env.ROOT / "manage.py"), "health", "consuming"], env=child_environment, check=False
        ).returncode

    celery = [sys.executable, "-m", "celery", "-A", "retention"]
    worker = subprocess.Popen(
        [*celery, "worker", "--pool=solo", "--loglevel=WARNING"], cwd=env.ROOT, env=child_environment
    )
    try:
        sent = [*celery, "call", "retention.tasks.heartbeat"]
        subprocess.run(sent, cwd=env.ROOT, env=child_environment, check=True, capture_output=True)
        end = time.monotonic() + 60
        while (status := health()) and time.monotonic() < end:
            time.sleep(0.5)
        assert status == 0
    finally:
        worker.kill()
        worker.wait()
