"""The button that has a night run again, and the notices of one that waits."""

from datetime import date

import pytest

from retention.core.audit.models import AuditEntry
from retention.core.jobs import nights
from retention.core.jobs.models import Job
from tests.factories import make_job, make_user

pytestmark = pytest.mark.django_db
LATE = "usage of the day has not arrived"
HELD = {"held": {"usage-days": LATE, "risk": f"usage-days: {LATE}"}}


@pytest.fixture
def held() -> Job:
    night = make_job(key="", state=Job.State.GAPS, counts=HELD, business_date=date(2026, 11, 20))
    night.steps.create(name="arrivals", position=1)
    scored = make_job(key="", business_date=date(2026, 11, 19))
    scored.steps.create(name="score", position=1, rows=900)
    return night


@pytest.fixture
def admin(client):
    client.force_login(make_user(role="administrator"))
    return client


@pytest.fixture
def poked(monkeypatch) -> list[str]:
    found: list[str] = []
    monkeypatch.setattr(nights, "wake_worker", found.append)
    return found


def test_a_held_night_is_put_back_into_the_queue_and_a_worker_is_woken(admin, held, poked):
    answer = admin.post(f"/jobs/{held.pk}/again/", follow=True)
    held.refresh_from_db()
    assert (held.state, held.counts["again"], held.counts["accepted"]) == (Job.State.QUEUED, True, [])
    assert not held.steps.exists() and poked == ["retention.tasks.ensure_nightly"]
    assert "A worker will run the night again" in answer.text
    assert AuditEntry.objects.get(action="night.rerun").target == "nightly 2026-11-20"


def test_facts_can_be_taken_as_they_are(admin, held, poked):
    admin.post(f"/jobs/{held.pk}/again/", {"accept": "1"})
    held.refresh_from_db()
    assert held.counts["accepted"] == ["risk", "usage-days"]


def test_a_night_that_failed_keeps_its_finished_steps(admin, held, poked):
    Job.objects.filter(pk=held.pk).update(state=Job.State.FAILED, counts={})
    admin.post(f"/jobs/{held.pk}/again/")
    assert held.steps.count() == 1


@pytest.mark.parametrize("state", [Job.State.DONE, Job.State.QUEUED, Job.State.RUNNING])
def test_other_nights_are_left_alone(admin, held, poked, state: str):
    Job.objects.filter(pk=held.pk).update(state=state)
    assert "Only a night that has failed" in admin.post(f"/jobs/{held.pk}/again/", follow=True).text
    held.refresh_from_db()
    assert held.state == state and not poked


def test_a_job_that_is_no_night_cannot_be_run_again(admin):
    assert admin.post(f"/jobs/{make_job(kind='import', state='failed').pk}/again/").status_code == 404


@pytest.mark.parametrize(("role", "status"), [("manager", 403), ("analyst", 403), ("administrator", 302)])
def test_only_who_runs_jobs_may(client, held, poked, role: str, status: int):
    client.force_login(make_user(role=role))
    assert client.post(f"/jobs/{held.pk}/again/").status_code == status
    shown = "/again/" in client.get(f"/jobs/{held.pk}/").text
    assert shown is (role == "administrator" and Job.objects.get(pk=held.pk).state == Job.State.GAPS)


PAGES = ["/", "/churn/", "/churn/lists/", "/scenarios/"]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    ("language", "said", "since"),
    [
        ("en", "waits: daily usage: usage of the day has not arrived. What", "Scores are those of 19 Nov 2026."),
        ("zh-hans", "每日使用量：当日使用量未到达", "2026年11月19日的评分"),
    ],
)
def test_home_churn_and_scenario_pages_say_what_the_night_waits_for(admin, held, page, language, said, since):
    text = admin.get(page, headers={"Accept-Language": language}).text
    assert said in text and since in text and f"/jobs/{held.pk}/again/" in text


@pytest.mark.parametrize("page", PAGES)
def test_who_may_not_run_it_is_told_without_a_button(client, held, mia, page):
    client.force_login(mia)
    text = client.get(page).text
    assert LATE in text and "/again/" not in text


def test_a_night_that_is_done_is_not_spoken_of(admin, held):
    Job.objects.filter(pk=held.pk).update(state=Job.State.DONE, counts={})
    assert LATE not in admin.get("/").text


def test_a_feed_that_is_never_sent_is_not_waited_for(admin, held):
    Job.objects.filter(pk=held.pk).update(counts={"held": {"balances": "no balance has arrived in five weeks"}})
    assert "no balance has arrived" not in admin.get("/").text
    page = admin.get(f"/jobs/{held.pk}/").text
    assert "no balance has arrived" in page and "Done with gaps" in page


def test_the_page_of_a_night_of_history_says_so(admin):
    night = make_job(key="", state=Job.State.GAPS, counts={"history_only": "2026-11-20"})
    assert "The state of 2026-11-20 stays" in admin.get(f"/jobs/{night.pk}/").text
