"""The list page, seen on the list of jobs."""

import csv
import io
import re
from datetime import date, timedelta

import pytest
from python_calamine import CalamineWorkbook

from retention.core.accounts.roles import Role
from retention.core.audit.models import AuditEntry
from retention.core.exports.models import ListExport
from retention.core.jobs.models import Job
from retention.core.ui.listing import REGISTRY, ListPage, restore_list
from retention.core.ui.tables import exports, files
from tests.factories import NOW, TODAY, make_job, make_user


def csv_rows(response):
    return list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))


def kinds(page):
    return [row.record.kind for row in page.context["table"].rows]


@pytest.fixture
def jobs(db):
    for days, kind in enumerate(["import", "nightly", "train"]):
        make_job(kind=kind, created_at=NOW - timedelta(days=days), started_at=NOW - timedelta(days=days))
    make_job(kind="import", state=Job.State.FAILED, started_at=NOW - timedelta(days=9))


def test_a_filter_keeps_the_order_and_the_page_size(manager, jobs):
    html = manager.get("/jobs/?sort=started_at&per_page=50").text
    form = re.search(r'<form class="rp-filters".*?</form>', html, re.DOTALL)[0]
    assert '<input type="hidden" name="sort" value="started_at">' in form
    assert '<input type="hidden" name="per_page" value="50">' in form
    assert kinds(manager.get("/jobs/?kind=import&sort=started_at"))[0] == "import"


def test_an_order_keeps_the_filters_and_so_does_taking_the_filters_away(manager, jobs):
    html = manager.get("/jobs/?kind=import&sort=-started_at").text
    link = re.search(r'data-column="business_date".*?href="([^"]+)"', html, re.DOTALL)[1]
    assert "kind=import" in link
    reset = re.search(r'id="filter-actions".*?<a class="btn" href="([^"]+)"', html, re.DOTALL)[1]
    assert reset == "/jobs/?sort=-started_at"


def test_the_order_of_a_swapped_list_reaches_the_filter_form(manager, jobs):
    html = manager.get("/jobs/").text
    assert 'hx-select-oob="#filter-actions,#filter-chips"' in html
    assert 'id="filter-actions"' in html
    assert 'id="filter-chips"' in html


def test_the_first_click_gives_the_newest_day_and_the_first_name(manager, jobs):
    html = manager.get("/jobs/").text
    assert re.search(r'data-column="started_at".*?href="\?sort=-started_at"', html, re.DOTALL)
    assert re.search(r'data-column="kind".*?href="\?sort=kind"', html, re.DOTALL)
    again = manager.get("/jobs/?sort=-started_at").text
    assert re.search(r'data-column="started_at".*?href="\?sort=started_at"', again, re.DOTALL)


def test_rows_without_a_value_come_last_whatever_the_direction(manager, jobs):
    make_job(kind="simulate", started_at=None, finished_at=None)
    for sort in ("started_at", "-started_at"):
        assert kinds(manager.get(f"/jobs/?sort={sort}"))[-1] == "simulate"


def test_a_browser_does_not_put_old_choices_back_into_the_filters(manager, jobs):
    form = re.search(r'<form class="rp-filters".*?>', manager.get("/jobs/?state=done").text, re.DOTALL)[0]
    assert 'autocomplete="off"' in form


def test_an_impossible_filter_filters_nothing_and_the_others_hold(manager, jobs):
    assert len(kinds(manager.get("/jobs/?kind=nonsense"))) == 4
    assert kinds(manager.get("/jobs/?kind=nonsense&state=failed")) == ["import"]


def test_an_export_is_one_audit_entry_with_list_kind_filters_and_rows(manager, mia, jobs):
    rows = csv_rows(manager.get("/jobs/?kind=import&sort=-started_at&export=csv"))
    assert len(rows) == 3
    entry = AuditEntry.objects.get(action="export")
    assert (entry.actor, entry.target) == (mia, "jobs")
    assert entry.detail == {"kind": "csv", "filters": {"kind": "import"}, "rows": 2}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_without_the_permission_there_is_no_link_no_file_and_no_entry(manager, jobs, monkeypatch, kind):
    monkeypatch.setattr(REGISTRY["jobs"], "export_permission", "facts.import")
    assert "export=csv" not in manager.get("/jobs/").text
    assert manager.get(f"/jobs/?export={kind}").status_code == 403
    assert not AuditEntry.objects.filter(action="export").exists()


def test_a_workbook_has_numbers_dates_words_and_what_they_mean(manager, jobs):
    response = manager.get("/jobs/?state=failed&sort=-started_at&export=xlsx")
    book = CalamineWorkbook.from_filelike(io.BytesIO(response.content))
    heading, row = book.get_sheet_by_index(0).to_python()
    cells = dict(zip(heading, row, strict=True))
    assert cells["Business date"] == TODAY
    assert isinstance(cells["Business date"], date)
    assert cells["Took"] == pytest.approx(9 * 86400 + 90)
    assert (cells["Job"], cells["State"]) == ("Import of facts", "Failed")
    about = dict(book.get_sheet_by_index(1).to_python())
    assert (about["List"], about["Filter: State"]) == ("Jobs", "Failed")
    assert about["Order"] == "Started (descending)"
    assert about["Took"] == "From start to end, in seconds."


def test_a_workbook_with_more_rows_than_a_sheet_holds_is_refused_before_any_job(manager, jobs, monkeypatch):
    monkeypatch.setattr(files, "MAX_SHEET_ROWS", 3)
    monkeypatch.setattr(exports, "INLINE_LIMIT", 1)
    answer = manager.get("/jobs/?export=xlsx")
    assert answer.status_code == 422
    assert "more rows than a sheet of a workbook holds (3)" in answer.text
    assert not ListExport.objects.exists()
    assert manager.get("/jobs/?export=csv").status_code == 302


@pytest.mark.parametrize("size", ["-5", "0", "1", "99999999999999999999", "²", "x"])
def test_a_page_size_that_is_not_offered_is_the_usual_one(manager, jobs, size):
    page = manager.get("/jobs/", {"per_page": size, "page": size})
    assert page.context["table"].paginator.per_page == 25
    assert len(kinds(page)) == 4


def test_a_list_is_restored_from_its_name_and_address(mia, jobs):
    page = restore_list(name="jobs", query="kind=import&sort=-started_at", arguments={}, user=mia)
    assert page.query["kind"] == "import"
    assert len(list(page.get_sheet().rows)) == 2


def test_a_list_without_a_template_has_its_title_its_tabs_and_the_page_above(manager):
    html = manager.get("/churn/watch/alarms/").text
    assert re.search(r"<h1>\s*Alarms\s*</h1>", html)
    assert re.findall(r'breadcrumb-item">\s*<a href="(.*?)"', html) == ["/", "/churn/watch/"]
    assert 'href="/churn/planner/"' in html


def test_a_name_belongs_to_one_list():
    with pytest.raises(ValueError, match="two lists"):
        type("Other", (ListPage,), {"name": "jobs"})


def test_who_may_see_the_page_stands_at_the_view(client, jobs):
    client.force_login(make_user(role=Role.AGENT))
    assert client.get("/jobs/").status_code == 403
