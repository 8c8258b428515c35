"""A job goes on where it stopped, is done once, and never runs in two places."""

import threading
from datetime import date

import pytest
from django.db import connection

from retention.core.errors import Conflict
from retention.core.jobs import services as jobs
from retention.core.jobs.models import Job, JobStep

NIGHT = date(2026, 11, 20)


def make() -> Job:
    return jobs.get_job(kind="test", business_date=NIGHT)


@pytest.mark.django_db
def test_the_same_work_has_one_row():
    assert make().pk == make().pk


@pytest.mark.django_db
def test_a_finished_step_is_not_done_again():
    done: list[str] = []

    def work(step: JobStep) -> None:
        done.append(step.name)
        step.rows = 7

    job = make()
    with jobs.running(job):
        jobs.run_step(job, "one", work)
        step = jobs.run_step(job, "one", work)

    assert done == ["one"]
    assert step.rows == 7
    assert job.state == Job.State.DONE


@pytest.mark.django_db
def test_a_failure_says_where_and_why_and_the_next_run_goes_on_there():
    job, done = make(), []

    def breaks(step: JobStep) -> None:
        raise RuntimeError("the disk is full")

    with pytest.raises(RuntimeError), jobs.running(job):
        jobs.run_step(job, "one", lambda step: done.append("one"))
        jobs.run_step(job, "two", breaks)

    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert "the disk is full" in job.error
    assert "the disk is full" in job.steps.get(name="two").error

    with jobs.running(job):
        jobs.run_step(job, "one", lambda step: done.append("one"))
        jobs.run_step(job, "two", lambda step: done.append("two"))
    assert done == ["one", "two"]
    assert job.state == Job.State.DONE
    assert job.attempts == 2


@pytest.mark.django_db(transaction=True)
def test_two_processes_never_run_one_job_at_once():
    job, refused = make(), []

    def other_process() -> None:
        try:
            with jobs.running(Job.objects.get(pk=job.pk)):
                pass
        except Conflict as error:
            refused.append(error.code)
        finally:
            connection.close()

    with jobs.running(job):
        assert jobs.is_held(job)
        thread = threading.Thread(target=other_process)
        thread.start()
        thread.join()

    assert refused == ["already_running"]
    assert not jobs.is_held(job)
