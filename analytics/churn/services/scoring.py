"""One scoring of the base, as chunked work (retention.core.jobs.chunks) that any worker may join.

Two rounds over the chunks: ranks in the base are known only when all lines are scored.
"""

from collections.abc import Callable
from datetime import date
from functools import partial

import numpy as np
import pandas as pd

from analytics.churn.learners import sketch
from analytics.churn.learners.model import ChurnModel
from analytics.churn.models import ModelVersion
from analytics.churn.queries import dataset
from analytics.churn.queries.versions import load_model, newest_scoring
from analytics.churn.services import score_rows
from analytics.churn.services.score_rows import build_score_rows
from analytics.declarations import SCORING
from analytics.valuation.rules.economics import Economics
from customers.profile.services.build import subscriber_blocks
from customers.risk.services import clear_outdated_risk, record_scores
from retention.core.jobs.chunks import ChunkedWork, Done, run_in_chunks
from retention.core.jobs.models import Chunk, ChunkedRun

LINES_PER_CHUNK = 50_000
REFERENCE_ROWS = 100_000
RANK_ROUND, SCORE_ROUND = 0, 1


def score_base(*, as_of: date, version: ModelVersion) -> tuple[int, int]:
    """Score every line in service as of a date. Returns (lines scored, scores that are new or changed).

    A run of the date and version that was broken off goes on where it stopped.
    """
    run = run_in_chunks(kind=SCORING, as_of=as_of, key=version.version, ranges=subscriber_blocks(LINES_PER_CHUNK))
    return run.rows, sum(result["written"] for result in _results(run, SCORE_ROUND))


def sketch_of(*, as_of: date) -> sketch.Json | None:
    """Distributions of features and scores in the newest finished scoring of the date; None without one."""
    run = newest_scoring(as_of=as_of)
    if run is None:
        return None
    found: sketch.Json = {}
    for one in _results(run, SCORE_ROUND):
        found = sketch.add(found, one["sketch"])
    return found or None


def _results(run: ChunkedRun, place: int) -> list[dict]:
    return list(run.chunks.filter(round=place).order_by("low").values_list("result", flat=True))


def _version(run: ChunkedRun) -> ModelVersion:
    return ModelVersion.objects.defer("artefact").get(version=run.key)


def _begin_rank(run: ChunkedRun) -> Callable[[Chunk], Done]:
    return partial(_rank, run.as_of, load_model(_version(run)))


def _rank(as_of: date, model: ChurnModel, chunk: Chunk) -> Done:
    """Distribution of the chunk's log-odds: {"histogram"}, see score_rows.log_odds_histogram."""
    frame = dataset.to_score_between(as_of=as_of, low=chunk.low, high=chunk.high)
    histogram = score_rows.log_odds_histogram(model.log_odds(frame)) if len(frame) else []
    return Done(rows=len(frame), result={"histogram": histogram})


def _begin_score(run: ChunkedRun) -> Callable[[Chunk], Done]:
    version = _version(run)
    histograms = [one["histogram"] for one in _results(run, RANK_ROUND) if one["histogram"]]
    edges = score_rows.decile_edges(histograms) if histograms else [0.0] * 9
    return partial(_score, run.as_of, version, load_model(version), edges, Economics.current())


def _score(
    as_of: date, version: ModelVersion, model: ChurnModel, edges: list[float], economics: Economics, chunk: Chunk
) -> Done:
    """Scores with reasons, kept and shown on the profiles: {"written", "sketch"}, see learners.sketch."""
    frame = dataset.to_score_between(as_of=as_of, low=chunk.low, high=chunk.high)
    written, counted = 0, {}
    if len(frame):
        found = model.explain(frame)
        rows = build_score_rows(frame, found, model, edges=edges, lowest=version.tiers, economics=economics)
        written = record_scores(as_of=as_of, frame_or_rows=rows, model_version=version.version)
        counted = sketch.count(frame, found.probability, version.reference)
    clear_outdated_risk(as_of=as_of, low=chunk.low, high=chunk.high)
    return Done(rows=len(frame), result={"written": written, "sketch": counted})


def _ensure_reference(run: ChunkedRun) -> dict:
    """The reference for later nights: the first night that the version scores."""
    version = _version(run)
    if version.reference:
        return {}
    chunks = list(run.chunks.filter(round=RANK_ROUND))
    frames: list[pd.DataFrame] = []
    for chunk in chunks[:: max(1, len(chunks) * LINES_PER_CHUNK // REFERENCE_ROWS)]:
        frames.append(dataset.to_score_between(as_of=run.as_of, low=chunk.low, high=chunk.high))
    frame = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()
    if len(frame):
        said = load_model(version).probability(frame)
        version.reference = sketch.reference_of(frame, np.asarray(said), as_of=run.as_of)
        version.save(update_fields=["reference"])
    return {}


SCORING_WORK = ChunkedWork(rounds=[_begin_rank, _begin_score], prepare=_ensure_reference)
