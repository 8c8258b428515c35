"""A night whose facts are missing or hollow: what holds, and how it is made good."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db.models import F

from analytics.kpis.models import KpiValue
from analytics.warnings.services.owed_lists import list_owed
from campaigns.scenarios.models import ScenarioHit, ScenarioRun
from customers.facts.models import UsageDay
from customers.facts.models.usage import Usage
from customers.profile import checks
from customers.profile.models import SubscriberProfile
from customers.risk.models import RiskScore
from retention import nightly_steps, pipeline, tasks
from retention.core import clock
from retention.core.errors import Conflict
from retention.core.jobs import nights
from retention.core.jobs import services as jobs
from retention.core.jobs.models import Job
from tests.factories import make_user
from tests.retention.conftest import UNTIL

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 11, 21, 5, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
FIVE_DAYS = [UNTIL - timedelta(days=back) for back in range(5)]
ZEROS = {field.attname: 0 for field in Usage._meta.local_fields if field.attname != "source_version"}
HOLLOW = "what the usage of the day says is far off the same day of other weeks"


def poke() -> Job:
    """As beat does every five minutes."""
    with clock.freeze(MORNING):
        tasks.ensure_nightly()
    return Job.objects.nights().get()


def standing(code: str) -> tuple[str, int]:
    run = ScenarioRun.objects.get(scenario__code=code, on=UNTIL)
    return run.held_because, ScenarioHit.objects.filter(scenario__code=code).count()


def test_five_days_of_zeros_hold_scores_and_scenarios_until_the_facts_come(operator):
    kept = list(UsageDay.objects.filter(day__in=FIVE_DAYS))
    UsageDay.objects.filter(day__in=FIVE_DAYS).update(**ZEROS)

    job = poke()

    late = f"usage-days: {HOLLOW}"
    assert (job.state, job.counts) == (Job.State.GAPS, {"held": {"usage-days": HOLLOW, "risk": late}})
    assert standing("S17") == (late, 0)
    assert not RiskScore.objects.exists()
    assert SubscriberProfile.objects.filter(as_of=UNTIL).count() > 300
    assert {step.name for step in job.steps.filter(counts__missing=late)} == {
        "plan_fit", "snapshot", "model", "score", "uplift", "segments", "groups", "cohorts",
    }  # fmt: skip
    assert poke().attempts == 1, "nothing has come: nothing is done"

    UsageDay.objects.filter(day__in=FIVE_DAYS).delete()
    UsageDay.objects.bulk_create(kept)
    job = poke()

    assert (job.state, job.attempts, job.counts) == (Job.State.DONE, 2, {})
    assert standing("S17")[0] == ""
    assert RiskScore.objects.filter(as_of=UNTIL).count() > 300
    assert poke().attempts == 2


def test_a_missing_day_is_made_good_by_a_person_who_takes_it_as_it_is(operator):
    UsageDay.objects.filter(day=UNTIL).delete()
    admin = make_user(role="administrator")
    job = poke()
    assert job.counts["held"]["usage-days"] == "usage of the day has not arrived"

    nights.request_rerun(job=job, actor=admin)
    assert (poke().state, poke().attempts) == (Job.State.GAPS, 2)
    nights.request_rerun(job=job, actor=admin, accept=True)
    job = poke()

    assert (job.state, job.counts) == (Job.State.DONE, {"accepted": ["risk", "usage-days"]})
    assert RiskScore.objects.filter(as_of=UNTIL).exists()
    with pytest.raises(Conflict, match="failed or has gaps"):
        nights.request_rerun(job=job, actor=admin)


def night(day: date, state: str, **given: object) -> Job:
    job = jobs.get_job(kind=pipeline.KIND, business_date=day)
    Job.objects.filter(pk=job.pk).update(state=state, started_at=MORNING, **given)
    job.refresh_from_db()
    return job


HELD = {"held": {"usage-days": "usage of the day has not arrived"}}
LAST_WEEK = UNTIL - timedelta(days=3)


def test_a_held_night_is_looked_at_again_only_after_something_was_written(operator, monkeypatch):
    UsageDay.objects.filter(day=UNTIL).delete()
    assert poke().state == Job.State.GAPS
    poke()
    looks = []
    monkeypatch.setattr(checks, "check_arrivals", lambda **asked: looks.append(asked) or [])

    poke()
    assert looks == []
    UsageDay.objects.filter(day=UNTIL - timedelta(days=1)).update(data_mb=F("data_mb"))
    poke()
    assert len(looks) == 1


@pytest.mark.parametrize(("come", "due"), [(True, LAST_WEEK), (False, None)])
def test_an_older_held_night_is_due_when_its_facts_have_come(monkeypatch, come: bool, due: date | None):
    night(UNTIL, Job.State.DONE)
    night(LAST_WEEK, Job.State.GAPS, counts=HELD)
    night(UNTIL - timedelta(days=60), Job.State.GAPS, counts=HELD)
    monkeypatch.setattr(pipeline, "have_facts_come", lambda job: come)
    assert tasks.nightly_due(MORNING) == due


def test_what_somebody_asks_for_is_due_at_any_hour_and_the_last_night_comes_first():
    admin = make_user(role="administrator")
    nights.request_rerun(job=night(LAST_WEEK, Job.State.FAILED, attempts=5), actor=admin)
    assert tasks.nightly_due(MORNING.replace(hour=0)) == LAST_WEEK
    assert tasks.nightly_due(MORNING) == UNTIL
    night(UNTIL, Job.State.DONE)
    assert tasks.nightly_due(MORNING) == LAST_WEEK


def test_a_night_that_waits_for_scores_only_is_not_looked_at_again():
    assert not pipeline.have_facts_come(night(UNTIL, Job.State.GAPS, counts={"held": {"risk": "too few leavers"}}))


@pytest.mark.parametrize(
    ("held_on", "as_of", "owed"),
    [
        (date(2026, 10, 31), date(2026, 11, 3), date(2026, 11, 1)),
        (date(2026, 10, 31), date(2026, 11, 9), None),
        (date(2026, 10, 30), date(2026, 11, 3), date(2026, 11, 1)),  # no night on the last day
        (date(2026, 11, 1), date(2026, 11, 3), None),  # nor any before
    ],
)
def test_the_list_of_a_month_end_that_was_held_or_left_out_is_owed_for_a_week(
    held_on: date, as_of: date, owed: date | None
):
    night(held_on, Job.State.GAPS, counts=HELD)
    assert list_owed(as_of=as_of) == owed


def test_indicators_of_a_feed_that_is_held_are_left_out(operator):
    nightly_steps.record_kpis(as_of=UNTIL, held={"bills": "none came"})
    kpis = set(KpiValue.objects.values_list("kpi", flat=True))
    assert "arpu" not in kpis and "subscribers" in kpis
