"""Scoring runs become chunked runs of the core; the finished ones go along, for the watch reads their sketches."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

RANK_ROUND, SCORE_ROUND = 0, 1


def carry_over(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Every finished run with its chunks, both rounds. Unfinished ones are planned anew by the next scoring."""
    old_runs = apps.get_model("analytics", "ScoringRun").objects.exclude(finished_at=None)
    new_runs, new_chunks = apps.get_model("core", "ChunkedRun"), apps.get_model("core", "Chunk")
    for old in old_runs.select_related("version").defer("version__artefact").order_by("pk"):
        run = new_runs.objects.create(
            kind="score", as_of=old.as_of, key=old.version.version, shared={},
            started_at=old.started_at, finished_at=old.finished_at,
        )  # fmt: skip
        for chunk in old.chunks.order_by("low").iterator(chunk_size=100):
            ranked, scored = {"histogram": chunk.histogram}, {"written": chunk.written, "sketch": chunk.sketch}
            for place, done_at, result in (
                (RANK_ROUND, chunk.ranked_at, ranked),
                (SCORE_ROUND, chunk.scored_at, scored),
            ):
                new_chunks.objects.create(
                    run=run, round=place, low=chunk.low, high=chunk.high,
                    done_at=done_at, rows=chunk.rows, result=result,
                )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("analytics", "0008_alerts"), ("core", "0007_chunks")]

    operations = [
        migrations.RunPython(carry_over, migrations.RunPython.noop, elidable=True),
        migrations.DeleteModel("ScoringChunk"),
        migrations.DeleteModel("ScoringRun"),
    ]
