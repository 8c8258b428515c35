from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from retention.core.audit.models import AuditEntry
from retention.core.jobs.models import Job, JobStep
from tests.factories import NOW, TODAY, make_job


def make_step(job, name, position, *, seconds=2.0, **given) -> JobStep:
    times = {"started_at": NOW, "finished_at": NOW + timedelta(seconds=seconds)}
    return JobStep.objects.create(job=job, name=name, position=position, **times | given)


@pytest.fixture
def night(db):
    job = make_job(state=Job.State.RUNNING, finished_at=None, key="")
    make_step(job, "profile", 1, rows=20_000, counts={"built": 20_000})
    make_step(job, "score", 2, finished_at=None)
    JobStep.objects.create(job=job, name="kpis", position=3)
    return job


def test_every_job_is_a_row_with_its_steps_and_its_error_in_words(manager, night):
    make_job(kind="import", state=Job.State.FAILED, error="The file ends in the middle of a row.", key="bills.csv")
    text = manager.get("/jobs/").text
    for part in (
        "Nightly run",
        "1 of 3",
        "Import of facts",
        "bills.csv",
        "The file ends in the middle of a row.",
        "Failed",
    ):
        assert part in text


@pytest.mark.parametrize(
    ("query", "kinds"), [("kind=import", ["import"]), ("state=done", ["import", "nightly"]), ("kind=nope", 3)]
)
def test_jobs_are_filtered_by_kind_and_state(manager, query, kinds):
    for kind, state in (("nightly", "done"), ("import", "done"), ("train", "failed")):
        make_job(kind=kind, state=state)
    rows = manager.get(f"/jobs/?{query}").context["table"].paginated_rows
    found = sorted(row.record.kind for row in rows)
    assert (len(found) if isinstance(kinds, int) else found) == kinds


def test_while_something_runs_the_list_asks_again_and_is_left_alone_when_nothing_moved(manager, night):
    answer = manager.get("/jobs/")
    assert 'hx-trigger="every 5s"' in answer.text
    seen = {"X-Seen": answer.context["version"]}
    assert manager.get("/jobs/", headers=seen).status_code == 204
    JobStep.objects.filter(name="score").update(finished_at=NOW)
    assert manager.get("/jobs/", headers=seen).status_code == 200
    assert 'hx-trigger="every 5s"' not in manager.get("/jobs/?live=off").text


def test_with_nothing_running_the_list_is_still(manager):
    make_job()
    assert "every 5s" not in manager.get("/jobs/").text


def test_a_job_page_has_the_step_table_with_rows_a_second(manager, night):
    JobStep.objects.filter(name="score").update(error="ValueError: no model")
    text = manager.get(f"/jobs/{night.pk}/").text
    for part in (
        "Profile",
        "20,000",
        "10,000",
        "2.00",
        "built",
        "Scores with reasons",
        "ValueError: no model",
        "Indicators",
    ):
        assert part in text
    assert 'hx-trigger="every 2s"' in text


def test_a_finished_job_no_longer_asks(manager):
    job = make_job()
    make_step(job, "profile", 1, rows=5)
    assert "every 2s" not in manager.get(f"/jobs/{job.pk}/").text
    assert "every 2s" not in manager.get(f"/jobs/{job.pk}/progress/").text


def test_the_progress_card_alone_asks_for_itself(manager, night):
    text = manager.get(f"/jobs/{night.pk}/progress/").text
    assert f'hx-get="/jobs/{night.pk}/progress/"' in text
    assert "<html" not in text


def test_a_job_that_is_not_there_is_not_found(manager):
    assert manager.get("/jobs/987654/").status_code == 404


def test_many_jobs_cost_no_more_queries_than_few(manager):
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            manager.get("/jobs/")
        return len(caught)

    for _ in range(2):
        make_step(make_job(), "profile", 1)
    manager.get("/jobs/")
    few = queries()
    for _ in range(20):
        make_step(make_job(), "profile", 1)
    assert queries() == few <= 10


def test_the_list_is_exported_and_that_is_audited(manager, mia):
    make_job(kind="import", key="bills.csv", business_date=TODAY)
    text = b"".join(manager.get("/jobs/?export=csv").streaming_content).decode("utf-8-sig")
    assert "bills.csv" in text
    assert AuditEntry.objects.get(action="export").actor == mia


def test_jobs_are_closed_to_those_who_do_not_watch_them(client, ana):
    client.force_login(ana)
    assert client.get("/jobs/").status_code == 403
