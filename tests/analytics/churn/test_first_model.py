"""The first model scores only if it is surely better than the plain rate; until then nothing is scored or frozen."""

from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import pytest
from django.utils import translation

from analytics.churn.learners.fitting import fit
from analytics.churn.learners.plain_rate import AgainstPlainRate
from analytics.churn.learners.settings import Settings
from analytics.churn.models import ModelVersion, TrainingAttempt
from analytics.churn.services import training, versions
from analytics.churn.services.training import Trained
from analytics.warnings.models import WarningList
from analytics.warnings.services.monthly import freeze_list
from customers.facts.models import Subscriber
from customers.risk.models import RiskScore
from retention.core.errors import Invalid, Refused
from tests.analytics.churn.tables import operator
from tests.factories import make_subscriber

pytestmark = pytest.mark.django_db
AS_OF = date(2026, 9, 30)
NOW = datetime(2026, 10, 1, 2, tzinfo=UTC)
STATE = ModelVersion.State
QUICK = Settings(folds=3, depths=(2,), shares=0)


def trained(*, tells: bool) -> Trained:
    """A model of a small table, judged by its held-out rows; where it tells nothing, leavers were drawn by lot."""
    frame, label = operator(600)
    if not tells:
        label = np.random.default_rng(5).permutation(label)
    model = fit(frame, label, settings=QUICK)
    judged = frame.assign(subscriber_id=range(600), customer_id=range(600), left=label, tenure_cohort="over_12")
    span = {"trained_on": ["2026-07-31"], "judged_on": "2026-08-31", "rows": 600, "leavers": int(label.sum())}
    plain = AgainstPlainRate.of(label, model.held_out, rate=label.mean())
    return Trained(model, span, judged, model.held_out, plain)


@pytest.fixture
def asked(monkeypatch) -> list[date]:
    """Trainings asked for; each gives a model that tells nothing."""
    nights: list[date] = []

    def train_model(*, as_of: date, recipe: object) -> Trained:
        nights.append(as_of)
        return trained(tells=False)

    monkeypatch.setattr(versions, "train_model", train_model)
    return nights


def test_a_first_model_that_is_better_than_the_plain_rate_scores(monkeypatch):
    monkeypatch.setattr(versions, "train_model", lambda **_: trained(tells=True))
    made = versions.ensure_model(as_of=AS_OF)
    assert ModelVersion.objects.champion().version == made.version
    assert made.metrics["plain_rate"]["better"]
    assert not TrainingAttempt.objects.exists()


def test_a_first_model_no_better_than_the_plain_rate_is_kept_but_does_not_score(asked):
    told = versions.ensure_model(as_of=AS_OF)
    version = ModelVersion.objects.get()
    assert (version.state, version.promoted_at) == (STATE.CHALLENGER, None)
    assert told.rows == 0
    assert "no better than the plain rate" in told.missing
    assert versions.score(as_of=AS_OF).missing == told.missing
    with pytest.raises(Refused, match="the same chance"):
        versions.promote(version=version, actor=None, why="it is all we have")
    assert ModelVersion.objects.champion() is None


def test_it_is_tried_again_after_a_week_and_by_hand_at_once(asked):
    nights = [date(2026, 9, 24), date(2026, 9, 25), AS_OF, date(2026, 10, 1)]
    for night in nights:
        versions.ensure_model(as_of=night)
    assert asked == [date(2026, 9, 24), date(2026, 10, 1)]
    versions.train(as_of=date(2026, 10, 2))
    assert asked[-1] == date(2026, 10, 2)
    assert ModelVersion.objects.champion() is None


def test_nothing_is_frozen_without_a_model_and_the_reason_is_told(asked, branches):
    versions.ensure_model(as_of=AS_OF)
    told = freeze_list(as_of=AS_OF, now=NOW)
    assert told.rows == 0
    assert "no better than the plain rate" in told.missing
    assert not WarningList.objects.exists() and not RiskScore.objects.exists()


def test_too_few_leavers_are_counted_and_tried_again_every_night(monkeypatch):
    """Nine leavers of 461 once made a champion."""
    tries = []
    frame = pd.DataFrame({"left": [1] * 9 + [0] * 452})
    monkeypatch.setattr(training, "known_months", lambda as_of: tries.append(as_of) or [])
    monkeypatch.setattr(training, "build_snapshot", lambda **_: None)
    monkeypatch.setattr(training.dataset, "labelled", lambda **_: frame)
    make_subscriber(
        status=Subscriber.Status.TERMINATED, terminated_on=date(2026, 9, 10), termination_reason="voluntary"
    )
    told = [versions.ensure_model(as_of=AS_OF), versions.ensure_model(as_of=date(2026, 10, 1))]
    assert len(tries) == 2
    assert told[0].missing.startswith("Of 461 lines that could be learnt from, only 9 left by choice afterwards:")
    assert "at least 50 leavers" in told[0].missing
    assert not ModelVersion.objects.exists()
    assert TrainingAttempt.objects.latest().numbers == {"rows": 461, "leavers": 9, "needed": 50}


def test_a_base_that_nobody_left_says_so():
    assert "No line has left by choice yet" in versions.ensure_model(as_of=AS_OF).missing


@pytest.mark.parametrize("path", ["/churn/", "/churn/lists/", "/churn/model/", "/churn/watch/"])
def test_the_pages_say_what_is_missing_in_the_readers_language(client, lin, path):
    with pytest.raises(Invalid):
        versions.train(as_of=AS_OF)
    client.force_login(lin)
    assert "needs at least 50" in client.get(path).content.decode()
    with translation.override("zh-hans"):
        client.cookies["django_language"] = "zh-hans"
        page = client.get(path, headers={"accept-language": "zh-hans"}).content.decode()
    assert "至少需要 50" in page


def test_the_page_of_a_version_that_may_not_score_says_why(client, ada, asked):
    versions.ensure_model(as_of=AS_OF)
    client.force_login(ada)
    page = client.get(f"/churn/model/{ModelVersion.objects.get().pk}/").content.decode()
    assert "not significantly better than giving everybody the same chance" in page
    assert "Another champion scores now" not in page
