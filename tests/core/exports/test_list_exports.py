"""Lists too long to answer with: asked for, written by a worker, fetched by the person who asked."""

import csv
from datetime import timedelta

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from retention.core import clock
from retention.core.accounts.roles import Role
from retention.core.audit.models import AuditEntry
from retention.core.exports import services
from retention.core.exports.models import ListExport
from retention.core.exports.tasks import drop_old_exports, resume_exports, write_export
from retention.core.jobs.models import Job
from retention.core.jobs.services import INTERRUPTED
from retention.core.ui.tables import exports
from tests.factories import NOW, TODAY, make_job


@pytest.fixture(autouse=True)
def small_limit(monkeypatch, settings, tmp_path):
    monkeypatch.setattr(exports, "INLINE_LIMIT", 2)
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def manager(client, mia):
    client.force_login(mia)
    for days in range(3):
        make_job(kind="import", started_at=NOW - timedelta(days=days))
    make_job(kind="nightly")
    return client


def ask(client, query="?kind=import&sort=-started_at&export=csv"):
    response = client.get(f"/jobs/{query}")
    assert response.status_code == 302
    return ListExport.objects.get(), response.headers["Location"]


def file_of(client, export):
    return client.get(reverse("core:export-file", args=[export.pk]))


def test_up_to_the_limit_a_list_is_answered_at_once(manager):
    assert manager.get("/jobs/?kind=nightly&export=csv").status_code == 200
    assert not ListExport.objects.exists()


def test_a_long_list_is_written_by_a_worker_and_fetched(manager, mia, eager_tasks, django_capture_on_commit_callbacks):
    with clock.freeze(NOW), django_capture_on_commit_callbacks(execute=True):
        export, url = ask(manager)
    export.refresh_from_db()
    assert (export.job.state, export.rows) == (Job.State.DONE, 3)
    page = manager.get(url)
    assert reverse("core:export-file", args=[export.pk]) in page.text
    response = file_of(manager, export)
    assert response.headers["Content-Disposition"] == 'attachment; filename="jobs_kind-import_20261120-1000.csv"'
    assert response.headers["Cache-Control"] == "no-store"
    lines = list(csv.reader(b"".join(response.streaming_content).decode("utf-8-sig").splitlines()))
    days = [line[lines[0].index("Started")][:10] for line in lines[1:]]
    assert days == [str(TODAY - timedelta(days=n)) for n in range(3)]
    entry = AuditEntry.objects.get(action="export")
    assert (entry.actor, entry.target) == (mia, "jobs")
    assert entry.detail == {"kind": "csv", "filters": {"kind": "import"}, "rows": 3}


def test_a_workbook_is_made_in_the_language_and_at_the_time_of_asking(manager, mia):
    mia.language = "zh-hans"
    mia.save()
    with clock.freeze(NOW):
        manager.cookies["django_language"] = "zh-hans"
        export, _url = ask(manager, "?kind=import&export=xlsx")
    services.run_export(export=export)
    book = CalamineWorkbook.from_path(services.path_of(export))
    assert dict(book.get_sheet_by_index(1).to_python())["名单"] == "后台任务"
    assert "2026-11-20 10:00" in str(book.get_sheet_by_index(1).to_python())


def test_asking_again_while_it_waits_leads_to_the_same_export(manager):
    export, url = ask(manager)
    assert ask(manager) == (export, url)
    manager.get("/jobs/?export=csv")
    assert ListExport.objects.count() == 2


def test_another_persons_export_is_not_there(manager, client, ada):
    export, url = ask(manager)
    services.run_export(export=export)
    client.force_login(ada)
    assert client.get(url).status_code == 404
    assert file_of(client, export).status_code == 404
    job = client.get(reverse("core:job", args=[export.job_id]))
    assert url not in job.text


def test_the_job_page_leads_its_person_to_the_file(manager):
    export, url = ask(manager)
    assert f'href="{url}"' in manager.get(reverse("core:job", args=[export.job_id])).text


def test_running_it_twice_writes_one_file_and_one_entry(manager):
    export, _url = ask(manager)
    for _attempt in range(2):
        write_export(export.pk)
    Job.objects.filter(pk=export.job_id).update(state=Job.State.QUEUED)
    write_export(export.pk)
    assert AuditEntry.objects.filter(action="export").count() == 1
    assert [path.name for path in services.path_of(export).parent.iterdir()] == ["list.csv"]


def test_a_killed_worker_leaves_an_export_that_is_taken_up_again(manager, eager_tasks, monkeypatch):
    export, _url = ask(manager)

    def killed(*args, **kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(services, "write_csv", killed)
        services.run_export(export=export)
    Job.objects.filter(pk=export.job_id).update(error=INTERRUPTED)
    assert not AuditEntry.objects.filter(action="export").exists()
    resume_exports()
    export.refresh_from_db()
    assert (export.rows, export.job.state) == (3, Job.State.DONE)


def test_whoever_lost_the_permission_gets_no_file(manager, mia):
    export, url = ask(manager)
    mia.role = Role.AGENT
    mia.save()
    services.run_export(export=export)
    export.refresh_from_db()
    assert (export.job.state, export.rows) == (Job.State.FAILED, None)
    assert "may no longer export" in manager.get(url).text
    assert not AuditEntry.objects.filter(action="export").exists()


@pytest.mark.parametrize("change", [{"role": Role.SUPERVISOR}, {"branch": "other"}])
def test_a_written_file_is_kept_from_whoever_sees_other_rows_now(manager, mia, branches, change):
    export, _url = ask(manager)
    services.run_export(export=export)
    for name, value in change.items():
        setattr(mia, name, branches.other if name == "branch" else value)
    mia.save()
    assert file_of(manager, export).status_code == 403


def test_a_file_that_is_not_written_yet_is_not_there(manager):
    export, url = ask(manager)
    assert file_of(manager, export).status_code == 404
    assert 'hx-trigger="every 2s"' in manager.get(url).text


def test_old_files_go_with_their_query_string(manager):
    with clock.freeze(NOW):
        export, url = ask(manager)
    services.run_export(export=export)
    with clock.freeze(NOW + timedelta(days=6)):
        drop_old_exports()
    assert services.path_of(export).is_file()
    with clock.freeze(NOW + timedelta(days=8)):
        drop_old_exports()
    export.refresh_from_db()
    assert not services.path_of(export).parent.exists()
    assert export.query == ""
    assert file_of(manager, export).status_code == 404
    assert "deleted after its time" in manager.get(url).text


def test_files_are_readable_by_the_service_alone(manager):
    export, _url = ask(manager)
    services.run_export(export=export)
    path = services.path_of(export)
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0
