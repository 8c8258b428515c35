"""After an upgrade: a champion of an older format is read, or replaced in the same night; else the reason is told."""

import hashlib
import io
import json
import zipfile
from datetime import date

import numpy as np
import pytest

from analytics.churn.learners import artefact, forest
from analytics.churn.learners.fitting import fit
from analytics.churn.learners.settings import PartName, Settings
from analytics.churn.models import ModelVersion, TrainingAttempt
from analytics.churn.queries.versions import why_unusable
from analytics.churn.services import training, versions
from retention.core.errors import Invalid
from tests.analytics.churn.tables import operator
from tests.analytics.churn.test_first_model import trained

AS_OF = date(2026, 9, 30)
STATE = ModelVersion.State
TREES_ONLY = Settings(parts=(PartName.TREES,), folds=3, depths=(2,), shares=0)


@pytest.fixture(scope="module")
def model():
    frame, label = operator(500)
    return fit(frame, label, settings=TREES_ONLY)


def packed_by_the_first_version(model) -> bytes:
    """Format 1: trees.cbm and a bundle without cohorts and mixtures."""
    calibration = model.general.calibration
    bundle = {
        "format": 1,
        "plan": model.plan.as_dict(),
        "calibration": {"slope": calibration.slope, "intercept": calibration.intercept, "shift": calibration.shift},
        "notes": [],
        "details": {"depth": 2},
        "features": [feature.label for feature in model.plan.features],
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("trees.cbm", forest.as_bytes(model.general.parts[0].forest))
        file.writestr("bundle.json", json.dumps(bundle))
    return buffer.getvalue()


def champion(packed: bytes, name: str = "old") -> ModelVersion:
    return ModelVersion.objects.create(
        version=name, state=STATE.CHAMPION, created_at="2026-08-01T00:00Z", promoted_at="2026-08-01T00:00Z",
        artefact=packed, checksum=hashlib.sha256(packed).hexdigest(), metrics={"auc": 0.8},
        span={"trained_on": ["2026-06-30"], "judged_on": "2026-07-31", "rows": 100, "leavers": 60},
    )  # fmt: skip


def test_the_first_format_is_read_and_says_the_same(model):
    frame, _label = operator(200, seed=3)
    packed = packed_by_the_first_version(model)
    read = artefact.unpack(packed, hashlib.sha256(packed).hexdigest())
    np.testing.assert_allclose(read.probability(frame), model.probability(frame), atol=1e-9)
    assert read.explain(frame).additivity_error < 1e-9


@pytest.fixture
def profile(monkeypatch):
    """A profile with the columns of the small table."""
    columns = dict.fromkeys(operator(10)[0].columns, "")
    monkeypatch.setattr("analytics.churn.queries.versions.feature_columns", lambda: columns)
    return columns


@pytest.mark.django_db
def test_a_champion_of_the_first_format_goes_on_scoring(model, profile):
    old = champion(packed_by_the_first_version(model))
    assert versions.ensure_model(as_of=AS_OF) == versions.ModelReport(version="old", rows=0)
    assert ModelVersion.objects.champion() == old


def of_a_later_format(model) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("bundle.json", json.dumps({"format": 99}))
    return buffer.getvalue()


@pytest.mark.django_db
def test_one_that_cannot_be_read_is_replaced_in_the_same_night(model, profile, monkeypatch):
    old = champion(of_a_later_format(model))
    monkeypatch.setattr(versions, "train_model", lambda **_: trained(tells=True))
    made = versions.ensure_model(as_of=AS_OF)
    new = ModelVersion.objects.champion()
    old.refresh_from_db()
    assert new.version == made.version != "old"
    assert (old.state, new.promoted_why) == (STATE.RETIRED, versions.REPLACED)


@pytest.mark.django_db
def test_one_whose_field_was_withdrawn_is_replaced_too(model, profile, monkeypatch):
    old = champion(artefact.pack(model))
    assert why_unusable(old) == ""
    del profile["calls"]
    assert why_unusable(old) == "The profile has no calls any more."
    monkeypatch.setattr(versions, "train_model", lambda **_: trained(tells=True))
    versions.ensure_model(as_of=AS_OF)
    assert ModelVersion.objects.champion() != old


@pytest.mark.django_db
@pytest.mark.parametrize("tells", [False, None])
def test_where_it_cannot_be_replaced_night_and_pages_say_why(model, profile, monkeypatch, client, lin, tells):
    """tells: the new model is no better than the plain rate, or too few have left (None)."""
    old = champion(of_a_later_format(model))

    def train_model(**_: object) -> object:
        if tells is None:
            raise training.NothingToLearn(TrainingAttempt.Problem.FEW_LEAVERS, rows=461, leavers=9, needed=50)
        return trained(tells=tells)

    monkeypatch.setattr(versions, "train_model", train_model)
    for _night in range(2):
        told = versions.ensure_model(as_of=AS_OF)
        assert told.rows == 0
        assert told.missing.startswith("old cannot score any more: The model's artefact has format 99, not 2.")
        assert ("no better than the plain rate" in told.missing) == (tells is False)
        assert ("only 9 left by choice" in told.missing) == (tells is None)
    assert ModelVersion.objects.champion() == old
    scored = versions.score(as_of=AS_OF)
    assert scored.rows == 0 and "format 99" in scored.missing
    client.force_login(lin)
    assert "old cannot score any more" in client.get("/churn/").content.decode()


@pytest.mark.django_db
def test_the_message_ends_when_the_champion_scores_again(model, profile, client, lin, monkeypatch):
    old = champion(of_a_later_format(model))
    with pytest.raises(Invalid):
        versions.train(as_of=AS_OF)
    versions.ensure_model(as_of=AS_OF)
    assert TrainingAttempt.objects.standing().problem == TrainingAttempt.Problem.UNUSABLE
    packed = artefact.pack(model)
    ModelVersion.objects.filter(pk=old.pk).update(artefact=packed, checksum=hashlib.sha256(packed).hexdigest())
    assert versions.ensure_model(as_of=AS_OF).version == "old"
    assert TrainingAttempt.objects.standing() is None
