"""The model's life on the database: train, promote, score. Commands, tasks and pages call these."""

import hashlib
from datetime import date

import structlog
from django.db import transaction

from analytics.churn import artefact, scoring, tiers
from analytics.churn.curves import curves
from analytics.churn.training import Trained, train_model
from analytics.models import ModelVersion
from customers.models import SubscriberProfile
from customers.profile import build_profile
from retention.core import audit, clock
from retention.core.errors import Conflict, Invalid
from retention.core.locks import Space, try_lock, unlock
from retention.core.models import User

log = structlog.get_logger("retention.churn")
FIRST = "the first model"


def train(*, as_of: date, actor: User | None = None) -> dict:
    """Train a challenger on what is known by `as_of`; the first one becomes champion at once.

    Returns {"version", "state", "rows", "metrics", "cohorts", "span", "notes"}. Invalid when there is nothing to learn
    from, Conflict when another training runs; the scores that stand stay either way.
    """
    if not try_lock(Space.TRAINING):
        raise Conflict("Another training is running.", code="training")
    try:
        version = _keep(train_model(as_of=as_of), as_of=as_of, actor=actor)
    finally:
        unlock(Space.TRAINING)
    return {
        "version": version.version,
        "state": version.state,
        "rows": version.span["rows"],
        "metrics": version.metrics,
        "cohorts": version.cohorts,
        "span": version.span,
        "notes": version.notes,
    }


@transaction.atomic
def _keep(trained: Trained, *, as_of: date, actor: User | None) -> ModelVersion:
    packed = artefact.pack(trained.model)
    checksum = hashlib.sha256(packed).hexdigest()
    version = ModelVersion.objects.create(
        version=f"{as_of:%Y%m%d}-{checksum[:8]}-{ModelVersion.objects.count() + 1}",
        created_at=clock.now(),
        metrics=trained.figures,
        cohorts=trained.cohorts,
        curves=curves(trained.label, trained.probability),
        factors=artefact.top_factors(trained.model),
        features=trained.model.plan.factors,
        tiers=tiers.thresholds(float(trained.label.mean())),
        span=trained.span,
        notes=[*trained.notes, *trained.model.notes],
        artefact=packed,
        checksum=checksum,
    )
    audit.record(actor=actor, action="model.train", target=version.version, auc=version.metrics["auc"])
    if ModelVersion.objects.champion() is None:
        promote(version=version, actor=actor, why=FIRST)
    return version


@transaction.atomic
def promote(*, version: ModelVersion, actor: User | None, why: str) -> ModelVersion:
    """Let a version score from now on; the champion until now is retired and can be promoted again (roll back)."""
    if not why.strip():
        raise Invalid("Say why this version is promoted.", code="no_reason", details=[{"field": "why"}])
    artefact.unpack(bytes(version.artefact), version.checksum)
    ModelVersion.objects.select_for_update().filter(state=ModelVersion.State.CHAMPION).update(
        state=ModelVersion.State.RETIRED
    )
    version.state, version.promoted_at = ModelVersion.State.CHAMPION, clock.now()
    version.promoted_by, version.promoted_why = actor, why.strip()
    version.save(update_fields=["state", "promoted_at", "promoted_by", "promoted_why"])
    audit.record(actor=actor, action="model.promote", target=version.version, why=why.strip())
    return version


def ensure_model(*, as_of: date) -> dict:
    """Train the first model when there is none. {"version"}, or {"missing": why}: a base nobody left is no error."""
    champion = ModelVersion.objects.for_registry().champion()
    if champion is not None:
        return {"version": champion.version, "rows": 0}
    try:
        trained = train(as_of=as_of)
    except Invalid as error:
        log.warning("no model", why=str(error.message))
        return {"missing": str(error.message), "rows": 0}
    return {key: trained[key] for key in ("version", "rows", "metrics")}


def score(*, as_of: date) -> dict:
    """Score the base with the champion: {"rows", "written", "version"}. Without a champion the last scores stay.

    Profiles of the date are built when only older ones stand.
    """
    champion = ModelVersion.objects.champion()
    if champion is None:
        return {"rows": 0, "written": 0, "missing": "there is no model yet"}
    newest = SubscriberProfile.objects.order_by("-as_of").values_list("as_of", flat=True).first()
    if newest is None or newest < as_of:
        build_profile(as_of=as_of)
    model = artefact.unpack(bytes(champion.artefact), champion.checksum)
    rows, written = scoring.score_base(as_of=as_of, model=model, version=champion.version, lowest=champion.tiers)
    if not rows:
        return {"rows": 0, "written": 0, "missing": f"no line in service has a profile of {as_of}"}
    return {"rows": rows, "written": written, "version": champion.version}
