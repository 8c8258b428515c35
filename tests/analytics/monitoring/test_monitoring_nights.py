"""Nights watched one after another: what opens an alarm, what closes it, and what does neither."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from analytics.churn.learners import sketch
from analytics.churn.models import ModelVersion
from analytics.churn.services import scoring
from analytics.monitoring.models import (
    AlarmKind,
    ProposalReason,
    RetrainProposal,
    WatchNight,
    WatchThreshold,
    WatchValue,
)
from analytics.monitoring.queries import model_alarms
from analytics.monitoring.services.alarms import install_thresholds
from analytics.monitoring.services.recording import WatchReport, record_monitoring
from retention.core.alerts.models import Alert
from retention.core.notices.models import Notice
from tests.analytics.monitoring.rows import REFERENCE_DAY, draw, make_version
from tests.factories import make_branch, make_plan, make_profile, make_subscriber

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]
M = WatchValue.Measure
FIRST = REFERENCE_DAY + timedelta(days=1)


@pytest.fixture
def champion() -> ModelVersion:
    return make_version()


@pytest.fixture
def night(monkeypatch: pytest.MonkeyPatch) -> Callable[..., WatchReport]:
    """Watches a night whose lines are drawn as said; `scored=False`: nobody was scored."""

    def run(day: date, *, scored: bool = True, **given: float) -> WatchReport:
        counted = None
        if scored:
            champion = ModelVersion.objects.champion()
            counted = sketch.count(*draw(day.toordinal(), **given), champion.reference)
        monkeypatch.setattr(scoring, "sketch_of", lambda *, as_of: counted)
        return record_monitoring(as_of=day)

    return run


def open_alarms() -> set[tuple[str, str]]:
    return {
        (kind.removeprefix("model."), subject) for kind, subject in model_alarms().open().values_list("kind", "subject")
    }


def everything() -> list:
    return [
        list(model.objects.order_by("pk").values())
        for model in (Alert, Notice, ProposalReason, WatchNight, WatchValue, RetrainProposal, WatchThreshold)
    ]


def test_without_a_model_there_is_nothing_to_watch() -> None:
    assert record_monitoring(as_of=FIRST).rows == 0
    assert not WatchValue.objects.exists()


def test_thirty_nights_of_the_same_population_open_nothing(champion, night) -> None:
    for back in range(30):
        report = night(FIRST + timedelta(days=back))
        assert report.opened == 0
    assert report.rows == WatchValue.objects.filter(as_of=FIRST + timedelta(days=29)).count() > 9
    assert not Alert.objects.exists() and not RetrainProposal.objects.exists()


def test_a_moved_factor_is_an_alarm_and_a_proposal_the_same_night(champion, night) -> None:
    night(FIRST)
    report = night(FIRST + timedelta(days=1), calls=1.8)
    assert (report.opened, report.proposed) == (1, 1)
    alarm = Alert.objects.get()
    assert (alarm.kind, alarm.subject, alarm.opened_on) == (
        "model.feature",
        "calls_in_recent",
        FIRST + timedelta(days=1),
    )
    assert alarm.detail["psi"] == pytest.approx(alarm.value, abs=0.05) and alarm.value > 0.25
    assert RetrainProposal.objects.waiting().get().alarms.get() == alarm


def test_watching_a_night_again_changes_nothing(champion, night) -> None:
    night(FIRST)
    night(FIRST + timedelta(days=1), calls=1.8)
    before = everything()
    report = night(FIRST + timedelta(days=1), calls=1.8)
    assert (report.opened, report.closed, report.proposed) == (0, 0, 0)
    assert everything() == before


def test_an_alarm_goes_on_between_the_thresholds_and_closes_after_two_calm_nights(champion, night) -> None:
    night(FIRST, calls=1.8)
    night(FIRST + timedelta(days=1), calls=1.32)
    alarm = Alert.objects.get()
    assert 0.10 < alarm.value < 0.25 < alarm.peak and alarm.closed_on is None
    night(FIRST + timedelta(days=2))
    assert open_alarms()
    night(FIRST + timedelta(days=2))  # the same night twice is one calm night
    assert open_alarms()
    assert night(FIRST + timedelta(days=3)).closed == 1
    assert Alert.objects.get().closed_on == FIRST + timedelta(days=3)


def test_drift_between_the_thresholds_opens_nothing(champion, night) -> None:
    night(FIRST, calls=1.32)
    assert not Alert.objects.exists()
    assert 0.10 < WatchValue.objects.get(measure=M.DRIFT, subject="calls_in_recent").value < 0.25


def test_a_feature_that_goes_blank_is_a_feed_to_mend_and_no_reason_to_retrain(champion, night) -> None:
    night(FIRST, blank=0.38)
    assert open_alarms() == {("missing", "calls_in_recent")}
    alarm = Alert.objects.get()
    assert alarm.detail["blank"] == pytest.approx(0.38, abs=0.03)
    assert alarm.detail["blank_before"] == pytest.approx(0.02, abs=0.01)
    assert not RetrainProposal.objects.exists()


def test_too_few_lines_are_not_judged(champion, night) -> None:
    night(FIRST, calls=3, rows=400)
    assert not Alert.objects.exists()


def test_thresholds_are_rows(champion, night) -> None:
    install_thresholds()
    WatchThreshold.objects.filter(kind=AlarmKind.FEATURE).update(opens_at=3, serious=False)
    night(FIRST, calls=1.8)
    assert not Alert.objects.exists()
    WatchThreshold.objects.filter(kind=AlarmKind.FEATURE).update(opens_at=0.2, closes_at=0.1)
    night(FIRST + timedelta(days=1), calls=1.8)
    assert Alert.objects.count() == 1 and not RetrainProposal.objects.exists()
    assert install_thresholds() == 0


def test_a_night_without_scores_is_told_until_there_are_some(champion, night) -> None:
    night(FIRST)
    night(FIRST + timedelta(days=1), scored=False)
    night(FIRST + timedelta(days=2), scored=False)
    assert open_alarms() == {("unscored", "")}
    alarm = Alert.objects.get()
    assert alarm.value == 2 and alarm.detail["since"] == str(FIRST)
    assert night(FIRST + timedelta(days=3)).closed == 1


def test_an_old_model_is_to_be_trained_anew(champion, night) -> None:
    night(REFERENCE_DAY + timedelta(days=119))
    assert not Alert.objects.exists()
    report = night(REFERENCE_DAY + timedelta(days=120))
    assert open_alarms() == {("old", "")} and report.proposed == 1


def test_another_champion_starts_afresh(champion, night) -> None:
    night(FIRST, calls=1.8)
    champion.state = ModelVersion.State.RETIRED
    champion.save()
    moved = sketch.reference_of(*draw(2, calls=1.8), as_of=FIRST)
    make_version(reference=moved)
    report = night(FIRST + timedelta(days=1), calls=1.8)
    assert (report.opened, report.closed) == (0, 1)


def test_an_older_night_adds_figures_and_leaves_the_alarms(champion, night) -> None:
    night(FIRST + timedelta(days=5), calls=1.8)
    before = list(Alert.objects.values())
    report = night(FIRST + timedelta(days=2))
    assert report.rows > 9 and report.opened is None
    assert list(Alert.objects.values()) == before


def test_the_tiers_are_shares_of_what_was_scored_tonight(champion, night) -> None:
    branch, plan = make_branch(), make_plan()
    for tier, scored_on in (("high", FIRST), ("low", FIRST), ("low", FIRST), ("low", FIRST), ("high", REFERENCE_DAY)):
        line = make_subscriber(branch=branch, plan=plan)
        make_profile(subscriber=line, risk_tier=tier, risk_scored_on=scored_on)
    night(FIRST)
    found = dict(WatchValue.objects.of(M.TIER).values_list("subject", "value"))
    assert found == {"high": 0.25, "low": 0.75, "medium": 0, "critical": 0}


def test_a_version_without_a_reference_says_so(night) -> None:
    make_version(reference={})
    assert "no reference" in record_monitoring(as_of=FIRST).missing


def test_what_moves_with_the_month_is_no_alarm_but_a_break_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Days since the last payment: through the month they run away from the month end they are held against."""

    def lines(day: date, shift: float = 0.0):
        frame, said = draw(day.toordinal())
        since = (day.day + frame["calls_in_recent"] % 20) % 30
        return frame.assign(days_since_payment=since + shift), said

    make_version(reference=sketch.reference_of(*lines(REFERENCE_DAY), as_of=REFERENCE_DAY))
    champion = ModelVersion.objects.champion()
    peak = 0.0
    for back in range(32):
        day = FIRST + timedelta(days=back)
        counted = sketch.count(*lines(day), champion.reference)
        monkeypatch.setattr(scoring, "sketch_of", lambda *, as_of, counted=counted: counted)
        assert record_monitoring(as_of=day).opened == 0, day
        peak = max(peak, WatchValue.objects.get(measure=M.PSI, subject="days_since_payment", as_of=day).value)
    assert peak > 1
    day = FIRST + timedelta(days=32)
    counted = sketch.count(*lines(day, shift=40), champion.reference)
    monkeypatch.setattr(scoring, "sketch_of", lambda *, as_of: counted)
    assert record_monitoring(as_of=day).opened == 1
