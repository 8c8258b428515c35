"""Scorings of the release before stay readable: the watch holds the night against their sketches."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from analytics.churn.queries.versions import newest_scoring
from analytics.churn.services import scoring

NIGHT, BEGUN, ENDED = date(2026, 11, 20), datetime(2026, 11, 21, 1, tzinfo=UTC), datetime(2026, 11, 21, 2, tzinfo=UTC)


def executor() -> MigrationExecutor:
    return MigrationExecutor(connection)


@pytest.mark.django_db(transaction=True)
def test_finished_scorings_are_carried_over_with_their_sketches():
    before = [("analytics", "0007_groups")]
    executor().migrate(before)
    try:
        apps = executor().loader.project_state(before).apps
        version = apps.get_model("analytics", "ModelVersion").objects.create(
            version="v1", created_at=BEGUN, artefact=b"", checksum="0"
        )
        runs = apps.get_model("analytics", "ScoringRun").objects
        done = runs.create(as_of=NIGHT, version=version, started_at=BEGUN, finished_at=ENDED)
        runs.create(as_of=NIGHT, version=version, started_at=ENDED)
        for low, sketch in ((1, {"rows": 7}), (11, {})):
            done.chunks.create(
                low=low, high=low + 9, ranked_at=BEGUN, scored_at=ENDED, rows=len(sketch) * 7, written=5,
                histogram=[1, 2], sketch=sketch,
            )  # fmt: skip
    finally:
        executor().migrate(executor().loader.graph.leaf_nodes())

    run = newest_scoring(as_of=NIGHT)
    assert (run.key, run.started_at, run.finished_at, run.rows) == ("v1", BEGUN, ENDED, 7)
    assert newest_scoring() == run
    assert scoring.sketch_of(as_of=NIGHT) == {"rows": 7}
    assert list(run.chunks.filter(round=0).values_list("low", "high", "result")) == [
        (1, 10, {"histogram": [1, 2]}),
        (11, 20, {"histogram": [1, 2]}),
    ]
