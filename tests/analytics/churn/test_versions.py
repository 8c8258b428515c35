"""Which version scores: only what is surely better, or what has scored before; all else is told in a sentence."""

import hashlib
from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import pytest
from django.urls import reverse

from analytics.churn.learners import artefact
from analytics.churn.learners.fitting import fit
from analytics.churn.learners.settings import Settings
from analytics.churn.models import LearnerContest, ModelVersion
from analytics.churn.services import training
from analytics.churn.services import versions as services_versions
from analytics.churn.services.curves import curves
from analytics.declarations import TRAINING_LOCK
from retention.core.accounts.roles import Role
from retention.core.audit.models import AuditEntry
from retention.core.errors import Conflict, Invalid, Refused
from tests import factories
from tests.analytics.churn.tables import operator

pytestmark = pytest.mark.django_db
STATE = ModelVersion.State
QUICK = Settings(folds=3, depths=(2,), shares=0)


@pytest.fixture(scope="module")
def model():
    frame, label = operator(600)
    return fit(frame, label, settings=QUICK)


def kept(model, name: str, state: str = STATE.CHALLENGER, **fields) -> ModelVersion:
    packed = artefact.pack(model)
    label, said = np.array([0, 1] * 50), np.linspace(0, 1, 100)
    values = {
        "created_at": datetime(2026, 11, 1, tzinfo=UTC), "artefact": packed,
        "checksum": hashlib.sha256(packed).hexdigest(), "features": model.plan.factors, "curves": curves(label, said),
        "metrics": {"auc": 0.8, "ece": 0.01, "lift_at_10": 3.0, "average_precision": 0.3}, "cohorts": [],
        "span": {"trained_on": ["2026-08-31"], "judged_on": "2026-09-30", "rows": 100, "leavers": 5},
        "tiers": {"medium": 0.1, "high": 0.2, "critical": 0.4}, "recipe": {"kind": "mixture", "own": []},
    }  # fmt: skip
    if state != STATE.CHALLENGER:
        values["promoted_at"] = values["created_at"]
    return ModelVersion.objects.create(version=name, state=state, **(values | fields))


def better_than(champion: ModelVersion, better: bool = True) -> dict:
    return {"comparison": {"against": champion.version, "better": better, "gains": {}, "cohorts": []}}


def test_a_surely_better_challenger_is_promoted_and_the_old_one_can_come_back(model):
    admin = factories.make_user(role=Role.ADMINISTRATOR)
    old = kept(model, "old", STATE.CHAMPION)
    new = kept(model, "new", **better_than(old))
    services_versions.promote(version=new, actor=admin, why="surely better on September")
    old.refresh_from_db()
    assert (ModelVersion.objects.champion(), old.state) == (new, STATE.RETIRED)
    services_versions.promote(version=old, actor=admin, why="agents say the reasons are odd")
    assert ModelVersion.objects.champion() == old
    told = AuditEntry.objects.filter(action="model.promote").values_list("target", flat=True)
    assert sorted(told) == ["new", "old"]


def test_a_challenger_that_is_not_better_or_was_held_against_another_may_not_score(model):
    champion = kept(model, "champion", STATE.CHAMPION)
    with pytest.raises(Refused, match="not significantly better"):
        services_versions.promote(
            version=kept(model, "same", **better_than(champion, False)), actor=None, why="I like it"
        )
    with pytest.raises(Conflict, match="champion of now"):
        services_versions.promote(version=kept(model, "never compared"), actor=None, why="I like it")
    stale = {"comparison": {"against": "someone else", "better": True}}
    with pytest.raises(Conflict, match="champion of now"):
        services_versions.promote(version=kept(model, "stale", **stale), actor=None, why="I like it")
    with pytest.raises(Invalid, match="Say why"):
        services_versions.promote(version=kept(model, "silent", **better_than(champion)), actor=None, why=" ")
    assert ModelVersion.objects.champion() == champion


def test_a_damaged_artefact_is_never_promoted(model):
    champion = kept(model, "champion", STATE.CHAMPION)
    broken = kept(model, "broken", artefact=b"x", **better_than(champion))
    with pytest.raises(Invalid, match="damaged"):
        services_versions.promote(version=broken, actor=None, why="why not")


def labelled(model, rows: int = 500) -> pd.DataFrame:
    frame, label = operator(rows, seed=9)
    return frame.assign(subscriber_id=range(rows), customer_id=range(rows), left=label, tenure_cohort="over_12")


def test_a_comparison_on_lines_that_the_champion_learnt_from_is_not_fair(model, monkeypatch):
    monkeypatch.setattr(services_versions.dataset, "labelled", lambda **_: labelled(model))
    kept(model, "champion", STATE.CHAMPION, span={"trained_on": ["2026-09-30"], "judged_on": "2026-10-31"})
    found = services_versions.compare(version=kept(model, "challenger")).comparison
    assert (found["why"], found["better"]) == ("seen", False)


