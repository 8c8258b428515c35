"""One scoring of the base. Whoever starts it plans its chunks and works on them; any other worker may join.

Two rounds over the chunks: places in the base are known only when everybody is ranked. A claim is a row lock held while
the chunk is done: a worker that dies lets go of it, and another one does the chunk again. Nothing is held between
chunks, so memory does not grow with the base.
"""

import time
from collections.abc import Callable
from datetime import date

import numpy as np
import pandas as pd
from django.db import transaction
from django.db.models import Sum

from analytics.churn.learners import sketch
from analytics.churn.learners.model import ChurnModel
from analytics.churn.models import ModelVersion, ScoringChunk, ScoringRun
from analytics.churn.queries import dataset
from analytics.churn.queries.versions import load_model
from analytics.churn.services import score_rows
from analytics.churn.services.score_rows import build_score_rows
from analytics.valuation.economics import Economics
from customers.profile.services.build import subscriber_blocks
from customers.risk.services import clear_outdated_risk, record_scores
from retention.core import clock
from retention.core.jobs.task_wakeup import wake_worker

LINES_PER_CHUNK = 50_000
# Runs of so many chunks ask other workers to join.
CHUNKS_WORTH_JOINING = 4
WAIT_SECONDS = 0.2
REFERENCE_ROWS = 100_000
JOIN_TASK = "analytics.churn.tasks.join_scoring"


def score_base(*, as_of: date, version: ModelVersion) -> tuple[int, int]:
    """Score every line in service as of a date. Returns (lines scored, scores that are new or changed).

    A run of the date and version that was broken off goes on where it stopped.
    """
    run = _planned(as_of, version)
    if run.chunks.count() >= CHUNKS_WORTH_JOINING:
        wake_worker(JOIN_TASK)
    _work(run)
    total = run.chunks.aggregate(rows=Sum("rows"), written=Sum("written"))
    return total["rows"] or 0, total["written"] or 0


def join_scoring() -> int:
    """Help with the run that is under way, if there is one. Returns how many there were."""
    run = ScoringRun.objects.filter(finished_at=None).order_by("-started_at").first()
    if run is None:
        return 0
    _work(run)
    return 1


def sketch_of(*, as_of: date) -> sketch.Json | None:
    """How features and scores lay in the newest finished scoring of the date; None when there was none."""
    run = ScoringRun.objects.filter(as_of=as_of).exclude(finished_at=None).order_by("-started_at").first()
    if run is None:
        return None
    found: sketch.Json = {}
    for one in run.chunks.order_by("low").values_list("sketch", flat=True).iterator():
        found = sketch.add(found, one)
    return found or None


def _planned(as_of: date, version: ModelVersion) -> ScoringRun:
    """The run to go on with, or a new one. Runs of other versions or dates that never ended are given up."""
    with transaction.atomic():
        ModelVersion.objects.select_for_update().only("pk").get(pk=version.pk)
        ScoringRun.objects.filter(finished_at=None).exclude(as_of=as_of, version=version).delete()
        run = ScoringRun.objects.filter(finished_at=None).first()
        if run is None:
            run = ScoringRun.objects.create(as_of=as_of, version=version, started_at=clock.now())
            ScoringChunk.objects.bulk_create(
                ScoringChunk(run=run, low=low, high=high) for low, high in subscriber_blocks(LINES_PER_CHUNK)
            )
    return run


def _work(run: ScoringRun) -> None:
    version = run.version
    model = load_model(version)
    _ensure_reference(run, model, version)
    _do_all(run, {"ranked_at": None}, lambda chunk: _rank(run, chunk, model))
    edges = _edges(run)
    economics = Economics.current()
    _do_all(run, {"scored_at": None}, lambda chunk: _score(run, chunk, model, version, edges, economics))
    clear_outdated_risk(as_of=run.as_of)
    ScoringRun.objects.filter(pk=run.pk, finished_at=None).update(finished_at=clock.now())


def _do_all(run: ScoringRun, left: dict, do: Callable[[ScoringChunk], None]) -> None:
    """Claim and do chunks until none is left, waiting for those that others are at."""
    while True:
        with transaction.atomic():
            chunk = run.chunks.filter(**left).order_by("low").select_for_update(skip_locked=True, of=("self",)).first()
            if chunk is not None:
                do(chunk)
        if chunk is None:
            if not run.chunks.filter(**left).exists():
                return
            time.sleep(WAIT_SECONDS)


def _rank(run: ScoringRun, chunk: ScoringChunk, model: ChurnModel) -> None:
    frame = dataset.to_score_between(as_of=run.as_of, low=chunk.low, high=chunk.high)
    chunk.rows, chunk.ranked_at = len(frame), clock.now()
    if len(frame):
        chunk.histogram = score_rows.log_odds_histogram(model.log_odds(frame))
    chunk.save(update_fields=["rows", "ranked_at", "histogram"])


def _edges(run: ScoringRun) -> list[float]:
    histograms = [one for one in run.chunks.values_list("histogram", flat=True) if one]
    return score_rows.decile_edges(histograms) if histograms else [0.0] * 9


def _score(
    run: ScoringRun, chunk: ScoringChunk, model: ChurnModel, version: ModelVersion, edges: list[float],
    economics: Economics,
) -> None:  # fmt: skip
    frame = dataset.to_score_between(as_of=run.as_of, low=chunk.low, high=chunk.high)
    if len(frame):
        found = model.explain(frame)
        rows = build_score_rows(frame, found, model, edges=edges, lowest=version.tiers, economics=economics)
        chunk.written = record_scores(as_of=run.as_of, frame_or_rows=rows, model_version=version.version)
        chunk.sketch = sketch.count(frame, found.probability, version.reference)
    chunk.scored_at = clock.now()
    chunk.save(update_fields=["written", "sketch", "scored_at"])


def _ensure_reference(run: ScoringRun, model: ChurnModel, version: ModelVersion) -> None:
    """What later nights are held against: the first night that the version scores."""
    if version.reference:
        return
    chunks = list(run.chunks.order_by("low"))
    frames: list[pd.DataFrame] = []
    for chunk in chunks[:: max(1, len(chunks) * LINES_PER_CHUNK // REFERENCE_ROWS)]:
        frames.append(dataset.to_score_between(as_of=run.as_of, low=chunk.low, high=chunk.high))
    frame = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()
    if len(frame):
        said = model.probability(frame)
        version.reference = sketch.reference_of(frame, np.asarray(said), as_of=run.as_of)
        version.save(update_fields=["reference"])
