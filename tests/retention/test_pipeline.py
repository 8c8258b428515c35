"""The night on a small simulated operator: done once, resumed where it stopped, held where facts are missing."""

from datetime import timedelta

import pytest
from django.db.models import F, Q

from campaigns.scenarios.models import ScenarioRun
from customers.circles.models import Circle
from customers.facts.models import Plan
from customers.fields.choices import CircleKind
from customers.profile.models import SubscriberProfile
from customers.risk.models import RiskScore
from customers.tariffs.models import FitState
from customers.tariffs.rules.markets import FIRMS
from retention import nightly_steps, pipeline
from retention.core.jobs.models import Job
from retention.core.jobs.queries import step_report
from tests.retention.conftest import UNTIL
from workorders.orders.models import WorkOrder

pytestmark = pytest.mark.django_db


def figures() -> tuple:
    return (
        SubscriberProfile.objects.filter(as_of=UNTIL).count(),
        RiskScore.objects.filter(as_of=UNTIL).count(),
        WorkOrder.objects.count(),
        ScenarioRun.objects.count(),
    )


def test_a_night_scores_everyone_opens_orders_and_a_second_run_changes_nothing(operator):
    job = pipeline.run_nightly(as_of=UNTIL)
    first = figures()

    again = pipeline.run_nightly(as_of=UNTIL)

    assert job.state == Job.State.DONE
    assert all(first)
    assert figures() == first
    assert again.attempts == job.attempts == 1
    assert [step["step"] for step in step_report(job)["steps"]] == [step.name for step in pipeline.STEPS]
    counts = dict(job.steps.values_list("name", "counts"))
    assert set(counts["score"]) == {"rows", "written", "version"}
    assert set(counts["warning_list"]) == {"frozen", "judged"}
    assert set(counts["orders"]) == {"opened", "merged", "refused", "held", "refused_because"}


def test_a_night_keeps_the_plan_fit_on_the_profile_and_proposes_no_firm_a_consumer_plan(operator):
    pipeline.run_nightly(as_of=UNTIL)

    profiles = SubscriberProfile.objects.filter(as_of=UNTIL)
    better = profiles.filter(plan_fit=FitState.BETTER)
    assert better.filter(customer_kind="individual").exists()
    assert not profiles.filter(plan_fit=None).exists()
    assert not better.filter(plan_fit_saving__lt=1).exists()
    assert not better.filter(best_plan=F("plan_code")).exists()
    business = set(Plan.objects.exclude(market=Plan.Market.CONSUMER).values_list("code", flat=True))
    of_firms = better.filter(customer_kind__in=FIRMS)
    assert set(of_firms.values_list("best_plan", flat=True)) <= business
    restricted = Plan.objects.filter(is_restricted=True).values("code")
    assert not better.filter(best_plan__in=restricted).exclude(plan_code__in=restricted).exists()
    scored = better.filter(risk_probability__isnull=False)
    assert not scored.filter(plan_fit_pays=None).exists()


def test_a_night_keeps_the_circles_on_the_profile_and_names_one_line_of_each_candidate(operator):
    pipeline.run_nightly(as_of=UNTIL)

    households = Circle.objects.standing().filter(kind=CircleKind.HOUSEHOLD)
    assert households.filter(customers__gt=1).exists(), "found by calls or families, not by the customer alone"
    candidates = households.exclude(bundle_reason="")
    assert candidates.exists()
    assert not candidates.filter(Q(has_bundle=True) | Q(bundle_saving__lt=0) | Q(bundle_plan=None)).exists()
    profiles = SubscriberProfile.objects.filter(as_of=UNTIL)
    assert profiles.filter(bundle_lead=True).count() == candidates.count()
    assert not profiles.filter(circle_kind__isnull=False, profiling_opt_out=True).exists()
    assert ScenarioRun.objects.get(scenario__code="S25", on=UNTIL).held_because == ""


def test_a_night_that_broke_goes_on_after_its_last_finished_step(operator, monkeypatch):
    def broken(**kwargs: object) -> dict:
        raise RuntimeError("the connection was lost")

    with monkeypatch.context() as patch:
        patch.setattr(nightly_steps, "run_scenarios", broken)
        with pytest.raises(RuntimeError):
            pipeline.run_nightly(as_of=UNTIL)
    job = Job.objects.get(kind=pipeline.KIND, business_date=UNTIL)
    assert job.state == Job.State.FAILED
    assert "scenarios" in job.steps.get(error__contains="connection").name
    scored_at = job.steps.get(name="score").finished_at

    job = pipeline.run_nightly(as_of=UNTIL)

    assert job.state == Job.State.DONE
    assert job.steps.get(name="score").finished_at == scored_at
    assert all(figures())


def test_a_base_without_history_is_held_and_says_so():
    job = pipeline.run_nightly(as_of=UNTIL - timedelta(days=1))

    assert job.state == Job.State.GAPS
    assert set(job.counts["held"]) == {"usage-days", "bills", "risk"}
    assert job.counts["held"]["risk"].startswith("No line has left")
    assert "missing" in job.steps.get(name="model").counts