def test_a_champion_that_cannot_score_any_more_is_replaced(model, monkeypatch):
    monkeypatch.setattr(services_versions.dataset, "labelled", lambda **_: labelled(model))
    champion = kept(model, "champion", STATE.CHAMPION, checksum="0" * 64)
    challenger = services_versions.compare(version=kept(model, "challenger"))
    assert challenger.comparison["why"] == "unusable"
    assert (
        services_versions.promote(version=challenger, actor=None, why=challenger.comparison["error"]).state
        == STATE.CHAMPION
    )
    champion.refresh_from_db()
    assert champion.state == STATE.RETIRED


def test_the_same_model_twice_is_compared_and_found_no_better(model, monkeypatch):
    monkeypatch.setattr(services_versions.dataset, "labelled", lambda **_: labelled(model))
    kept(model, "champion", STATE.CHAMPION)
    found = services_versions.compare(version=kept(model, "challenger")).comparison
    assert found["gains"]["auc"]["old"] == found["gains"]["auc"]["new"]
    assert not found["better"]


def test_two_trainings_at_once_are_told_apart(monkeypatch):
    monkeypatch.setattr(services_versions, "try_lock", lambda space: space != TRAINING_LOCK)
    with pytest.raises(Conflict, match="Another training"):
        services_versions.train(as_of=date(2026, 11, 20))
    with pytest.raises(Conflict, match="Another training"):
        services_versions.hold_contest(as_of=date(2026, 11, 20))
    assert services_versions.ensure_model(as_of=date(2026, 11, 20)).missing.startswith("Another training")


def test_training_follows_what_the_newest_contest_chose():
    assert services_versions.current_recipe() == training.Recipe()
    now = datetime(2026, 11, 1, tzinfo=UTC)
    LearnerContest.objects.create(as_of=date(2026, 11, 1), held_at=now, chosen="line", own=[])
    LearnerContest.objects.create(as_of=date(2026, 11, 1), held_at=now.replace(day=2), chosen="pairs", own=[0, 2])
    assert services_versions.current_recipe() == training.Recipe(training.LearnerKind.PAIRS, (0, 2))


def test_a_contest_is_due_once_a_month_and_only_where_a_model_scores(model):
    as_of = date(2026, 11, 20)
    assert not services_versions.contest_is_due(as_of=as_of)
    kept(model, "champion", STATE.CHAMPION)
    assert services_versions.contest_is_due(as_of=as_of)
    now = datetime(2026, 11, 1, tzinfo=UTC)
    LearnerContest.objects.create(as_of=date(2026, 11, 1), held_at=now, chosen="line", own=[])
    assert not services_versions.contest_is_due(as_of=as_of)
    assert services_versions.contest_is_due(as_of=date(2026, 12, 1))


def test_a_base_that_nobody_left_has_no_contest():
    with pytest.raises(Invalid, match="at least two months"):
        services_versions.hold_contest(as_of=date(2026, 11, 20))


def test_the_page_of_a_version_offers_what_may_be_done_with_it(model, client):
    champion = kept(model, "champion", STATE.CHAMPION)
    better, same = kept(model, "better", **better_than(champion)), kept(model, "same", **better_than(champion, False))
    retired, stale = kept(model, "retired", STATE.RETIRED), kept(model, "stale")
    client.force_login(factories.make_user(role=Role.ADMINISTRATOR))
    pages = {one.version: page(client, one) for one in (champion, better, same, retired, stale)}
    versions = (champion, better, same, retired, stale)
    promote = {one.version: reverse("analytics:promote", args=[one.pk]) in pages[one.version] for one in versions}
    assert promote == {"champion": False, "better": True, "same": False, "retired": True, "stale": False}
    assert "Roll back" in pages["retired"]
    assert reverse("analytics:compare", args=[stale.pk]) in pages["stale"]
    client.force_login(factories.make_user(role=Role.ANALYST))
    assert reverse("analytics:promote", args=[better.pk]) not in page(client, better)


def test_a_reason_too_long_is_refused_and_not_cut(model, client):
    champion = kept(model, "champion", STATE.CHAMPION)
    better = kept(model, "better", **better_than(champion))
    client.force_login(factories.make_user(role=Role.ADMINISTRATOR))
    answer = client.post(reverse("analytics:promote", args=[better.pk]), {"why": "x" * 201}, follow=True)
    assert "The reason is too long: at most 200 characters." in answer.content.decode()
    better.refresh_from_db()
    assert better.state == STATE.CHALLENGER


def page(client, version: ModelVersion) -> str:
    answer = client.get(reverse("analytics:version", args=[version.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_only_version_there_is_has_a_page(model, client):
    client.force_login(factories.make_user(role=Role.ANALYST))
    assert "only one" in page(client, kept(model, "only one", STATE.CHAMPION))
