"""Which nights may run, and what a night before the newest one may change."""

from datetime import date, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command

from analytics.kpis.models import KpiValue
from analytics.warnings.models import WarningList
from campaigns.scenarios.models import ScenarioHit, ScenarioRun
from customers.facts.models import UsageMonth
from customers.profile.models import ProfileSnapshot, SubscriberProfile
from customers.profile.queries.nights import newer_night
from customers.risk.models import RiskScore
from retention import nightly_steps, pipeline
from retention.core import clock
from retention.core.db import partitioned_tables
from retention.core.errors import Conflict, Invalid
from retention.core.jobs import services as jobs
from retention.core.jobs.models import Job
from retention.core.jobs.nights import NIGHT_LOCK, one_night
from tests.factories import make_profile
from tests.retention.conftest import UNTIL
from workorders.orders.models import WorkOrder

pytestmark = pytest.mark.django_db
MONTH_END = date(2026, 10, 31)


@pytest.fixture
def night_elsewhere(another_process) -> None:
    with another_process.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, 0)", [NIGHT_LOCK])


def live_state() -> dict:
    """All that a night may only write for the newest date."""
    return {
        "profiles": list(SubscriberProfile.objects.order_by("pk").values()),
        "scores": list(RiskScore.objects.order_by("as_of", "subscriber_id").values()),
        "orders": list(WorkOrder.objects.order_by("pk").values()),
        "hits": list(ScenarioHit.objects.order_by("pk").values()),
        "runs": list(ScenarioRun.objects.order_by("pk").values()),
        "lists": list(WarningList.objects.values()),
        "months": list(UsageMonth.objects.order_by("subscriber_id", "month").values()),
    }


def test_a_night_is_refused_while_another_runs_and_is_told_which(night_elsewhere):
    other = jobs.get_job(kind=pipeline.KIND, business_date=date(2026, 11, 19))
    Job.objects.filter(pk=other.pk).update(state=Job.State.RUNNING, started_at=clock.now())
    with pytest.raises(Conflict, match="night of 2026-11-19 is already running"):
        pipeline.run_nightly(as_of=UNTIL)
    assert not Job.objects.filter(business_date=UNTIL).exists()


def test_scoring_by_hand_is_refused_while_a_night_runs(night_elsewhere):
    with pytest.raises(CommandError, match="already running in another process"):
        call_command("churn", "score", "--as-of", str(UNTIL))


def test_the_lock_is_free_again_after_a_night_that_failed(another_process):
    with pytest.raises(RuntimeError), one_night():
        raise RuntimeError("it broke")
    with another_process.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, 0)", [NIGHT_LOCK])
        assert cursor.fetchone() == (True,)


@pytest.mark.parametrize("day", [date(2026, 11, 21), date(2027, 6, 30), date.max])
def test_a_day_that_is_not_over_has_no_night(day: date):
    make_profile()
    with clock.freeze(datetime(2026, 11, 21, 23, 59, tzinfo=ZoneInfo("Asia/Shanghai"))):
        with pytest.raises(Invalid, match="the last whole day is 2026-11-20") as refused:
            pipeline.run_nightly(as_of=day)
        for command in (["nightly"], ["churn", "score"], ["churn", "train"], ["churn", "contest"]):
            with pytest.raises(CommandError, match="is not over"):
                call_command(*command, "--as-of", str(day), stdout=StringIO())
    assert refused.value.code == "day_not_over"
    assert not Job.objects.exists() and not WarningList.objects.exists() and not ProfileSnapshot.objects.exists()


@pytest.mark.parametrize("day", [date.min, date(1900, 1, 1), date(2026, 6, 30)])
def test_a_day_before_the_first_facts_has_no_night(day: date):
    line = make_profile()
    UsageMonth.objects.all().delete()
    make_month(line.subscriber, date(2026, 7, 1))
    with pytest.raises(Invalid, match="the first are of 2026-07-01"):
        pipeline.run_nightly(as_of=day)
    assert SubscriberProfile.objects.filter(pk=line.pk).exists() and not Job.objects.exists()


def make_month(line, month: date) -> None:
    partitioned_tables.ensure_partitions("customers_usagemonth", [month, date(2026, 6, 1)])
    UsageMonth.objects.create(subscriber=line, month=month)


def test_an_older_night_rebuilds_history_and_leaves_the_state_of_now_alone(operator):
    pipeline.run_nightly(as_of=UNTIL)
    before = live_state()
    assert before["scores"] and before["orders"]
    ProfileSnapshot.objects.filter(as_of=MONTH_END).delete()

    job = pipeline.run_nightly(as_of=MONTH_END)

    assert live_state() == before
    assert (job.state, job.counts) == (Job.State.GAPS, {"history_only": str(UNTIL)})
    assert ProfileSnapshot.objects.filter(as_of=MONTH_END).count() > 300
    assert KpiValue.objects.filter(as_of=MONTH_END, kpi="subscribers").exists()
    assert not KpiValue.objects.filter(as_of=MONTH_END, kpi__in=["at_risk", "orders_open"]).exists()
    assert not WarningList.objects.exists()
    left_out = {step.name for step in job.steps.filter(counts__has_key="left_out")}
    assert left_out == {
        "plan_fit", "circles", "profile", "shipped", "model", "score", "uplift", "watch", "groups",
        "distributions", "warning_list", "scenarios", "orders", "messages", "backtests", "close_out",
    }  # fmt: skip
    assert pipeline.run_nightly(as_of=UNTIL).attempts == 1


def test_a_night_that_died_and_was_overtaken_goes_on_as_history(operator, monkeypatch):
    day_before = UNTIL - timedelta(days=1)
    with monkeypatch.context() as patch, pytest.raises(RuntimeError):
        patch.setattr(nightly_steps, "run_scenarios", broken)
        pipeline.run_nightly(as_of=day_before)
    pipeline.run_nightly(as_of=UNTIL)
    before = live_state()

    job = pipeline.run_nightly(as_of=day_before)

    assert live_state() == before
    assert job.counts == {"history_only": str(UNTIL)}


def broken(**given: object) -> None:
    raise RuntimeError("the connection was lost")


def test_a_night_over_an_empty_base_holds_no_past_night_back():
    later = jobs.get_job(kind=pipeline.KIND, business_date=UNTIL + timedelta(days=1))
    Job.objects.filter(pk=later.pk).update(state=Job.State.GAPS, started_at=clock.now())
    assert newer_night(UNTIL) is None


def test_a_night_that_scored_nobody_says_why_and_is_tried_again_by_hand(operator, monkeypatch):
    churn = nightly_steps.churn
    with monkeypatch.context() as patch:
        patch.setattr(churn, "ensure_model", lambda **given: churn.ModelReport(missing="too few"))
        job = pipeline.run_nightly(as_of=UNTIL)
    assert (job.state, job.counts) == (Job.State.GAPS, {"held": {"risk": "too few"}})
    assert not RiskScore.objects.exists()

    assert pipeline.run_nightly(as_of=UNTIL).state == Job.State.DONE
    assert RiskScore.objects.filter(as_of=UNTIL).exists()
