"""The night of a base with too few leavers for a model: whatever needs scores waits with that reason."""

from datetime import date

import pytest
from django.core.management import call_command

from analytics.churn.models import ModelVersion
from analytics.warnings.models import WarningList
from campaigns.scenarios.models import ScenarioRun
from customers.profile.models import SubscriberProfile
from customers.risk.models import RiskScore
from retention import pipeline
from retention.core.jobs.queries import step_report

pytestmark = pytest.mark.django_db
MONTH_END = date(2026, 10, 31)


def test_a_base_with_too_few_leavers_is_not_scored_and_no_list_is_frozen():
    call_command("simulate", subscribers=200, days=240, daily_days=31, until=MONTH_END, seed=5, verbosity=0)
    job = pipeline.run_nightly(as_of=MONTH_END)

    steps = {step["step"]: step for step in step_report(job)["steps"]}
    assert SubscriberProfile.objects.exists()
    assert not RiskScore.objects.exists() and not WarningList.objects.exists()
    assert not ModelVersion.objects.exists()
    for name in ("model", "score"):
        assert "at least 50 leavers" in steps[name]["counts"]["missing"], name
    waiting = ScenarioRun.objects.get(scenario__code="S13", on=MONTH_END)
    assert "at least 50 leavers" in waiting.held_because
    assert ScenarioRun.objects.filter(on=MONTH_END, held_because="").exists()
