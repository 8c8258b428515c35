"""The watch on the simulated operator: a month of quiet nights, then drift planted into one night's facts."""

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from django.core.management import call_command
from django.db.models import F

from analytics.churn.learners import sketch
from analytics.churn.queries import dataset
from analytics.churn.services import scoring
from analytics.monitoring.models import WatchValue
from analytics.monitoring.services.recording import WatchReport, record_monitoring
from customers.facts.models import UsageDay
from customers.profile.services import build_profile
from retention.core.alerts.models import Alert
from tests.analytics.monitoring.rows import make_version

LINES, DAYS, DAILY = 2000, 210, 66
REFERENCE_DAY = date(2026, 9, 30)
NIGHTS = 30
LAST = REFERENCE_DAY + timedelta(days=NIGHTS + 1)
M = WatchValue.Measure


def chance_of(frame: pd.DataFrame) -> np.ndarray:
    """A stand-in for a model, which moves with what a model moves with."""
    change = frame["calls_out_change"].fillna(0).clip(-1, 1)
    return 1 / (1 + np.exp(3.5 + 1.5 * change - 0.5 * frame["complaints_90d"].fillna(0)))


def lines_of(night: date) -> pd.DataFrame:
    build_profile(as_of=night)
    return pd.concat(dataset.to_score(as_of=night))


@pytest.fixture
def operator(db: None) -> Iterator[None]:
    call_command(
        "simulate", subscribers=LINES, days=DAYS, daily_days=DAILY, until=LAST, seed=7, truth=None, verbosity=0
    )
    yield


def test_thirty_quiet_nights_raise_nothing_and_planted_drift_is_told_the_same_night(
    operator: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = lines_of(REFERENCE_DAY)
    reference = sketch.reference_of(frame, chance_of(frame), as_of=REFERENCE_DAY)
    make_version(as_of=REFERENCE_DAY, reference=reference)

    def watch(night: date) -> WatchReport:
        lines = lines_of(night)
        counted = sketch.count(lines, chance_of(lines), reference)
        monkeypatch.setattr(scoring, "sketch_of", lambda *, as_of: counted)
        return record_monitoring(as_of=night)

    for back in range(NIGHTS + 1):
        night = REFERENCE_DAY + timedelta(days=back)
        assert watch(night).opened == 0, (night, list(Alert.objects.values("kind", "subject", "value")))
    # The month moves what is held against its end far more than any threshold, and that is told apart.
    assert WatchValue.objects.filter(measure=M.PSI, subject="days_since_payment", value__gt=1).exists()

    UsageDay.objects.filter(day=LAST).update(data_mb=1024 * F("data_mb"))
    assert watch(LAST).opened >= 1
    told = {(alarm.kind, alarm.subject, alarm.opened_on) for alarm in Alert.objects.all()}
    assert ("model.feature", "data_recent", LAST) in told
    assert not {subject for _kind, subject, _night in told} & {"calls_out_recent", "complaints_90d", "arpu"}
