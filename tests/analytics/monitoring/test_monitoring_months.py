"""Scores of a month end held against who left, once that is known."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from analytics.churn.models import ModelVersion
from analytics.churn.services import scoring
from analytics.monitoring.models import AlarmKind, RetrainProposal, WatchThreshold, WatchValue
from analytics.monitoring.queries import model_alarms
from analytics.monitoring.services.alarms import install_thresholds
from analytics.monitoring.services.recording import record_monitoring
from analytics.monitoring.tables import month_rows
from customers.facts.models import Subscriber
from customers.profile.services import take_snapshot
from customers.risk.models import RiskScore
from retention.core import clock
from tests.analytics.monitoring.rows import make_version
from tests.factories import (
    NOW,
    make_branch,
    make_plan,
    make_profile,
    make_risk_score,
    make_subscriber,
    make_usage_month,
)

pytestmark = pytest.mark.django_db
M = WatchValue.Measure
END = date(2026, 9, 30)
LATER = END + timedelta(days=45)
LINES, LEAVERS = 30, 6


@pytest.fixture(autouse=True)
def business_day(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(scoring, "sketch_of", lambda *, as_of: None)
    with clock.freeze(NOW):
        yield


@pytest.fixture
def champion() -> ModelVersion:
    return make_version(as_of=END)


@pytest.fixture
def scored(champion: ModelVersion) -> list[Subscriber]:
    """Thirty lines scored on a month end; the first six leave three weeks later. All are said to stay, 2 %."""
    branch, plan = make_branch(), make_plan()
    lines = []
    for place in range(LINES):
        line = make_subscriber(branch=branch, plan=plan)
        make_profile(subscriber=line, as_of=END, voice_out_recent=40)
        for month in range(3, 11):
            make_usage_month(subscriber=line, month=date(2026, month, 1))
        probability = 0.02 + (0.001 if place < LEAVERS else 0)
        make_risk_score(subscriber=line, as_of=END, probability=probability, model_version=champion.version)
        lines.append(line)
    take_snapshot(as_of=END)
    gone = [line.pk for line in lines[:LEAVERS]]
    Subscriber.objects.filter(pk__in=gone).update(
        status="terminated", termination_reason="port_out", terminated_on=END + timedelta(days=21)
    )
    return lines


def value_of(measure: str, subject: str = "") -> float:
    return WatchValue.objects.get(as_of=END, measure=measure, subject=subject).value


def test_nothing_is_judged_before_the_outcome_is_known(scored) -> None:
    report = record_monitoring(as_of=END + timedelta(days=20))
    assert report.months == [] and not WatchValue.objects.filter(as_of=END).exists()


def test_a_month_is_judged_once_its_outcome_is_known(scored, champion) -> None:
    report = record_monitoring(as_of=LATER)
    assert report.months == [str(END)]
    assert (value_of(M.ROWS), value_of(M.LEAVERS)) == (LINES, LEAVERS)
    assert value_of(M.AUC) == 1
    assert value_of(M.LIFT) == pytest.approx(5)  # a fifth leaves and stands at the top
    assert value_of(M.HAPPENED) == pytest.approx(0.2)
    assert value_of(M.SAID) == pytest.approx(0.0202)
    assert value_of(M.ROWS, "over_12") == LINES
    assert record_monitoring(as_of=LATER).months == []
    assert [row["leavers"] for row in month_rows()] == [LEAVERS, LEAVERS]


def test_ten_times_as_many_leavers_as_said_are_an_alarm_of_enough_of_them(scored) -> None:
    install_thresholds()
    record_monitoring(as_of=LATER)
    assert not model_alarms(AlarmKind.CALIBRATION).exists()  # six leavers prove nothing
    WatchValue.objects.all().delete()
    WatchThreshold.objects.filter(kind=AlarmKind.CALIBRATION).update(floor=0)
    record_monitoring(as_of=LATER)
    alarm = model_alarms(AlarmKind.CALIBRATION).get(subject="")
    assert alarm.value > 1
    assert alarm.detail == {"month_end": str(END), "said": 0.0202, "happened": 0.2}
    assert RetrainProposal.objects.get().alarms.filter(pk=alarm.pk).exists()


def test_scores_given_with_hindsight_judge_nothing(scored) -> None:
    gone = Subscriber.objects.filter(status="terminated")
    RiskScore.objects.filter(subscriber__in=gone).delete()
    assert record_monitoring(as_of=LATER).months == []
    assert month_rows() == []
    assert not WatchValue.objects.of(M.AUC, M.SAID).exists()
