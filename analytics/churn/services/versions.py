"""The model's life on the database: train, compare, promote, score. Commands, tasks and pages call these."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
import structlog
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from analytics.churn.learners import artefact
from analytics.churn.learners.candidates import LearnerKind
from analytics.churn.models import LearnerContest, Meaning, ModelVersion, TrainingAttempt
from analytics.churn.queries import dataset
from analytics.churn.queries.dataset import features
from analytics.churn.queries.definitions import outcomes_of
from analytics.churn.queries.versions import load_model, why_unusable
from analytics.churn.services import model_selection, score_rows, scoring
from analytics.churn.services.attempts import Problem, record_attempt, tried_lately
from analytics.churn.services.comparison import Comparison
from analytics.churn.services.comparison import compare as compare_on
from analytics.churn.services.curves import curves, shapes
from analytics.churn.services.training import NothingToLearn, Recipe, Trained, known_months, train_model
from analytics.churn.text import missing_model
from analytics.declarations import TRAINING_LOCK
from customers.profile.models import SubscriberProfile
from customers.profile.services import build_profile
from retention.core import clock
from retention.core.accounts.models import User
from retention.core.audit import services as audit
from retention.core.db.locks import try_lock, unlock
from retention.core.errors import Conflict, Invalid, Refused

log = structlog.get_logger("retention.churn")
FIRST = gettext_noop("the first model")
REPLACED = gettext_noop("the champion could not score any more")
CONTEST_TASK = "analytics.churn.tasks.hold_contest"
CONTEST_EVERY = timedelta(days=30)


def train(*, as_of: date, actor: User | None = None) -> dict:
    """Train a challenger on what is known by `as_of` and compare it with the champion.

    The first one becomes champion if it is surely better than the plain rate. Returns {"version", "state", "rows",
    "metrics", "cohorts", "span", "recipe", "comparison", "notes"}. Invalid when there is nothing to learn from,
    Conflict when another training runs; the scores that stand stay either way.
    """
    with _alone():
        try:
            trained = train_model(as_of=as_of, recipe=current_recipe())
        except NothingToLearn as error:
            record_attempt(as_of=as_of, problem=error.problem, numbers=error.numbers)
            raise
        except Invalid as error:
            record_attempt(as_of=as_of, problem=Problem.OTHER, numbers={"text": str(error.message)})
            raise
        version = _keep(trained, as_of=as_of, actor=actor)
    return {
        "version": version.version,
        "state": version.state,
        "rows": version.span["rows"],
        "metrics": version.metrics,
        "cohorts": version.cohorts,
        "span": version.span,
        "recipe": version.recipe,
        "comparison": version.comparison,
        "notes": version.notes,
    }


@contextmanager
def _alone() -> Iterator[None]:
    """One training or contest at a time, on any machine."""
    if not try_lock(TRAINING_LOCK):
        raise Conflict(_("Another training is running."), code="training")
    try:
        yield
    finally:
        unlock(TRAINING_LOCK)


def current_recipe() -> Recipe:
    """Result of the newest model selection; the default before the first one."""
    newest = LearnerContest.objects.first()
    return Recipe(LearnerKind(newest.chosen), tuple(newest.own)) if newest else Recipe()


def hold_contest(*, as_of: date, actor: User | None = None) -> LearnerContest:
    """Let all kinds of learner compete on rolling origins; the next training follows the result.

    Invalid when too few months are known, Conflict when a training runs.
    """
    with _alone():
        result = model_selection.select_learner(known_months(as_of), outcomes=outcomes_of(Meaning.LEAVES))
    held = LearnerContest.objects.create(as_of=as_of, held_at=clock.now(), **asdict(result))
    audit.record(actor=actor, action="model.contest", target=str(as_of), chosen=held.chosen, own=held.own)
    return held


def contest_is_due(*, as_of: date) -> bool:
    """Whether a model scores and no contest was held in the month before `as_of`."""
    held = LearnerContest.objects.filter(as_of__gt=as_of - CONTEST_EVERY).exists()
    return not held and ModelVersion.objects.champion() is not None


@transaction.atomic
def _keep(trained: Trained, *, as_of: date, actor: User | None) -> ModelVersion:
    packed = artefact.pack(trained.model)
    checksum = hashlib.sha256(packed).hexdigest()
    explained = trained.model.explain(features(trained.judged))
    version = ModelVersion.objects.create(
        version=f"{as_of:%Y%m%d}-{checksum[:8]}-{ModelVersion.objects.count() + 1}",
        created_at=clock.now(),
        metrics=trained.figures,
        cohorts=trained.cohorts,
        curves=curves(trained.label, trained.probability),
        factors=trained.model.top_factors(),
        features=trained.model.plan.factors,
        shapes=shapes(trained.model, trained.judged, trained.label, explained),
        tiers=score_rows.tier_thresholds(float(trained.label.mean())),
        span=trained.span,
        recipe={"kind": trained.recipe.kind.value, "own": list(trained.model.own)} | trained.model.details,
        notes=[*trained.notes, *trained.model.notes],
        artefact=packed,
        checksum=checksum,
    )
    audit.record(actor=actor, action="model.train", target=version.version, auc=version.metrics["auc"])
    if not version.beats_plain_rate:
        numbers = version.metrics["plain_rate"] | {name: version.span[name] for name in ("rows", "leavers")}
        record_attempt(as_of=as_of, problem=Problem.NOT_BETTER, numbers=_rounded(numbers), version=version)
    champion = ModelVersion.objects.champion()
    if champion is None:
        return promote(version=version, actor=actor, why=FIRST) if version.beats_plain_rate else version
    version.comparison = _compared(trained.judged, trained.probability, version, champion)
    version.save(update_fields=["comparison"])
    return version


def compare(*, version: ModelVersion) -> ModelVersion:
    """Hold a challenger against the champion of now, on the month that judged it.

    Conflict when it was judged on no month (a base without history).
    """
    champion = ModelVersion.objects.champion()
    judged_on = version.span.get("judged_on")
    if champion is None or not judged_on:
        raise Conflict(_("There is no month that both models could be judged on."), code="no_month")
    judged = dataset.labelled(snapshot=date.fromisoformat(judged_on))
    said = load_model(version).probability(features(judged))
    version.comparison = _compared(judged, said, version, champion)
    version.save(update_fields=["comparison"])
    return version


def _compared(judged: pd.DataFrame, said: np.ndarray, version: ModelVersion, champion: ModelVersion) -> dict:
    """{"against", "better", ...Comparison} or, where the two cannot be compared, {"against", "why"}."""
    found: dict = {"against": champion.version, "judged_on": version.span.get("judged_on"), "better": False}
    try:
        theirs = load_model(champion).probability(features(judged))
    except Invalid as error:
        return found | {"better": version.beats_plain_rate, "why": "unusable", "error": str(error.message)}
    if not found["judged_on"] or _has_seen(champion, date.fromisoformat(found["judged_on"])):
        return found | {"why": "seen"}
    label = judged["left"].to_numpy(dtype=np.float64)
    result: Comparison = compare_on(label, theirs, said, judged["tenure_cohort"].to_numpy())
    return found | result.as_dict()


def _rounded(numbers: dict) -> dict:
    return {name: round(value, 3) if isinstance(value, float) else value for name, value in numbers.items()}


def _has_seen(version: ModelVersion, snapshot: date) -> bool:
    """Whether the version learnt from departures that are also the outcome of that snapshot."""
    outcomes = outcomes_of(Meaning.LEAVES)
    newest = date.fromisoformat(max(version.span["trained_on"]))
    until = version.span.get("known_until") or str(max(one.ends_on(newest) for one in outcomes))
    return until > str(min(one.known_until(snapshot) for one in outcomes))


@transaction.atomic
def promote(*, version: ModelVersion, actor: User | None, why: str) -> ModelVersion:
    """Let a version score from now on; the champion until now is retired and can be promoted again (roll back).

    Refused for a version that has never scored, unless it is better than the plain rate, and its comparison with the
    present champion shows that it is better than that.
    """
    if not why.strip():
        raise Invalid(_("Say why this version is promoted."), code="no_reason", details=[{"field": "why"}])
    artefact.unpack(bytes(version.artefact), version.checksum)
    champion = ModelVersion.objects.select_for_update().champion()
    if version.promoted_at is None and not version.beats_plain_rate:
        raise Refused(_("It is not significantly better than giving everybody the same chance."), code="not_better")
    if champion is not None and version.promoted_at is None:
        _require_better(version, champion)
    ModelVersion.objects.filter(state=ModelVersion.State.CHAMPION).update(state=ModelVersion.State.RETIRED)
    version.state, version.promoted_at = ModelVersion.State.CHAMPION, clock.now()
    version.promoted_by, version.promoted_why = actor, why.strip()
    version.save(update_fields=["state", "promoted_at", "promoted_by", "promoted_why"])
    audit.record(actor=actor, action="model.promote", target=version.version, why=why.strip())
    return version


def _require_better(version: ModelVersion, champion: ModelVersion) -> None:
    if version.comparison.get("against") != champion.version:
        raise Conflict(_("Compare it with the champion of now first."), code="not_compared")
    if not version.comparison.get("better"):
        raise Refused(
            _("It is not significantly better than the champion without being worse calibrated anywhere."),
            code="not_better",
        )


@dataclass(frozen=True)
class ModelReport:
    """The model of a night. rows: learnt from tonight; metrics: of one trained tonight; missing: why there is none."""

    rows: int = 0
    version: str | None = None
    metrics: dict | None = None
    missing: str | None = None


@dataclass(frozen=True)
class ScoreReport:
    """The scoring of a night. written: scores that are new or changed; missing: why nobody was scored."""

    rows: int = 0
    written: int = 0
    version: str | None = None
    missing: str | None = None


def ensure_model(*, as_of: date) -> ModelReport:
    """See that a model can score: train the first one, and replace a champion that cannot score any more.

    The report says why there is none: a base without leavers is valid. A version that was no better than the plain rate
    is tried again after a week.
    """
    champion = ModelVersion.objects.for_registry().champion()
    unusable = why_unusable(champion) if champion else ""
    if champion is not None and not unusable:
        TrainingAttempt.objects.filter(problem=Problem.UNUSABLE).delete()
        return ModelReport(version=champion.version)
    problem = tried_lately(as_of=as_of)
    if problem is None:
        try:
            trained = train(as_of=as_of)
        except Conflict as error:
            return ModelReport(missing=str(error.message))
        except Invalid as error:
            log.warning("no model", why=str(error.message))
        else:
            version = ModelVersion.objects.get(version=trained["version"])
            if version.beats_plain_rate:
                if champion is not None:
                    _replace(champion, unusable, version)
                return ModelReport(trained["rows"], trained["version"], trained["metrics"])
        problem = TrainingAttempt.objects.latest()
    if champion is not None:
        numbers = {"version": champion.version, "why": unusable, "problem": problem.problem, "numbers": problem.numbers}
        record_attempt(as_of=as_of, problem=Problem.UNUSABLE, numbers=numbers)
    return ModelReport(missing=missing_model())


@transaction.atomic
def _replace(champion: ModelVersion, unusable: str, version: ModelVersion) -> None:
    version.comparison = {"against": champion.version, "better": True, "why": "unusable", "error": unusable}
    version.save(update_fields=["comparison"])
    promote(version=version, actor=None, why=REPLACED)


def score(*, as_of: date) -> ScoreReport:
    """Score the base with the champion. Where that cannot be done the report says why, and the last scores stay.

    Profiles of the date are built when only older ones stand.
    """
    champion = ModelVersion.objects.for_registry().champion()
    if champion is None:
        return ScoreReport(missing=missing_model())
    if unusable := why_unusable(champion):
        log.error("not scored", version=champion.version, why=unusable)
        return ScoreReport(missing=missing_model() or unusable)
    newest = SubscriberProfile.objects.newest_date()
    if newest is None or newest < as_of:
        build_profile(as_of=as_of)
    try:
        rows, written = scoring.score_base(as_of=as_of, version=champion)
    except Invalid as error:
        log.error("not scored", version=champion.version, why=str(error.message))
        return ScoreReport(missing=str(error.message))
    if not rows:
        return ScoreReport(missing=_("no line in service has a profile of %(day)s") % {"day": as_of})
    return ScoreReport(rows, written, champion.version)
